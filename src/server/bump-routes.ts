/** Image bumps in, and what became of them. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { InboxEntry } from '../ports/store.js';
import { acceptDelivery } from './accept-delivery.js';
import { refuse, refuseForNow, wordsOf } from './answers.js';
import { authorize } from './authorize.js';
import { parseBump, type ParsedBump } from './parse-bump.js';
import type { ServerOptions } from './server-options.js';
import { bodyOf } from './webhook-routes.js';

const PATH = '/api/v1/bumps';

/** Many times what the longest fields together take. */
const BODY_LIMIT = 65_536;

export function addBumpRoutes(server: FastifyInstance, options: ServerOptions): void {
  // Before the body is read: who has no token sends us nothing.
  const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> =>
    authorize(request, reply, options);

  server.post(PATH, { bodyLimit: BODY_LIMIT, onRequest }, (request, reply) => takeBump(request, reply, options));

  server.get<{ Params: { id: string } }>(`${PATH}/:id`, { onRequest }, async (request, reply) => {
    const entry = await options.inbox.find('api', request.params.id);
    if (!entry) return refuse(reply, 404, 'No image bump with this id is known. Settled ones are forgotten in time.');
    return reply.send({ id: entry.id, state: stateOf(entry), outcome: entry.outcome });
  });
}

async function takeBump(request: FastifyRequest, reply: FastifyReply, options: ServerOptions): Promise<FastifyReply> {
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    return refuse(reply, 415, 'Send JSON, with the header "Content-Type: application/json".');
  }
  const header = request.headers['idempotency-key'];
  const reading = parseBump(bodyOf(request), {
    forges: options.readers.map((reader) => reader.source),
    idempotencyKey: typeof header === 'string' ? header : null,
  });
  if (reading.kind === 'problems') {
    return reply.code(400).send({ error: 'The image bump was refused.', problems: reading.problems });
  }
  return accept(reading.bump, reply, options);
}

async function accept(bump: ParsedBump, reply: FastifyReply, options: ServerOptions): Promise<FastifyReply> {
  const { repository, request } = bump;
  const id = bump.id ?? randomUUID();
  const log = options.log.child({ source: 'api', delivery: id, event: 'bump' });
  const event = { kind: 'bump', repository, request } as const;
  const delivery = { id, source: 'api', name: 'bump', receivedAt: options.clock.now(), event } as const;
  const acceptance = await acceptDelivery(options, delivery);
  if (acceptance.kind === 'unavailable') {
    log.error({ error: wordsOf(acceptance.error) }, 'An image bump could not be stored and was not accepted.');
    return refuseForNow(reply);
  }
  if (acceptance.kind === 'duplicate' && !(await asksTheSame(bump, id, options))) {
    log.warn({}, 'An image bump was refused: its id was used for another one.');
    return refuse(reply, 409, 'This id was used for another image bump. Send a new id for each.');
  }
  log.info(
    {},
    acceptance.kind === 'recorded' ? 'An image bump was accepted.' : 'An image bump came that was accepted before.',
  );
  const url = `${PATH}/${encodeURIComponent(id)}`;
  return reply.code(202).header('location', url).send({ id, state: 'accepted', delivery: acceptance.kind, url });
}

async function asksTheSame(bump: ParsedBump, id: string, options: ServerOptions): Promise<boolean> {
  const event = (await options.inbox.find('api', id))?.event;
  // Forgotten meanwhile: nothing speaks against it.
  if (event === undefined) return true;
  if (event.kind !== 'bump') return false;
  const key = ({ repository, request }: Pick<ParsedBump, 'repository' | 'request'>): string =>
    JSON.stringify([repository.forge, repository.path, request.image, request.tag, request.digest, request.source]);
  return key(event) === key(bump);
}

function stateOf(entry: InboxEntry): 'accepted' | 'settled' {
  return entry.state === 'waiting' ? 'accepted' : 'settled';
}
