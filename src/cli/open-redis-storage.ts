/** Storage in Redis, shared by any number of processes. In a file of its own: its clients take longer to load than the rest of the start. */
import { BullmqWorkQueue } from '../adapters/bullmq/bullmq-work-queue.js';
import { countJobs } from '../adapters/bullmq/count-jobs.js';
import { LaneBell } from '../adapters/bullmq/lane-bell.js';
import { openRedisStore } from '../adapters/bullmq/open-redis-store.js';
import { RedisCache } from '../adapters/bullmq/redis-cache.js';
import type { RedisConnection } from '../adapters/bullmq/redis-connection.js';
import { RedisInbox } from '../adapters/bullmq/redis-inbox.js';
import { RedisTurns } from '../adapters/bullmq/redis-turns.js';
import { LAST_WORDS } from '../app/intake/worker.js';
import type { Log } from '../ports/log.js';
import { ANSWER_LIMITS } from '../ports/store.js';
import type { ReadinessPart } from '../server/server-options.js';
import type { Storage, StorageOptions } from './storage.js';
import type { RedisSettings } from './storage-settings.js';

/** How often, in ms, workers look for claims of processes that are gone. */
const WATCH_INTERVAL = 5_000;
/** Longer than from one heartbeat of a job to the next: a process that lost its connection keeps its claims. */
const ABANDONED_GRACE = LAST_WORDS + 5_000;

/** Rejects with a sentence for the operator if it can't be used. */
export async function openRedisStorage(
  { log, pace, purpose }: StorageOptions,
  location: RedisSettings,
): Promise<Storage> {
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
    inbox: new RedisInbox(store, queue),
    cache: new RedisCache(store),
    answers: new RedisCache(store, ANSWER_LIMITS, 'answer'),
    turns: new RedisTurns(store),
    jobCounts: () => countJobs(queue),
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
