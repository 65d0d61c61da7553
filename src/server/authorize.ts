/** The door of `/api/v1`: one bearer token opens it. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from './answers.js';
import { checkBearerToken } from './bearer-token.js';
import type { ServerOptions } from './server-options.js';

/** Answers, and returns the reply, unless the token is right. */
export function authorize(
  request: FastifyRequest,
  reply: FastifyReply,
  options: Pick<ServerOptions, 'apiToken' | 'log'>,
): FastifyReply | undefined {
  if (options.apiToken === null) {
    return refuse(reply, 403, 'The API is closed: no token is configured. Set LOCKKEEPER_API_TOKEN to open it.');
  }
  const check = checkBearerToken(request.headers.authorization, options.apiToken);
  if (check === 'right') return undefined;
  options.log.warn({ route: request.routeOptions.url }, `An API request with a ${check} token was refused.`);
  const sentence = check === 'missing' ? 'Send the header "Authorization: Bearer TOKEN".' : 'The token is wrong.';
  return refuse(reply.header('www-authenticate', 'Bearer realm="lockkeeper"'), 401, sentence);
}
