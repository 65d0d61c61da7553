/** GitHub's REST dialect on the simulator's server: `/api/v3`, its errors, its headers, its webhooks. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DialectContext, RegisterDialect } from '../dialect.js';
import { ApiError } from './api-error.js';
import { authenticate } from './authenticate.js';
import type { GithubRoute } from './github-call.js';
import { GithubCall } from './github-call.js';
import { GithubUrls } from './github-urls.js';
import type { GithubView } from './github-view.js';
import { subscribeWebhooks } from './github-webhooks.js';
import { appDeliveryRoutes, appRoutes } from './routes-apps.js';
import { checkRoutes } from './routes-checks.js';
import { commitRoutes } from './routes-commits.js';
import { gitDataRoutes } from './routes-git-data.js';
import { issueRoutes } from './routes-issues.js';
import { pullRoutes } from './routes-pulls.js';
import { rulesetRoutes } from './routes-rulesets.js';
import { organisationRoutes, repositoryRoutes } from './routes-repositories.js';

export const registerGithub: RegisterDialect = async (server, context) => {
  const view: GithubView = { forge: context.forge, urls: new GithubUrls(context.url) };
  subscribeWebhooks(view, context.deliveries);
  const routes: readonly GithubRoute[] = [
    ...appRoutes,
    ...appDeliveryRoutes(context.deliveries),
    ...repositoryRoutes,
    ...rulesetRoutes,
    ...organisationRoutes,
    ...gitDataRoutes,
    ...commitRoutes,
    ...checkRoutes,
    ...pullRoutes,
    ...issueRoutes,
  ];
  await server.register((scope) => addRoutes(scope, { view, routes, context }), { prefix: '/api/v3' });
};

async function addRoutes(
  scope: FastifyInstance,
  parts: { readonly view: GithubView; readonly routes: readonly GithubRoute[]; readonly context: DialectContext },
): Promise<void> {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => parseJson(String(text), done));
  scope.setErrorHandler((error, _request, reply) => sendError(error, reply));
  scope.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' }),
  );
  scope.addHook('onSend', async (request, reply, payload) => sendHeaders(request, reply, payload));
  for (const route of parts.routes) {
    scope.route({
      method: route.method,
      url: route.path,
      handler: (request, reply) => answer(route, parts, request, reply),
    });
  }
}

async function answer(
  route: GithubRoute,
  parts: { readonly view: GithubView; readonly context: DialectContext },
  ...[request, reply]: [FastifyRequest, FastifyReply]
): Promise<unknown> {
  const caller = authenticate(parts.view.forge, request.headers.authorization);
  const call = new GithubCall(parts.view, {
    caller,
    parameters: request.params as Readonly<Record<string, string>>,
    url: new URL(request.url, parts.context.url()),
    body: request.body,
    accept: request.headers.accept ?? '',
  });
  const { status, body, headers } = await route.handle(call);
  void reply.code(status).headers(headers ?? {});
  if (body === undefined) return reply.send();
  if (typeof body === 'string' || Buffer.isBuffer(body))
    return reply.type('application/vnd.github.raw+json; charset=utf-8').send(body);
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
}

function parseJson(text: string, done: (error: Error | null, body?: unknown) => void): void {
  if (text === '') return done(null, undefined);
  try {
    done(null, JSON.parse(text));
  } catch {
    done(
      new ApiError(400, {
        message: 'Problems parsing JSON',
        documentation_url: 'https://docs.github.com/rest',
        status: '400',
      }),
    );
  }
}

function sendError(error: unknown, reply: FastifyReply): FastifyReply {
  if (error instanceof ApiError)
    return reply.code(error.status).type('application/json; charset=utf-8').send(JSON.stringify(error.body));
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return reply
    .code(500)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ message: 'Server Error', simulator: message }));
}

/**
 * Rate limit headers on everything; ETag and 304 on what was read. As GitHub's, ETags are weak, are made of the body and of who asks with
 * which token, and not of the `Link` header, which a 304 does not bear.
 */
async function sendHeaders(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  void reply.headers({
    'x-github-request-id': request.id,
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '4999',
    'x-ratelimit-used': '1',
    'x-ratelimit-reset': '4102444800',
    'x-ratelimit-resource': 'core',
    // A fault may say that nothing is left.
    ...reply.getHeaders(),
  });
  if (
    request.method !== 'GET' ||
    reply.statusCode !== 200 ||
    !(typeof payload === 'string' || Buffer.isBuffer(payload))
  )
    return payload;
  const { accept = '', authorization = '' } = request.headers;
  const tag = `W/"${createHash('sha256').update(`${accept}:${authorization}:`).update(payload).digest('hex')}"`;
  void reply.header('etag', tag);
  if (request.headers['if-none-match'] !== tag) return payload;
  void reply.code(304).removeHeader('content-length').removeHeader('content-type').removeHeader('link');
  return null;
}
