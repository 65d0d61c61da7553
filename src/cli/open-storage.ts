/** Chooses where inbox, work queue and cache are: Redis where `REDIS_URL` is set, else a file in `DATA_DIR`. */
import { mkdirSync } from 'node:fs';
import { BullmqWorkQueue } from '../adapters/bullmq/bullmq-work-queue.js';
import { LaneBell } from '../adapters/bullmq/lane-bell.js';
import { openRedisStore } from '../adapters/bullmq/open-redis-store.js';
import { RedisCache } from '../adapters/bullmq/redis-cache.js';
import type { RedisConnection } from '../adapters/bullmq/redis-connection.js';
import { RedisInbox } from '../adapters/bullmq/redis-inbox.js';
import { RedisTurns } from '../adapters/bullmq/redis-turns.js';
import { MemoryTurns } from '../adapters/memory/memory-turns.js';
import { openSqliteStore } from '../adapters/sqlite/open-sqlite-store.js';
import { SqliteCache } from '../adapters/sqlite/sqlite-cache.js';
import type { SqliteConnection } from '../adapters/sqlite/sqlite-connection.js';
import { SqliteInbox } from '../adapters/sqlite/sqlite-inbox.js';
import { takePresence } from '../adapters/sqlite/sqlite-presence.js';
import { SqliteWorkQueue } from '../adapters/sqlite/sqlite-work-queue.js';
import { LAST_WORDS } from '../app/worker.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Cache, Inbox, Turns } from '../ports/store.js';
import type { WorkQueue } from '../ports/work-queue.js';
import type { ReadinessPart } from '../server/server-options.js';
import type { RedisSettings, StorageSettings } from './storage-settings.js';

export interface StorageOptions {
  readonly settings: Pick<StorageSettings, 'dataDirectory' | 'redis'>;
  readonly clock: Clock;
  readonly log: Log;
  /** `none`: requests of a process that was killed are not expected to arrive any more. */
  readonly pace: 'forge' | 'none';
  /** `look`: for a command that only looks into it or adds to it, and leaves claims alone. */
  readonly purpose: 'work' | 'look';
}

export interface Storage {
  readonly queue: WorkQueue;
  readonly inbox: Inbox;
  /** Not sealed. */
  readonly cache: Cache;
  readonly turns: Turns;
  /** A write, for what is full can still be read. */
  readiness(): Promise<ReadinessPart>;
  close(): Promise<void>;
}

/** Rejects with a sentence for the operator if it can't be used. */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  return options.settings.redis === null ? openSqlite(options) : openRedis(options, options.settings.redis);
}

function openSqlite({ settings, clock, pace, purpose }: StorageOptions): Storage {
  mkdirSync(settings.dataDirectory, { recursive: true });
  const opened = openSqliteStore({ directory: settings.dataDirectory });
  if (opened.kind === 'unusable') throw new Error(opened.message);
  const { store } = opened;
  const queue = new SqliteWorkQueue(store, { clock });
  const presence = purpose === 'work' ? takePresence(settings.dataDirectory) : null;
  if (presence?.company === 'alone') queue.lapseClaims(clock.now() + (pace === 'none' ? 0 : LAST_WORDS));
  return {
    queue,
    inbox: new SqliteInbox(store),
    cache: new SqliteCache(store),
    // Processes that share a file are on one machine, and few: each takes its own turns.
    turns: new MemoryTurns(clock),
    readiness: async () => sqliteReadiness(store, clock),
    async close() {
      presence?.leave();
      store.close();
    },
  };
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

/** How often, in ms, workers look for claims of processes that are gone. */
const WATCH_INTERVAL = 5_000;
/** Longer than from one heartbeat of a job to the next: a process that lost its connection keeps its claims. */
const ABANDONED_GRACE = LAST_WORDS + 5_000;

async function openRedis({ log, pace, purpose }: StorageOptions, location: RedisSettings): Promise<Storage> {
  const opened = await openRedisStore(location);
  if (opened.kind === 'unusable') throw new Error(opened.message);
  const { store } = opened;
  for (const warning of opened.warnings) log.warn({ redis: store.address }, warning);
  const bell = new LaneBell(location, log);
  const queue = new BullmqWorkQueue(store, { bell });
  const grace = pace === 'none' ? 1_000 : ABANDONED_GRACE;
  const watch = purpose === 'work' ? watchClaims(queue, grace, log) : null;
  return {
    queue,
    inbox: new RedisInbox(store),
    cache: new RedisCache(store),
    turns: new RedisTurns(store),
    readiness: async () => redisReadiness(store),
    async close() {
      if (watch !== null) clearInterval(watch);
      await bell.close();
      store.close();
    },
  };
}

function watchClaims(queue: BullmqWorkQueue, grace: number, log: Log): NodeJS.Timeout {
  const look = async (): Promise<void> => {
    try {
      const claims = await queue.lapseAbandoned(grace);
      if (claims > 0) log.info({ claims }, 'Jobs of a process that is gone will be given out again');
    } catch (cause) {
      log.debug(
        { err: cause },
        'Claims of processes that are gone could not be looked for; they lapse with their leases',
      );
    }
  };
  void look();
  return setInterval(() => void look(), WATCH_INTERVAL).unref();
}

async function redisReadiness(store: RedisConnection): Promise<ReadinessPart> {
  try {
    await store.probe();
    return { name: 'store', state: 'ready', detail: 'It can be written.' };
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    return {
      name: 'store',
      state: 'failing',
      detail: 'Redis can’t be written: is it running, and has it memory left?',
    };
  }
}
