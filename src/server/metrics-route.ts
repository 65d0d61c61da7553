/** `GET /metrics`, for Prometheus: behind the API's token, since figures tell what goes on in repositories that are not public. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuse, wordsOf } from './answers.js';
import { authorize } from './authorize.js';
import type { ServedMetrics, ServerOptions } from './server-options.js';

export function addMetricsRoute(server: FastifyInstance, options: ServerOptions, metrics: ServedMetrics): void {
  const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> =>
    authorize(request, reply, options);

  server.get('/metrics', { onRequest }, async (_request, reply) => {
    try {
      const { contentType, text } = await metrics.page();
      return await reply.type(contentType).send(text);
    } catch (error) {
      options.log.warn({ error: wordsOf(error) }, 'The metrics could not be read.');
      return refuse(reply.header('retry-after', '30'), 503, 'The metrics could not be read just now. Ask again later.');
    }
  });
}
