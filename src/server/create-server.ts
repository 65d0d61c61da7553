/** HTTP in: webhooks, the API and health, on one port. Reads no environment and knows no adapter. */
import { fastify, type FastifyError, type FastifyInstance } from 'fastify';
import { refuse, wordsOf } from './answers.js';
import { addBumpRoutes } from './bump-routes.js';
import { addHealthRoutes } from './health-routes.js';
import { addInspectionRoutes } from './inspection-routes.js';
import { addMetricsRoute } from './metrics-route.js';
import { addPlanPages } from './plan-pages.js';
import { addQueueRoutes } from './queue-routes.js';
import { DEFAULT_BODY_LIMIT, type ServerOptions } from './server-options.js';
import { addWebhookRoutes } from './webhook-routes.js';

/** A request must have arrived whole within this many ms: 25 MiB in a minute is 3.5 Mbit/s. */
const REQUEST_TIMEOUT = 60_000;

/** Above `checkId`'s 200 characters, each of which may be written as %XX. */
const LONGEST_PARAMETER = 600;

/** All that is sent is data or plain text: a browser has nothing to run, embed or keep. */
const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
};
const SECURITY_HEADER_LIST = Object.entries(SECURITY_HEADERS);

/**
 * A server that does not listen yet: `await server.listen({ host, port })`. `close()` takes no new requests, lets those under way be
 * answered, and then resolves.
 */
export function createServer(options: ServerOptions): FastifyInstance {
  const server = fastify({
    logger: false,
    bodyLimit: options.bodyLimit ?? DEFAULT_BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    // Addresses that can't be decoded: no hook runs for them.
    frameworkErrors: (_error, _request, reply) => {
      void refuse(reply.headers(SECURITY_HEADERS), 400, 'This address is malformed.');
    },
  });
  // Bytes, whatever they are said to be: a signature is over bytes, and nothing unsigned is parsed.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  let phase: 'open' | 'closing' = 'open';
  server.addHook('preClose', async () => {
    phase = 'closing';
  });
  server.addHook('onSend', (_request, reply, _payload, done) => {
    for (const [name, value] of SECURITY_HEADER_LIST) if (!reply.hasHeader(name)) reply.header(name, value);
    // A connection that was busy when closing began would be kept alive after its answer, and closing would wait for the sender.
    if (phase === 'closing') reply.header('connection', 'close');
    done();
  });
  server.setNotFoundHandler((_request, reply) =>
    refuse(reply, 404, 'There is nothing here. GET / says what there is.'),
  );
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status === 413) return refuse(reply, 413, `The body is larger than ${request.routeOptions.bodyLimit} bytes.`);
    if (status >= 400 && status < 500) return refuse(reply, status, wordsOf(error));
    options.log.error({ route: request.routeOptions.url, error: wordsOf(error) }, 'A request failed.');
    return refuse(reply, 500, 'This failed here; the log says why.');
  });
  addHealthRoutes(server, options);
  if (options.metrics !== undefined) addMetricsRoute(server, options, options.metrics);
  if (options.serves === 'health') return server;
  addWebhookRoutes(server, options);
  addBumpRoutes(server, options);
  addInspectionRoutes(server, options);
  if (options.queues !== undefined) addQueueRoutes(server, options, options.queues);
  if (options.planPage !== undefined) addPlanPages(server, options.planPage);
  return server;
}
