/** The build system's side: asks the bot for an image, and asks again if the bot has forgotten. */
import type { ReleaseScript } from './release-script.js';

export interface BotSettings {
  /** Without a slash at the end. */
  readonly botUrl: string;
  readonly apiToken: string;
  /** Sent with the bump, so that asking twice is asking once. */
  readonly idempotencyKey: string;
}

type BumpAnswer =
  | { readonly kind: 'accepted'; readonly url: string }
  | { readonly kind: 'not-yet'; readonly because: string }
  | { readonly kind: 'impossible'; readonly reason: string };

export class BotApi {
  constructor(
    private readonly settings: BotSettings,
    private readonly script: Pick<ReleaseScript, 'repository' | 'image' | 'to' | 'digest'>,
  ) {}

  async requestBump(): Promise<BumpAnswer> {
    const { repository, image, to: tag, digest } = this.script;
    const answer = await this.#send('POST', '', { repository, image, tag, ...(digest === null ? {} : { digest }) });
    if (answer === null) return { kind: 'not-yet', because: 'the bot can’t be reached' };
    if (answer.status === 202) return { kind: 'accepted', url: `${this.#address}/${this.settings.idempotencyKey}` };
    const words = `The bot answered ${answer.status} to the bump: ${answer.text}`;
    return answer.status >= 500 ? { kind: 'not-yet', because: words } : { kind: 'impossible', reason: words };
  }

  /** A bot whose store was deleted knows nothing of a bump that it had not carried out. */
  async repeatForgottenBump(): Promise<void> {
    const known = await this.#send('GET', `/${this.settings.idempotencyKey}`);
    if (known?.status === 404) await this.requestBump();
  }

  get #address(): string {
    return `${this.settings.botUrl}/api/v1/bumps`;
  }

  /** Null where the bot is not there to answer. */
  async #send(method: 'GET' | 'POST', path: string, body?: object): Promise<{ status: number; text: string } | null> {
    const { apiToken, idempotencyKey } = this.settings;
    const headers = { authorization: `Bearer ${apiToken}`, 'idempotency-key': idempotencyKey };
    const sent =
      body === undefined
        ? { method, headers }
        : { method, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
    try {
      const answer = await fetch(`${this.#address}${path}`, sent);
      return { status: answer.status, text: await answer.text() };
    } catch (cause) {
      // fetch rejects with a TypeError when there is no answer at all.
      if (cause instanceof TypeError) return null;
      throw cause;
    }
  }
}
