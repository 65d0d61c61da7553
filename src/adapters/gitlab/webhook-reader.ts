/** GitLab's webhooks as deliveries. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../ports/clock.js';
import type { WebhookReader } from '../../ports/webhooks.js';
import { webhookMeaning } from './webhook-event.js';
import { authenticity, type WebhookHeaders, type WebhookSecrets } from './webhook-signature.js';

interface WebhookReaderSettings extends WebhookSecrets {
  readonly clock: Clock;
  /** Null while it isn't known. Nothing is asked of GitLab here: a webhook has to be answered within seconds. */
  ownLogin(): string | null;
}

export function gitlabWebhookReader(settings: WebhookReaderSettings): WebhookReader {
  return {
    source: 'gitlab',
    async read(headers, body) {
      const authentic = authenticity({ headers, body, now: settings.clock.now() }, settings);
      if (authentic !== 'authentic') return { kind: authentic };
      const payload = parseJson(body);
      if (payload === undefined) return { kind: 'malformed', reason: 'The payload should be JSON' };
      const meaning = webhookMeaning(payload, settings.ownLogin());
      const id = deliveryId(headers, body);
      switch (meaning.kind) {
        case 'malformed':
          return meaning;
        case 'ignored':
          return { kind: 'ignored', id, name: meaning.name };
        case 'event':
          return { kind: 'delivery', delivery: { id, source: 'gitlab', name: meaning.name, event: meaning.event } };
      }
    },
  };
}

/** Undefined: not JSON, which has no such value. */
function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * The same for every attempt to deliver one event, and different for any two events.
 *
 * `webhook-id` is signed and equals `Idempotency-Key`, which GitLab sends since 17.4 with or without signing. Before, only
 * `X-Gitlab-Event-UUID` stayed the same over attempts, but events that webhooks caused share it too: told apart by their content.
 */
function deliveryId(headers: WebhookHeaders, body: Buffer): string {
  const given = headers['webhook-id'] ?? headers['idempotency-key'];
  if (given !== undefined && given !== '') return given;
  const event = headers['x-gitlab-event-uuid'] ?? '';
  return createHash('sha256').update(`${event}\n`).update(body).digest('hex');
}
