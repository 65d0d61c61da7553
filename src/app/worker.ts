/** Takes jobs from the queue, one at a time for each lane, and sees to it that each ends: finished, tried again later, or buried. */
import { Forbidden, Unavailable } from '../core/problem.js';
import type { Instant } from '../core/ids.js';
import type { Claim } from '../ports/work-queue.js';
import type { App } from './app.js';
import { handleJob } from './handle-job.js';

/** Tries of a job that fails for a reason nobody foresaw, before it is buried. */
const MAX_TRIES = 8;
/** The world being away is nobody's fault: such jobs are tried for about a day. */
const MAX_UNAVAILABLE_TRIES = 300;
const FIRST_BACKOFF = 1000;
const LONGEST_BACKOFF = 5 * 60 * 1000;
/** A job's lease is extended this often while it runs. */
const HEARTBEAT = 10_000;

/** Handles one due job. `idle`: there was none. */
export async function workOnce(app: App): Promise<'worked' | 'idle'> {
  const claim = await app.queue.claim();
  if (claim === null) return 'idle';
  const heartbeat = setInterval(() => void extend(app, claim), HEARTBEAT);
  heartbeat.unref();
  try {
    await settle(app, claim);
  } finally {
    clearInterval(heartbeat);
  }
  return 'worked';
}

async function extend(app: App, claim: Claim): Promise<void> {
  try {
    await app.queue.extend(claim);
  } catch (cause) {
    app.log.warn({ job: claim.id, lane: claim.lane, err: cause }, 'Could not extend a job’s lease');
  }
}

async function settle(app: App, claim: Claim): Promise<void> {
  const log = app.log.child({ lane: claim.lane, job: claim.key, attempt: claim.attempt });
  try {
    await handleJob({ ...app, log }, claim.subject, claim.lock);
    await app.queue.finish(claim);
  } catch (cause) {
    await settleFailure(app, claim, cause);
  }
}

async function settleFailure(app: App, claim: Claim, cause: unknown): Promise<void> {
  const log = app.log.child({ lane: claim.lane, job: claim.key, attempt: claim.attempt });
  const transient = cause instanceof Unavailable;
  const tries = transient ? MAX_UNAVAILABLE_TRIES : MAX_TRIES;
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof Forbidden || claim.attempt >= tries) {
    log.error({ err: cause }, 'Gave up on a job; a later sweep will look again');
    return app.queue.bury(claim, reason);
  }
  const at = retryAt(app.clock.now(), claim.attempt, transient ? cause.retryAt : null);
  if (transient) log.info({ reason, at }, 'Will try a job again');
  else log.error({ err: cause, at }, 'A job failed; will try it again');
  await app.queue.retry(claim, at);
}

/** Doubles from a second to five minutes; never before the other side asked to be called. */
export function retryAt(now: Instant, attempt: number, asked: Instant | null): Instant {
  const backoff = Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** Math.min(attempt - 1, 20));
  return Math.max(now + backoff, asked ?? 0);
}

export interface Worker {
  /** Takes no further job and resolves once the ones at hand are settled. */
  stop(): Promise<void>;
}

/** Works until stopped, on up to `parallel` lanes at once. */
export function startWorker(app: App, parallel: number): Worker {
  let state: 'working' | 'stopping' = 'working';
  const sleepers = new Set<() => void>();
  const rouseAll = () => sleepers.forEach((rouse) => rouse());
  const unsubscribe = app.queue.onWork(rouseAll);
  const loops = Array.from({ length: parallel }, async () => {
    while (state === 'working') {
      if ((await attempt(app)) === 'idle') await idle(app, sleepers, () => state === 'stopping');
    }
  });
  return {
    async stop() {
      state = 'stopping';
      rouseAll();
      await Promise.all(loops);
      unsubscribe();
    },
  };
}

/** The store itself failing must not end the loop. */
async function attempt(app: App): Promise<'worked' | 'idle'> {
  try {
    return await workOnce(app);
  } catch (cause) {
    app.log.error({ err: cause }, 'The work queue failed');
    return 'idle';
  }
}

/** Looked at again at least this often, for work that other processes enqueue. */
const LONGEST_IDLE = 1000;

async function idle(app: App, sleepers: Set<() => void>, stopped: () => boolean): Promise<void> {
  const due = await app.queue.nextDue().catch(() => null);
  const wait = due === null ? LONGEST_IDLE : Math.min(LONGEST_IDLE, Math.max(50, due - app.clock.now()));
  if (stopped()) return;
  await new Promise<void>((resolve) => {
    const rouse = () => {
      clearTimeout(timer);
      sleepers.delete(rouse);
      resolve();
    };
    const timer = setTimeout(rouse, wait);
    sleepers.add(rouse);
  });
}
