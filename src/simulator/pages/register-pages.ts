/** The forge's HTML pages: small, without scripts, for people on this machine. */

import type { FastifyReply } from 'fastify';
import type { RegisterDialect } from '../dialect.js';
import { requestProblem } from './guard-requests.js';
import type { PageAnswer } from './page-request.js';
import { PageRequest } from './page-request.js';
import { pageRoutes } from './page-routes.js';

/** Nothing is loaded from elsewhere, nothing runs, and no other site may frame a page or receive a form. */
const SAFETY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
};

function send(reply: FastifyReply, answer: PageAnswer): FastifyReply {
  const headers = { 'content-type': 'text/html; charset=utf-8', ...SAFETY_HEADERS, ...answer.headers };
  return reply.code(answer.status).headers(headers).send(answer.body);
}

export const registerPages: RegisterDialect = async (server, context) => {
  await server.register(async (scope) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))));
    });
    scope.addHook('onRequest', async (request, reply) => {
      const problem = requestProblem(request);
      if (problem !== undefined) await reply.code(403).type('text/plain; charset=utf-8').send(problem);
    });
    for (const route of pageRoutes(context.forge.dialect)) {
      scope.route({
        method: route.method,
        url: route.path,
        handler: async (request, reply) => send(reply, await route.handle(new PageRequest(context, request))),
      });
    }
  });
};
