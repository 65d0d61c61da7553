/** A lockkeeper.sqlite in a folder of its own, for as long as a test needs it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/adapters/sqlite/open-sqlite-store.js';
import { systemClock } from '../../src/adapters/clock/system-clock.js';
import type { SqliteConnection } from '../../src/adapters/sqlite/sqlite-connection.js';
import { CommitsAside } from '../../src/adapters/sqlite/commits-aside.js';
import { INBOX_STATEMENTS, SqliteInbox } from '../../src/adapters/sqlite/sqlite-inbox.js';
import { QUEUE_STATEMENTS, SqliteWorkQueue } from '../../src/adapters/sqlite/sqlite-work-queue.js';
import type { Clock } from '../../src/ports/clock.js';

export interface InboxAndQueue {
  readonly inbox: SqliteInbox;
  readonly queue: SqliteWorkQueue;
}

export function inboxAndQueue(store: SqliteConnection, clock: Clock = systemClock): InboxAndQueue {
  const queue = new SqliteWorkQueue(store, { clock });
  return { inbox: new SqliteInbox(store, queue), queue };
}

/** As the bot does it. */
export async function commitAside(store: SqliteConnection, busyTimeout = 5_000): Promise<SqliteConnection> {
  const statements = [...INBOX_STATEMENTS, ...QUEUE_STATEMENTS];
  store.commitOn(await CommitsAside.open({ file: store.file, busyTimeout, statements }));
  return store;
}

export class TemporaryStore {
  readonly directory = mkdtempSync(join(tmpdir(), 'lockkeeper-store-'));
  readonly #open: SqliteConnection[] = [];

  /** A further connection to the same file. */
  connect(busyTimeout = 5_000): SqliteConnection {
    const opened = openSqliteStore({ directory: this.directory, busyTimeout });
    if (opened.kind !== 'opened') throw new Error(opened.message);
    this.#open.push(opened.store);
    return opened.store;
  }

  /** Closes every connection; the file stays. */
  disconnect(): void {
    for (const store of this.#open.splice(0)) store.close();
  }

  remove(): void {
    this.disconnect();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
