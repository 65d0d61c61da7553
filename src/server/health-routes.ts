/** For supervisors and the curious: alive, ready, and what this is. */
import type { FastifyInstance } from 'fastify';
import { wordsOf } from './answers.js';
import type { ReadinessPart, ServerOptions } from './server-options.js';

const REQUESTS =
  'POST /api/github/webhooks   webhooks of GitHub\n' +
  'POST /api/gitlab/webhooks   webhooks of GitLab\n' +
  'POST /api/v1/bumps          image bumps\n' +
  'GET  /api/v1/bumps/ID       what became of one\n' +
  'GET  /api/v1/queues         what waits to be merged, and for what\n' +
  'GET  /api/v1/deliveries     what came in\n' +
  'GET  /api/v1/jobs/buried    what was given up\n' +
  'GET  /plans/…               a whole plan, for who has the link to it\n';

export function addHealthRoutes(server: FastifyInstance, options: ServerOptions): void {
  server.get('/healthz', async (_request, reply) => reply.send({ state: 'alive', version: options.version }));

  server.get('/readyz', async (_request, reply) => {
    const parts = await gatherReadiness(options);
    const isReady = parts.every((part) => part.state === 'ready');
    return reply.code(isReady ? 200 : 503).send({ state: isReady ? 'ready' : 'not-ready', parts });
  });

  server.get('/', async (_request, reply) =>
    reply
      .type('text/plain; charset=utf-8')
      .send(
        `Lockkeeper ${options.version}: moves releases DEV → TEST → PROD through pull requests.\n\n` +
          (options.serves === 'health' ? 'This process works; requests are taken by another.\n' : REQUESTS) +
          (options.metrics === undefined ? '' : 'GET  /metrics               figures for Prometheus\n') +
          'GET  /healthz               is the process alive?\n' +
          'GET  /readyz                can it do its work?\n',
      ),
  );
}

async function gatherReadiness(options: ServerOptions): Promise<readonly ReadinessPart[]> {
  try {
    return await options.readiness();
  } catch (error) {
    options.log.error({ error: wordsOf(error) }, 'Readiness could not be found out.');
    return [{ name: 'readiness', state: 'failing', detail: 'It could not be found out; the log says why.' }];
  }
}
