/**
 * Jobs in lanes. A job is a nudge: it carries ids, its handler reads the world anew and may safely run again.
 *
 * Contract (test/contract/work-queue): at most one claimed job in a lane at any time, over all workers; jobs of one lane are given
 * out in the order in which they became due; a job that is enqueued with the lane and key of one that still waits replaces its
 * subject and keeps its place (the earlier `notBefore` wins); one enqueued while its twin runs waits and runs after it;
 * at least once: a claim that is not finished within its lease is given out again, with a larger fence.
 */
import type { Instant } from '../core/ids.js';
import type { JobSubject } from '../core/job.js';
import type { LaneLock } from './lane-lock.js';

export interface NewJob {
  /** Any text without NUL, as the key. `github:acme/config` for the repository's own lane; anything else runs beside it. */
  readonly lane: string;
  /** What this job is about within its lane: waiting jobs with the same key are one. */
  readonly key: string;
  readonly subject: JobSubject;
  /** Not given out before, to the next whole millisecond; absent for at once. Rejects with a TypeError where it is no instant. */
  readonly notBefore?: Instant;
}

export interface Claim {
  readonly id: string;
  readonly lane: string;
  readonly key: string;
  readonly subject: JobSubject;
  /** 1 for the first try. */
  readonly attempt: number;
  /** How many of the tries before were given back as `failed`. */
  readonly failures: number;
  readonly lock: LaneLock;
}

export interface DeadJob {
  readonly id: string;
  readonly lane: string;
  readonly key: string;
  readonly subject: JobSubject;
  readonly reason: string;
  readonly at: Instant;
}

/** `lost`: the claim had lapsed or was given to another worker, and nothing was changed. */
export type Held = 'done' | 'lost';

export type GivenBack = 'failed' | 'put-off';

export interface WorkQueue {
  enqueue(job: NewJob): Promise<void>;
  /** The next due job of a lane in which none is claimed, or null. */
  claim(): Promise<Claim | null>;
  /** Extends the lease of a long job. */
  extend(claim: Claim): Promise<Held>;
  /** Done with. A buried job of the same lane and key is no longer listed: what it was about has been seen to since. */
  finish(claim: Claim): Promise<Held>;
  /**
   * Gives it back, to be tried again at `at`; `failed` for a reason of its own, `put-off` (when absent) because something was away. If a twin
   * was enqueued meanwhile the two become one.
   */
  retry(claim: Claim, at: Instant, why?: GivenBack): Promise<Held>;
  /**
   * The claim lapses at `at`, if not before: for a worker that ends before its job does. Until then the lane stays closed, for what was
   * sent to the forge may still arrive there.
   */
  lapse(claim: Claim, at: Instant): Promise<Held>;
  /** Tried too often: kept where people can see it, out of the way of its lane. */
  bury(claim: Claim, reason: string): Promise<Held>;
  /** Oldest first. */
  dead(): Promise<readonly DeadJob[]>;
  /**
   * A buried job is enqueued again as if new, with the subject of its twin where one waits or runs by now, which is newer. `unknown`: no
   * buried job has this id (any more).
   */
  unbury(id: string): Promise<'enqueued' | 'unknown'>;
  /** When `claim` may next have something to give, now or later; null when nothing waits. */
  nextDue(): Promise<Instant | null>;
  /**
   * Calls back soon after something was enqueued, given back or set free, by this process or, where the store can tell, by any. Returns how
   * to stop. A listener may be called without cause.
   */
  onWork(listener: () => void): () => void;
}
