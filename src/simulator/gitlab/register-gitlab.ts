/** GitLab's REST API (v4) and webhooks on top of the simulated forge. */

import { createHash, randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RegisterDialect } from '../dialect.js';
import type { Forge } from '../forge/forge.js';
import type { User } from '../forge/state.js';
import { GitlabRefused } from './gitlab-answer.js';
import { GitlabInput } from './gitlab-input.js';
import type { GitlabAnswer, GitlabRoute } from './gitlab-request.js';
import { GitlabRequest } from './gitlab-request.js';
import { GitlabUrls } from './gitlab-urls.js';
import { commitRoutes } from './routes-commits.js';
import { mergeRequestContentRoutes } from './routes-merge-request-content.js';
import { mergeRequestRoutes } from './routes-merge-requests.js';
import { mergingRoutes } from './routes-merging.js';
import { noteRoutes } from './routes-notes.js';
import { peopleRoutes } from './routes-people.js';
import { pipelineRoutes } from './routes-pipelines.js';
import { projectRoutes } from './routes-projects.js';
import { repositoryRoutes } from './routes-repository.js';
import { subscribeSystemNotes } from './write-system-notes.js';
import { subscribeWebhooks } from './subscribe-webhooks.js';

const ROUTES: readonly GitlabRoute[] = [
  ...peopleRoutes,
  ...projectRoutes,
  ...repositoryRoutes,
  ...commitRoutes,
  ...pipelineRoutes,
  ...mergeRequestRoutes,
  ...mergeRequestContentRoutes,
  ...mergingRoutes,
  ...noteRoutes,
];

/** `PRIVATE-TOKEN`, `Authorization: Bearer`, or `private_token` in the query. */
function tokenOf(request: FastifyRequest, url: URL): string | undefined {
  const header = request.headers['private-token'];
  if (typeof header === 'string') return header;
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return bearer ?? url.searchParams.get('private_token') ?? undefined;
}

function actorOf(forge: Forge, token: string | undefined): User | undefined {
  const found = token === undefined ? undefined : forge.people.token(token);
  return found === undefined ? undefined : forge.state.users.get(found.login);
}

function valuesOf(search: URLSearchParams): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name of new Set(search.keys())) {
    values[name] = name.endsWith('[]') ? search.getAll(name) : search.getAll(name).at(-1);
  }
  return values;
}

function inputOf(request: FastifyRequest, url: URL): GitlabInput {
  const { body } = request;
  const fromBody = typeof body === 'object' && body !== null ? { ...body } : {};
  return new GitlabInput({ ...valuesOf(url.searchParams), ...fromBody });
}

/** GitLab tells the state of its rate limit with every answer. */
function commonHeaders(forge: Forge): Readonly<Record<string, string>> {
  const reset = Math.floor(forge.now().getTime() / 1000) + 60;
  return {
    'x-request-id': randomUUID(),
    'ratelimit-limit': '2000',
    'ratelimit-observed': '1',
    'ratelimit-remaining': '1999',
    'ratelimit-reset': String(reset),
  };
}

/** As the Rack in front of GitLab does it: a weak ETag of the body, and 304 without one for whoever has it already. */
function withTag(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  if (request.method !== 'GET' || reply.statusCode !== 200) return payload;
  if (!(typeof payload === 'string' || Buffer.isBuffer(payload))) return payload;
  const tag = `W/"${createHash('md5').update(payload).digest('hex')}"`;
  void reply.header('etag', tag);
  if (request.headers['if-none-match'] !== tag) return payload;
  void reply.code(304).removeHeader('content-length').removeHeader('content-type');
  return null;
}

function send(reply: FastifyReply, answer: GitlabAnswer): FastifyReply {
  void reply.code(answer.status).headers(answer.headers ?? {});
  if (answer.body === undefined) return reply.send();
  if (Buffer.isBuffer(answer.body)) return reply.send(answer.body);
  return reply.type('application/json').send(JSON.stringify(answer.body));
}

function addRoute(server: FastifyInstance, route: GitlabRoute, forge: Forge, urls: GitlabUrls): void {
  server.route({
    method: route.method,
    url: route.path,
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const url = new URL(request.url, urls.root);
      const call = {
        actor: actorOf(forge, tokenOf(request, url)),
        parameters: request.params as Readonly<Record<string, string>>,
        input: inputOf(request, url),
        url,
      };
      return send(reply, await route.handle(new GitlabRequest(forge, urls, call)));
    },
  });
}

function addApi(server: FastifyInstance, forge: Forge, urls: GitlabUrls): void {
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) => {
    done(null, valuesOf(new URLSearchParams(String(body))));
  });
  server.addHook('onSend', async (request, reply, payload) => {
    void reply.headers(commonHeaders(forge));
    return withTag(request, reply, payload);
  });
  server.setErrorHandler(async (error, request, reply) => {
    if (error instanceof GitlabRefused) {
      return send(reply, { status: error.refusal.status, body: error.refusal.body });
    }
    const status = statusOf(error);
    if (status < 500) return send(reply, { status, body: { error: messageOf(error) } });
    request.log.error(error);
    return send(reply, { status: 500, body: { message: '500 Internal Server Error' } });
  });
  server.setNotFoundHandler(async (_, reply) => send(reply, { status: 404, body: { error: '404 Not Found' } }));
  for (const route of ROUTES) addRoute(server, route, forge, urls);
}

/** Fastify's own refusals (a body that is not JSON) carry their status. */
function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : 500;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Bad Request';
}

export const registerGitlab: RegisterDialect = async (server, { forge, deliveries, url }) => {
  const urls = new GitlabUrls(url);
  subscribeSystemNotes(forge);
  subscribeWebhooks({ forge, deliveries, urls });
  await server.register(async (scope) => addApi(scope, forge, urls), { prefix: '/api/v4' });
};
