/** GitHub's own log of what it sent to the App's webhook: GitHub does not send again by itself what was not taken. */
import type { Instant } from '../../core/ids.js';
import type { SentWebhooks, UntakenWebhook } from '../../ports/forge.js';
import { ask, once, type Clients } from './client.js';
import { instantOf } from './from-github.js';

interface Attempt {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly delivered_at: string;
  readonly status_code: number;
}

/** A hundred attempts each: a log of this length is three days of some five thousand an hour at most. */
const MOST_PAGES = 20;

export class GithubSentWebhooks implements SentWebhooks {
  constructor(private readonly clients: Clients) {}

  /** Attempts come newest first; one that was taken speaks for all of its delivery. */
  async untaken(since: Instant): Promise<readonly UntakenWebhook[]> {
    const attempts = await ask('list what it sent to the App’s webhook', () => this.attemptsSince(since));
    const byDelivery = new Map<string, Attempt[]>();
    for (const attempt of attempts) byDelivery.set(attempt.guid, [...(byDelivery.get(attempt.guid) ?? []), attempt]);
    return [...byDelivery.values()].flatMap((all) => {
      const [latest] = all;
      if (latest === undefined || all.some(wasTaken)) return [];
      const { guid: delivery, id, event, delivered_at } = latest;
      return [{ delivery, attempt: String(id), event, at: instantOf(delivered_at), attempts: all.length }];
    });
  }

  async sendAgain({ attempt }: UntakenWebhook): Promise<void> {
    await ask('send a webhook again', async () => {
      const client = await this.clients.self();
      await client.rest.apps.redeliverWebhookDelivery({ delivery_id: Number(attempt), ...once });
    });
  }

  private async attemptsSince(since: Instant): Promise<readonly Attempt[]> {
    const client = await this.clients.self();
    const found: Attempt[] = [];
    let pages = 0;
    for await (const { data } of client.paginate.iterator(client.rest.apps.listWebhookDeliveries, { per_page: 100 })) {
      found.push(...data.filter((attempt) => instantOf(attempt.delivered_at) >= since));
      pages += 1;
      const oldest = data.at(-1);
      if (oldest === undefined || instantOf(oldest.delivered_at) < since || pages === MOST_PAGES) break;
    }
    return found;
  }
}

function wasTaken({ status_code: status }: Attempt): boolean {
  return status >= 200 && status < 300;
}
