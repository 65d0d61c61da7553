/** GitHub's webhooks: signature over the raw body first, then the little that is kept of the payload. */
import { isUtf8 } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Event } from '../../core/event.js';
import type { Person } from '../../core/forge-objects.js';
import type { Log } from '../../ports/log.js';
import type { WebhookReader, WebhookReading } from '../../ports/webhooks.js';
import { eventFrom, eventName, Malformed } from './webhook-payload.js';

interface WebhookReaderSettings {
  readonly secret: string;
  /** The bot's own account. May fail while the forge is away: then a nudge about a comment of ours is one too many, no more. */
  readonly self: () => Promise<Person>;
  readonly log: Log;
}

export class GithubWebhookReader implements WebhookReader {
  readonly source = 'github';

  constructor(private readonly settings: WebhookReaderSettings) {}

  async read(headers: Readonly<Record<string, string | undefined>>, body: Buffer): Promise<WebhookReading> {
    const signature = headers['x-hub-signature-256'];
    if (signature === undefined) return { kind: 'unsigned' };
    if (!this.isSigned(signature, body)) return { kind: 'bad-signature' };
    const id = headers['x-github-delivery'] ?? '';
    const event = headers['x-github-event'] ?? '';
    if (!/^[\w-]{1,100}$/.test(id)) return malformed('X-GitHub-Delivery is missing or no id');
    if (!/^[a-z_]{1,100}$/.test(event)) return malformed('X-GitHub-Event is missing or no event name');
    const payload = parsed(body);
    if (payload === undefined) return malformed('the body is not JSON; choose the content type application/json');
    const name = eventName(event, payload);
    try {
      const read: Event | null = eventFrom(event, payload, { login: await this.ownLogin() });
      return read === null
        ? { kind: 'ignored', id, name }
        : { kind: 'delivery', delivery: { id, source: 'github', name, event: read } };
    } catch (error) {
      if (error instanceof Malformed) return malformed(error.message);
      throw error;
    }
  }

  /** Over the bytes as they came, compared in constant time. An empty body was never signed by GitHub. */
  private isSigned(signature: string, body: Buffer): boolean {
    if (!/^sha256=[0-9a-f]{64}$/.test(signature) || body.length === 0 || !isUtf8(body)) return false;
    const expected = createHmac('sha256', this.settings.secret).update(body).digest();
    return timingSafeEqual(Buffer.from(signature.slice('sha256='.length), 'hex'), expected);
  }

  /** Only an App's account is surely nobody else's: with a token the person it belongs to may write commands, too. */
  private async ownLogin(): Promise<string | null> {
    try {
      const self = await this.settings.self();
      return self.kind === 'bot' ? self.login : null;
    } catch (error) {
      this.settings.log.debug(
        { reason: String(error) },
        'Could not ask who the bot is; its own comments are read as others are',
      );
      return null;
    }
  }
}

function malformed(reason: string): WebhookReading {
  return { kind: 'malformed', reason };
}

/** Undefined: not JSON. */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
