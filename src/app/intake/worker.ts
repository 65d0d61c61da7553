/** Takes jobs from the queue, one at a time for each lane, and sees to it that each ends: finished, tried again later, or buried. */
import { Forbidden, Unavailable } from '../../core/problem.js';
import type { Instant } from '../../core/ids.js';
import { maskText } from '../../core/mask/mask-text.js';
import type { Log } from '../../ports/log.js';
import type { JobOutcome } from '../../ports/metrics.js';
import type { Claim, Held } from '../../ports/work-queue.js';
import type { App } from '../app.js';
import { handleJob } from './handle-job.js';

/** Tries of a job that fails for a reason nobody foresaw, before it is buried. */
const MAX_TRIES = 8;
/** The world being away is nobody's fault: such jobs are tried for about a day. */
const MAX_UNAVAILABLE_TRIES = 300;
const NEVER_ENDED = `It was begun ${MAX_UNAVAILABLE_TRIES} times and never ended: does it take more memory than the bot has?`;
/** In characters: tools can say much. */
const LONGEST_REASON = 4_000;
const FIRST_BACKOFF = 1000;
const LONGEST_BACKOFF = 5 * 60 * 1000;
/** A job's lease is extended this often while it runs. */
const HEARTBEAT = 10_000;

/** What is under way: claims that this worker holds, so that they can be let go of when it has to end before them. */
type ClaimsAtHand = Set<Claim>;

/** Handles one due job. `idle`: there was none. */
export async function workOnce(app: App, atHand: ClaimsAtHand = new Set()): Promise<'worked' | 'idle'> {
  const claim = await app.queue.claim();
  if (claim === null) return 'idle';
  atHand.add(claim);
  const heartbeat = setInterval(() => void extend(app, claim, atHand), HEARTBEAT);
  heartbeat.unref();
  const begun = app.clock.now();
  try {
    const outcome = await settle(app, claim);
    app.metrics?.jobEnded(claim.subject.kind, outcome, app.clock.now() - begun);
  } finally {
    clearInterval(heartbeat);
    atHand.delete(claim);
  }
  return 'worked';
}

/** A claim that was lost is not extended again: its job writes nothing any more, for every write asks first. */
async function extend(app: App, claim: Claim, atHand: ClaimsAtHand): Promise<void> {
  if (!atHand.has(claim)) return;
  const about = { job: claim.key, lane: claim.lane };
  try {
    if ((await app.queue.extend(claim)) === 'done' || !atHand.has(claim)) return;
    atHand.delete(claim);
    app.log.warn(about, 'A job’s lease has ended while it ran; it will be given out again');
  } catch (cause) {
    app.log.warn({ ...about, err: cause }, 'Could not extend a job’s lease');
  }
}

async function settle(app: App, claim: Claim): Promise<JobOutcome> {
  const log = app.log.child({ lane: claim.lane, job: claim.key, attempt: claim.attempt });
  // Whatever fails here is buried before it is tried so often: this one has ended its process each time.
  if (claim.attempt > MAX_UNAVAILABLE_TRIES) return giveUp(app, claim, new Error(NEVER_ENDED));
  try {
    await handleJob({ ...app, log }, claim.subject, claim.lock);
    return noteIfLost(log, 'finished', await app.queue.finish(claim));
  } catch (cause) {
    return settleFailure(app, claim, cause);
  }
}

function noteIfLost(log: Log, outcome: JobOutcome, held: Held): JobOutcome {
  if (held === 'done') return outcome;
  log.info({}, 'A job had been given to another worker before it ended here');
  return 'lost';
}

