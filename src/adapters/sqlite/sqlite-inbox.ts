/** The inbox in lockkeeper.sqlite. */
import type { Event } from '../../core/event.js';
import type { Instant } from '../../core/ids.js';
import type { Delivery, DeliveryWork, Inbox, InboxEntry, InboxQuery } from '../../ports/store.js';
import type { SqliteConnection, SqlRow } from './sqlite-connection.js';
import type { SqliteWorkQueue } from './sqlite-work-queue.js';

/** What of a delivery is never searched for. As JSON it keeps every character: libsql cuts text at a NUL. */
interface Content {
  readonly name: string;
  readonly event: Event;
}

const RECORD = `INSERT INTO deliveries (source, id, received_at, content, state, outcome) VALUES (?, ?, ?, ?, ?, ?)
   ON CONFLICT (source, id) DO NOTHING`;

const SETTLE = `UPDATE deliveries SET state = 'settled', outcome = ? WHERE source = ? AND id = ? AND state = 'waiting'`;

/** What the inbox writes in groups. */
export const INBOX_STATEMENTS: readonly string[] = [RECORD, SETTLE];

const COLUMNS = 'source, id, received_at, content, state, outcome';

export class SqliteInbox implements Inbox {
  readonly #store: SqliteConnection;
  readonly #queue: SqliteWorkQueue;

  /** @param queue of the same store */
  constructor(store: SqliteConnection, queue: SqliteWorkQueue) {
    this.#store = store;
    this.#queue = queue;
  }

  async record(delivery: Delivery, work?: DeliveryWork): Promise<'recorded' | 'duplicate'> {
    const content: Content = { name: delivery.name, event: delivery.event };
    const outcome = work?.outcome ?? null;
    const row = [delivery.source, delivery.id, delivery.receivedAt, JSON.stringify(content)] as const;
    const [jobs, state] = [work?.jobs ?? [], outcome === null ? 'waiting' : 'settled'];
    const recorded = await this.#store.grouped((writer) => {
      const added = writer.run(RECORD, ...row, state, outcome && JSON.stringify(outcome));
      if (added === 1) for (const job of jobs) this.#queue.insert(job, writer);
      return added === 1;
    });
    if (recorded && jobs.length > 0) this.#queue.announce();
    return recorded ? 'recorded' : 'duplicate';
  }

  async find(source: Delivery['source'], id: string): Promise<InboxEntry | null> {
    const row = this.#store.row(`SELECT ${COLUMNS} FROM deliveries WHERE source = ? AND id = ?`, source, id);
    return row && toEntry(row);
  }

  async waiting(): Promise<readonly InboxEntry[]> {
    const rows = this.#store.rows(
      `SELECT ${COLUMNS} FROM deliveries WHERE state = 'waiting' ORDER BY received_at, place`,
    );
    return rows.map(toEntry);
  }

  async latest({ most, state }: InboxQuery): Promise<readonly InboxEntry[]> {
    const rows = this.#store.rows(
      `SELECT ${COLUMNS} FROM deliveries WHERE state IN (?, ?) ORDER BY received_at DESC, place DESC LIMIT ?`,
      state ?? 'waiting',
      state ?? 'settled',
      most,
    );
    return rows.map(toEntry);
  }

  async settle(source: Delivery['source'], id: string, outcome: string): Promise<void> {
    await this.#store.grouped((writer) => writer.run(SETTLE, JSON.stringify(outcome), source, id));
  }

  async reopen(source: Delivery['source'], id: string): Promise<'reopened' | 'unknown'> {
    const reopened = this.#store.run(
      `UPDATE deliveries SET state = 'waiting', outcome = NULL WHERE source = ? AND id = ? AND state = 'settled'`,
      source,
      id,
    );
    return reopened === 1 ? 'reopened' : 'unknown';
  }

  async forget(before: Instant): Promise<number> {
    return this.#store.run(`DELETE FROM deliveries WHERE state = 'settled' AND received_at < ?`, before);
  }
}

function toEntry(row: SqlRow): InboxEntry {
  const { name, event } = JSON.parse(row.text('content')) as Content;
  return {
    id: row.text('id'),
    source: row.text('source') as Delivery['source'],
    name,
    receivedAt: row.integer('received_at'),
    event,
    state: row.text('state') as InboxEntry['state'],
    outcome: row.isNull('outcome') ? null : (JSON.parse(row.text('outcome')) as string),
  };
}
