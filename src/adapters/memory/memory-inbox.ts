/** An inbox that lives as long as the process. */
import type { Instant } from '../../core/ids.js';
import type { Delivery, Inbox, InboxEntry, InboxQuery } from '../../ports/store.js';

export class MemoryInbox implements Inbox {
  /** In the order of recording. */
  readonly #entries = new Map<string, InboxEntry>();

  async record(delivery: Delivery): Promise<'recorded' | 'duplicate'> {
    const key = keyOf(delivery.source, delivery.id);
    if (this.#entries.has(key)) return 'duplicate';
    this.#entries.set(key, { ...structuredClone(delivery), state: 'waiting', outcome: null });
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
