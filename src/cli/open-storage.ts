/** Chooses where inbox, work queue and cache are: Redis where `REDIS_URL` is set, else a file in `DATA_DIR`. */
import { countJobs } from '../adapters/sqlite/count-jobs.js';
import { openAnswers } from '../adapters/sqlite/open-answers.js';
import { MemoryTurns } from '../adapters/memory/memory-turns.js';
import { CommitsAside } from '../adapters/sqlite/commits-aside.js';
import { openSqliteStore } from '../adapters/sqlite/open-sqlite-store.js';
import { SqliteCache } from '../adapters/sqlite/sqlite-cache.js';
import type { SqliteConnection } from '../adapters/sqlite/sqlite-connection.js';
import { INBOX_STATEMENTS, SqliteInbox } from '../adapters/sqlite/sqlite-inbox.js';
import { takePresence } from '../adapters/sqlite/sqlite-presence.js';
import { QUEUE_STATEMENTS, SqliteWorkQueue } from '../adapters/sqlite/sqlite-work-queue.js';
import { LAST_WORDS } from '../app/intake/worker.js';
import type { Clock } from '../ports/clock.js';
import type { ReadinessPart } from '../server/server-options.js';
import type { Storage, StorageOptions } from './storage.js';

/** Rejects with a sentence for the operator if it can't be used. */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { redis } = options.settings;
  if (redis === null) return openSqlite(options);
  const { openRedisStorage } = await import('./open-redis-storage.js');
  return openRedisStorage(options, redis);
}

async function openSqlite({ settings, clock, pace, purpose }: StorageOptions): Promise<Storage> {
  const opened = openSqliteStore({ directory: settings.dataDirectory });
  if (opened.kind === 'unusable') throw new Error(opened.message);
  const { store } = opened;
  await commitAside(store);
  const queue = new SqliteWorkQueue(store, { clock });
  const { answers, close: closeAnswers } = openAnswers(store.file);
  const presence = purpose === 'work' ? takePresence(settings.dataDirectory) : null;
  if (presence?.company === 'alone') queue.lapseClaims(clock.now() + (pace === 'none' ? 0 : LAST_WORDS));
  return {
    queue,
    inbox: new SqliteInbox(store, queue),
    cache: new SqliteCache(store),
    answers,
    // Processes that share a file are on one machine, and few: each takes its own turns.
    turns: new MemoryTurns(clock),
    jobCounts: async () => countJobs(store, clock.now()),
    readiness: async () => sqliteReadiness(store, clock),
    async close() {
      presence?.leave();
      closeAnswers();
      store.close();
    },
  };
}

async function commitAside(store: SqliteConnection): Promise<void> {
  const statements = [...INBOX_STATEMENTS, ...QUEUE_STATEMENTS];
  try {
    store.commitOn(await CommitsAside.open({ file: store.file, statements }));
  } catch (cause) {
    store.close();
    throw cause;
  }
}

async function sqliteReadiness(store: SqliteConnection, clock: Clock): Promise<ReadinessPart> {
  try {
    store.probe(clock.now());
    return { name: 'store', state: 'ready', detail: 'It can be written.' };
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    return { name: 'store', state: 'failing', detail: 'It can’t be written: is the disk of DATA_DIR full, or gone?' };
  }
}
