/** An inbox that lives as long as the process. */
import type { Instant } from '../../core/ids.js';
import type { Delivery, DeliveryWork, Inbox, InboxEntry, InboxQuery } from '../../ports/store.js';
import type { WorkQueue } from '../../ports/work-queue.js';

export class MemoryInbox implements Inbox {
  /** In the order of recording. */
  readonly #entries = new Map<string, InboxEntry>();

  /** @param queue where what is recorded with jobs enqueues them */
  constructor(private readonly queue: Pick<WorkQueue, 'enqueue'>) {}

  async record(delivery: Delivery, work?: DeliveryWork): Promise<'recorded' | 'duplicate'> {
    const key = keyOf(delivery.source, delivery.id);
    if (this.#entries.has(key)) return 'duplicate';
    const outcome = work?.outcome ?? null;
    const state = outcome === null ? 'waiting' : 'settled';
    this.#entries.set(key, { ...structuredClone(delivery), state, outcome });
    await Promise.all((work?.jobs ?? []).map((job) => this.queue.enqueue(job)));
    return 'recorded';
  }

  async find(source: Delivery['source'], id: string): Promise<InboxEntry | null> {
    return this.#entries.get(keyOf(source, id)) ?? null;
  }

  async waiting(): Promise<readonly InboxEntry[]> {
    const waiting = [...this.#entries.values()].filter((entry) => entry.state === 'waiting');
    return waiting.toSorted((a, b) => a.receivedAt - b.receivedAt);
  }

  async latest({ most, state }: InboxQuery): Promise<readonly InboxEntry[]> {
    const found = [...this.#entries.values()].filter((entry) => state === undefined || entry.state === state);
    return found
      .toReversed()
      .toSorted((a, b) => b.receivedAt - a.receivedAt)
      .slice(0, most);
  }

  async settle(source: Delivery['source'], id: string, outcome: string): Promise<void> {
    const entry = this.#entries.get(keyOf(source, id));
    if (entry?.state === 'waiting') this.#entries.set(keyOf(source, id), { ...entry, state: 'settled', outcome });
  }

  async reopen(source: Delivery['source'], id: string): Promise<'reopened' | 'unknown'> {
    const entry = this.#entries.get(keyOf(source, id));
    if (entry?.state !== 'settled') return 'unknown';
    this.#entries.set(keyOf(source, id), { ...entry, state: 'waiting', outcome: null });
    return 'reopened';
  }

  async forget(before: Instant): Promise<number> {
    const old = [...this.#entries].filter(([, entry]) => entry.state === 'settled' && entry.receivedAt < before);
    for (const [key] of old) this.#entries.delete(key);
    return old.length;
  }
}

function keyOf(source: Delivery['source'], id: string): string {
  return `${source}:${id}`;
}