async function settleFailure(app: App, claim: Claim, cause: unknown): Promise<JobOutcome> {
  const log = app.log.child({ lane: claim.lane, job: claim.key, attempt: claim.attempt });
  const transient = cause instanceof Unavailable;
  const failed = claim.failures + 1;
  const tried = transient ? claim.attempt >= MAX_UNAVAILABLE_TRIES : failed >= MAX_TRIES;
  if (cause instanceof Forbidden || tried) return giveUp(app, claim, cause);
  const time = transient ? claim.attempt - claim.failures : failed;
  const at = retryAt(app.clock.now(), time, transient ? cause.retryAt : null);
  if (transient) log.info({ reason: cause.message, at }, 'Will try a job again');
  else log.error({ err: cause, at }, 'A job failed; will try it again');
  return noteIfLost(log, 'retried', await app.queue.retry(claim, at, transient ? 'put-off' : 'failed'));
}

async function giveUp(app: App, claim: Claim, cause: unknown): Promise<JobOutcome> {
  const log = app.log.child({ lane: claim.lane, job: claim.key, attempt: claim.attempt });
  log.error({ err: cause }, 'Gave up on a job; a later sweep will look again');
  // Kept, and shown to people: of errors that nobody foresaw it is not known what their words hold.
  const reason = maskText(cause instanceof Error ? cause.message : String(cause)).slice(0, LONGEST_REASON);
  return noteIfLost(log, 'buried', await app.queue.bury(claim, reason));
}

/** Doubles from a second to five minutes; never before the other side asked to be called. */
export function retryAt(now: Instant, attempt: number, asked: Instant | null): Instant {
  const backoff = Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** Math.min(attempt - 1, 20));
  return Math.max(now + backoff, asked ?? 0);
}

export interface Worker {
  /**
   * Takes no further job and waits for the ones at hand to be settled, at most `within` ms. What is not settled by then is given back:
   * its claim lapses soon and another worker takes it up. `given-back`: the process must end now, for those jobs still run in it.
   */
  stop(within: number): Promise<'settled' | 'given-back'>;
}

/** A request that was sent before its claim was let go of may still be carried out by the forge for this long, in ms. */
export const LAST_WORDS = 10_000;

/** Works until stopped, on up to `parallel` lanes at once. */
export function startWorker(app: App, parallel: number): Worker {
  let state: 'working' | 'stopping' = 'working';
  const atHand: ClaimsAtHand = new Set();
  const sleepers = new Set<() => void>();
  const rouseAll = () => sleepers.forEach((rouse) => rouse());
  const unsubscribe = app.queue.onWork(rouseAll);
  const loops = Array.from({ length: parallel }, async () => {
    while (state === 'working') {
      if ((await attempt(app, atHand)) === 'idle') await idle(app, sleepers, () => state === 'stopping');
    }
  });
  return {
    async stop(within) {
      state = 'stopping';
      unsubscribe();
      rouseAll();
      const ended = await endsWithin(within, Promise.all(loops));
      if (ended === 'late') await giveBack(app, atHand);
      return ended === 'late' ? 'given-back' : 'settled';
    },
  };
}

async function endsWithin(limit: number, work: Promise<unknown>): Promise<'ended' | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, limit, 'late');
  });
  const ended = await Promise.race([work.then(() => 'ended' as const), late]);
  clearTimeout(timer);
  return ended;
}

async function giveBack(app: App, atHand: ClaimsAtHand): Promise<void> {
  const claims = [...atHand];
  // Emptied first: a heartbeat must not extend what is let go of.
  atHand.clear();
  const at = app.clock.now() + LAST_WORDS;
  const jobs = claims.map(({ lane, key }) => `${lane} ${key}`);
  const given = await Promise.allSettled(claims.map((claim) => app.queue.lapse(claim, at)));
  const failed = given.find((each) => each.status === 'rejected');
  if (failed === undefined) app.log.warn({ jobs }, 'Gave back jobs that could not be ended in time');
  else
    app.log.warn(
      { jobs, err: failed.reason },
      'Could not give back jobs in time; they are given out when their leases end',
    );
}

/** The store itself failing must not end the loop. */
async function attempt(app: App, atHand: ClaimsAtHand): Promise<'worked' | 'idle'> {
  try {
    return await workOnce(app, atHand);
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
