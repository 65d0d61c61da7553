/** GitHub's REST dialect on the simulator's server: `/api/v3`, its errors, its headers, its webhooks. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenDialect, RegisterDialect } from '../dialect.js';
import type { Payload } from '../inner-request.js';
import {
  errorPayload,
  GithubApi,
  GITHUB_PREFIX,
  NOT_FOUND,
  NOT_IN_304,
  parseBody,
  RATE_HEADERS,
  tagOf,
} from './github-api.js';
import { subscribeWebhooks } from './github-webhooks.js';

export const openGithub: OpenDialect = (context) => {
  const api = new GithubApi(context);
  subscribeWebhooks(api.view, context.deliveries);
  return {
    answer: (request) => api.answer(request),
    register: async (server) => {
      await server.register((scope) => addRoutes(scope, api), { prefix: GITHUB_PREFIX });
    },
  };
};

export const registerGithub: RegisterDialect = (server, context) => openGithub(context).register(server);

async function addRoutes(scope: FastifyInstance, api: GithubApi): Promise<void> {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => parseInto(String(text), done));
  scope.setErrorHandler((error, _request, reply) => send(reply, errorPayload(error)));
  scope.setNotFoundHandler((_request, reply) => reply.code(404).send(NOT_FOUND));
  scope.addHook('onSend', async (request, reply, payload) => sendHeaders(request, reply, payload));
  for (const route of api.routes) {
    scope.route({
      method: route.method,
      url: route.path,
      handler: async (request, reply) => {
        const { url, headers, body } = request;
        const parameters = request.params as Readonly<Record<string, string>>;
        return send(reply, await api.run(route, { url, headers, parameters, body }));
      },
    });
  }
}

function parseInto(text: string, done: (error: Error | null, body?: unknown) => void): void {
  try {
    done(null, parseBody(text));
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)));
  }
}

function send(reply: FastifyReply, { status, headers, content }: Payload): FastifyReply {
  void reply.code(status).headers(headers);
  return content === null ? reply.send() : reply.send(content);
}

/** Rate limit headers on everything; ETag and 304 on what was read. */
async function sendHeaders(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  void reply.headers({
    'x-github-request-id': request.id,
    ...RATE_HEADERS,
    // A fault may say that nothing is left.
    ...reply.getHeaders(),
  });
  if (
    request.method !== 'GET' ||
    reply.statusCode !== 200 ||
    !(typeof payload === 'string' || Buffer.isBuffer(payload))
  )
    return payload;
  const tag = tagOf(request.headers, payload);
  void reply.header('etag', tag);
  if (request.headers['if-none-match'] !== tag) return payload;
  void reply.code(304);
  for (const name of NOT_IN_304) void reply.removeHeader(name);
  return null;
}
