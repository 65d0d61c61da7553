/** What came in and what was given up, for programs: the same as `lockkeeper deliveries` and `lockkeeper jobs list` say. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Delivery, InboxEntry } from '../ports/store.js';
import type { DeadJob } from '../ports/work-queue.js';
import { refuse, wordsOf } from './answers.js';
import { authorize } from './authorize.js';
import type { ServerOptions } from './server-options.js';

const DELIVERIES = '/api/v1/deliveries';
const MOST = 1_000;
const MOST_UNASKED = 50;
const STATES: readonly string[] = ['waiting', 'settled'] satisfies readonly InboxEntry['state'][];
const SOURCES: readonly string[] = ['github', 'gitlab', 'api'] satisfies readonly Delivery['source'][];

export function addInspectionRoutes(server: FastifyInstance, options: ServerOptions): void {
  const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> =>
    authorize(request, reply, options);

  server.get<{ Querystring: Readonly<Record<string, unknown>> }>(DELIVERIES, { onRequest }, async (request, reply) => {
    const { most = String(MOST_UNASKED), state } = request.query;
    const count = typeof most === 'string' && /^\d{1,4}$/.test(most) ? Number(most) : 0;
    if (count < 1 || count > MOST) return refuse(reply, 400, `"most" is not a whole number from 1 to ${MOST}.`);
    if (state !== undefined && !isState(state))
      return refuse(reply, 400, `"state" is not one of ${STATES.join(', ')}.`);
    return answer(reply, options, async () => {
      const found = await options.inbox.latest({ most: count, ...(state === undefined ? {} : { state }) });
      return { deliveries: found.map(deliveryJson) };
    });
  });

  server.get<{ Params: { source: string; id: string } }>(
    `${DELIVERIES}/:source/:id`,
    { onRequest },
    async (request, reply) => {
      const { source, id } = request.params;
      if (!isSource(source)) return refuse(reply, 404, `Deliveries come from one of ${SOURCES.join(', ')}.`);
      return answer(reply, options, async () => {
        const entry = await options.inbox.find(source, id);
        return entry === null ? null : deliveryJson(entry);
      });
    },
  );

  const { buriedJobs } = options;
  if (buriedJobs === undefined) return;
  server.get('/api/v1/jobs/buried', { onRequest }, async (_request, reply) =>
    answer(reply, options, async () => ({ jobs: (await buriedJobs()).map(jobJson) })),
  );
}

/** Null: there is none. */
async function answer(
  reply: FastifyReply,
  { log }: Pick<ServerOptions, 'log'>,
  read: () => Promise<object | null>,
): Promise<FastifyReply> {
  try {
    const found = await read();
    return found === null
      ? await refuse(reply, 404, 'No delivery with this id is known. Settled ones are forgotten in time.')
      : await reply.send(found);
  } catch (error) {
    log.warn({ error: wordsOf(error) }, 'The store could not be read.');
    return refuse(reply.header('retry-after', '30'), 503, 'The store could not be read just now. Ask again later.');
  }
}

function isState(text: unknown): text is InboxEntry['state'] {
  return typeof text === 'string' && STATES.includes(text);
}

function isSource(text: string): text is Delivery['source'] {
  return SOURCES.includes(text);
}

function deliveryJson({ id, source, name, receivedAt, state, outcome, event }: InboxEntry): object {
  return { id, source, name, receivedAt: new Date(receivedAt).toISOString(), state, outcome, event };
}

function jobJson({ id, lane, key, subject, reason, at }: DeadJob): object {
  return { id, lane, key, subject, reason, at: new Date(at).toISOString() };
}
