/** GitLab's REST API (v4) and webhooks on top of the simulated forge. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenDialect, RegisterDialect } from '../dialect.js';
import { GitlabRefused } from './gitlab-answer.js';
import {
  commonHeaders,
  GitlabApi,
  GITLAB_PREFIX,
  GITLAB_ROUTES,
  NOT_FOUND,
  payloadOf,
  refusalOf,
  tagOf,
  valuesOf,
} from './gitlab-api.js';
import type { GitlabAnswer, GitlabRoute } from './gitlab-request.js';
import { GitlabUrls } from './gitlab-urls.js';
import { subscribeSystemNotes } from './write-system-notes.js';
import { subscribeWebhooks } from './subscribe-webhooks.js';

export const openGitlab: OpenDialect = ({ forge, deliveries, url }) => {
  const urls = new GitlabUrls(url);
  const api = new GitlabApi(forge, urls);
  subscribeSystemNotes(forge);
  subscribeWebhooks({ forge, deliveries, urls });
  return {
    answer: (request) => api.answer(request),
    register: async (server) => {
      await server.register(async (scope) => addApi(scope, api), { prefix: GITLAB_PREFIX });
    },
  };
};

export const registerGitlab: RegisterDialect = (server, context) => openGitlab(context).register(server);

/** 304 without a body for whoever has it already. */
function withTag(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  if (request.method !== 'GET' || reply.statusCode !== 200) return payload;
  if (!(typeof payload === 'string' || Buffer.isBuffer(payload))) return payload;
  const tag = tagOf(payload);
  void reply.header('etag', tag);
  if (request.headers['if-none-match'] !== tag) return payload;
  void reply.code(304).removeHeader('content-length').removeHeader('content-type');
  return null;
}

function send(reply: FastifyReply, answer: GitlabAnswer): FastifyReply {
  const { status, headers, content } = payloadOf(answer);
  void reply.code(status).headers(headers);
  return content === null ? reply.send() : reply.send(content);
}

function addRoute(server: FastifyInstance, route: GitlabRoute, api: GitlabApi): void {
  server.route({
    method: route.method,
    url: route.path,
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const { url, headers, body } = request;
      const parameters = request.params as Readonly<Record<string, string>>;
      return send(reply, await api.run(route, { url, headers, parameters, body }));
    },
  });
}

function addApi(server: FastifyInstance, api: GitlabApi): void {
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) => {
    done(null, valuesOf(new URLSearchParams(String(body))));
  });
  server.addHook('onSend', async (request, reply, payload) => {
    void reply.headers(commonHeaders(api.forge));
    return withTag(request, reply, payload);
  });
  server.setErrorHandler(async (error, request, reply) => {
    if (error instanceof GitlabRefused) return send(reply, refusalOf(error));
    const status = statusOf(error);
    if (status < 500) return send(reply, { status, body: { error: messageOf(error) } });
    request.log.error(error);
    return send(reply, { status: 500, body: { message: '500 Internal Server Error' } });
  });
  server.setNotFoundHandler(async (_, reply) => send(reply, NOT_FOUND));
  for (const route of GITLAB_ROUTES) addRoute(server, route, api);
}

/** Fastify's own refusals (a body that is not JSON) carry their status. */
function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : 500;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Bad Request';
}
