/** Webhooks in: the signature is checked on the bytes as they came, the delivery recorded, and only then answered. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ForgeKind } from '../core/ids.js';
import { unreachable } from '../core/unreachable.js';
import type { WebhookReader, WebhookReading } from '../ports/webhooks.js';
import { acceptDelivery } from './accept-delivery.js';
import { refuse, refuseForNow, wordsOf } from './answers.js';
import { DEFAULT_BODY_LIMIT, type ServerOptions } from './server-options.js';

const FORGES: readonly { readonly source: ForgeKind; readonly name: string }[] = [
  { source: 'github', name: 'GitHub' },
  { source: 'gitlab', name: 'GitLab' },
];

export function addWebhookRoutes(server: FastifyInstance, options: ServerOptions): void {
  for (const forge of FORGES) {
    const path = `/api/${forge.source}/webhooks`;
    const reader = options.readers.find((one) => one.source === forge.source);
    if (!reader) {
      // Answered before the body is read.
      const sentence = `${forge.name} is not configured here, so its webhooks are not taken.`;
      server.post(path, { onRequest: async (_request, reply) => refuse(reply, 404, sentence) }, () => undefined);
      continue;
    }
    server.post(path, { bodyLimit: options.bodyLimit ?? DEFAULT_BODY_LIMIT }, async (request, reply) => {
      const reading = await reader.read(headersOf(request), bodyOf(request));
      return answer({ reading, reader, options, reply });
    });
  }
}

interface Intake {
  readonly reading: WebhookReading;
  readonly reader: WebhookReader;
  readonly options: ServerOptions;
  readonly reply: FastifyReply;
}

/** Ids and names are logged only of requests whose signature was good. */
function answer({ reading, reader, options, reply }: Intake): Promise<FastifyReply> | FastifyReply {
  const { log } = options;
  const { source } = reader;
  if (reading.kind !== 'delivery') options.metrics?.webhookTaken(source, reading.kind);
  switch (reading.kind) {
    case 'unsigned':
      log.warn({ source }, 'A webhook without a signature was refused.');
      return refuse(reply, 401, 'This webhook is not signed. Set the webhook secret at the forge.');
    case 'bad-signature':
      log.warn({ source }, 'A webhook with a wrong signature was refused.');
      return refuse(
        reply,
        401,
        "The signature does not match. The forge's webhook secret and the one configured here differ.",
      );
    case 'malformed':
      log.warn({ source, reason: reading.reason }, 'A signed webhook could not be read.');
      return refuse(reply, 400, reading.reason);
    case 'ignored':
      log.debug(
        { source, delivery: reading.id, event: reading.name },
        'A webhook that concerns nothing here was ignored.',
      );
      return reply.code(202).send({ outcome: 'ignored', id: reading.id });
    case 'delivery':
      return accept(reading.delivery, { options, reader, reply });
    default:
      return unreachable(reading);
  }
}

async function accept(
  read: Extract<WebhookReading, { kind: 'delivery' }>['delivery'],
  { options, reader, reply }: Omit<Intake, 'reading'>,
): Promise<FastifyReply> {
  const about = { source: read.source, delivery: read.id, event: read.name };
  const acceptance = await acceptDelivery(options, { ...read, receivedAt: options.clock.now() });
  options.metrics?.webhookTaken(reader.source, acceptance.kind);
  if (acceptance.kind === 'unavailable') {
    options.log.error(
      { ...about, error: wordsOf(acceptance.error) },
      'A webhook could not be stored and was not accepted.',
    );
    return refuseForNow(reply);
  }
  options.log.info(
    about,
    acceptance.kind === 'recorded' ? 'A webhook was accepted.' : 'A webhook came that was accepted before.',
  );
  return reply.code(202).send({ outcome: acceptance.kind, id: read.id });
}

/** Node gives lower-case names; of a header that is there several times the values are joined as HTTP joins them. */
function headersOf(request: FastifyRequest): Record<string, string | undefined> {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  return headers;
}

export function bodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}
