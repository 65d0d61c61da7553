/** What the bot keeps beside the forge: queue, inbox and cache in memory or in a SQLite file, and its mirror. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MemoryCache } from '../../../src/adapters/memory/memory-cache.js';
import { MemoryInbox } from '../../../src/adapters/memory/memory-inbox.js';
import { MemoryWorkQueue } from '../../../src/adapters/memory/memory-work-queue.js';
import { openSqliteStore } from '../../../src/adapters/sqlite/open-sqlite-store.js';
import { SqliteCache } from '../../../src/adapters/sqlite/sqlite-cache.js';
import type { SqliteConnection } from '../../../src/adapters/sqlite/sqlite-connection.js';
import { SqliteInbox } from '../../../src/adapters/sqlite/sqlite-inbox.js';
import { SqliteWorkQueue } from '../../../src/adapters/sqlite/sqlite-work-queue.js';
import type { Clock } from '../../../src/ports/clock.js';
import type { Cache, Inbox } from '../../../src/ports/store.js';
import type { WorkQueue } from '../../../src/ports/work-queue.js';

export const STORE_KINDS = ['memory', 'sqlite'] as const;
export type StoreKind = (typeof STORE_KINDS)[number];

export interface Stored {
  readonly queue: WorkQueue;
  readonly inbox: Inbox;
  readonly cache: Cache;
  /** Of the forge, with their ETags. */
  readonly answers: Cache;
}

export interface StoreKeeper {
  /** What a bot that starts now finds: what was kept, through a connection of its own. */
  open(): Stored;
  /** All of it is gone. */
  empty(): void;
  close(): void;
}

/** @param directory for the file of SQLite */
export function keepStore(kind: StoreKind, clock: Clock, directory: string): StoreKeeper {
  return kind === 'memory' ? new MemoryKeeper(clock) : new SqliteKeeper(clock, join(directory, 'store'));
}

class MemoryKeeper implements StoreKeeper {
  #stored: Stored | null = null;

  constructor(private readonly clock: Clock) {}

  open(): Stored {
    if (this.#stored === null) {
      const queue = new MemoryWorkQueue({ clock: this.clock });
      this.#stored = { queue, inbox: new MemoryInbox(queue), cache: new MemoryCache(), answers: new MemoryCache() };
    }
    return this.#stored;
  }

  empty(): void {
    this.#stored = null;
  }

  close(): void {
    this.empty();
  }
}

class SqliteKeeper implements StoreKeeper {
  #connection: SqliteConnection | null = null;
  #answers = new MemoryCache();

  constructor(
    private readonly clock: Clock,
    private readonly directory: string,
  ) {
    mkdirSync(directory);
  }

  open(): Stored {
    this.close();
    const opened = openSqliteStore({ directory: this.directory, busyTimeout: 0 });
    if (opened.kind !== 'opened') throw new Error(opened.message);
    this.#connection = opened.store;
    const queue = new SqliteWorkQueue(opened.store, { clock: this.clock });
    return {
      queue,
      inbox: new SqliteInbox(opened.store, queue),
      cache: new SqliteCache(opened.store),
      answers: this.#answers,
    };
  }

  empty(): void {
    this.close();
    this.#answers = new MemoryCache();
    rmSync(this.directory, { recursive: true });
    mkdirSync(this.directory);
  }

  /** Of a dead bot's connection nothing is asked any more: its calls end before they reach the store. */
  close(): void {
    this.#connection?.close();
    this.#connection = null;
  }
}
