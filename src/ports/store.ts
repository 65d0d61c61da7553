/**
 * What a process remembers: the inbox of deliveries and a cache. Deleting it loses nothing that the forge and git do not also know.
 */
import type { Event } from '../core/event.js';
import type { Instant } from '../core/ids.js';
import type { NewJob } from './work-queue.js';

export interface Delivery {
  /** The forge's own id of the delivery, or one of ours for an API request. Unique together with `source`. */
  readonly id: string;
  readonly source: 'github' | 'gitlab' | 'api';
  /** The event's name as the sender wrote it, for people: `pull_request.opened`. */
  readonly name: string;
  readonly receivedAt: Instant;
  readonly event: Event;
}

/** `waiting`: recorded, and not yet carried out (a bump), or to be taken up again. */
export interface InboxEntry extends Delivery {
  readonly state: 'waiting' | 'settled';
  /** What became of it, in a sentence, once settled. */
  readonly outcome: string | null;
}

/** What a delivery asks for. */
export interface DeliveryWork {
  /** Enqueued in this order. */
  readonly jobs: readonly NewJob[];
  /** What became of it with that, in a sentence: it is settled. Null: it waits. */
  readonly outcome: string | null;
}

export interface InboxQuery {
  /** At most so many. */
  readonly most: number;
  /** Absent for both. */
  readonly state?: InboxEntry['state'];
}

export interface Inbox {
  /**
   * Recorded, its jobs enqueued and, where the work says so, settled: all of it or nothing, in one step, and durable when it resolves.
   * Deliveries that are recorded at the same time may share a commit; one that fails takes no other with it. `duplicate`: this delivery is
   * known; nothing was changed or enqueued. Without work it waits.
   */
  record(delivery: Delivery, work?: DeliveryWork): Promise<'recorded' | 'duplicate'>;
  find(source: Delivery['source'], id: string): Promise<InboxEntry | null>;
  /** Oldest first. */
  waiting(): Promise<readonly InboxEntry[]>;
  /** Newest first, in either state. */
  latest(query: InboxQuery): Promise<readonly InboxEntry[]>;
  settle(source: Delivery['source'], id: string, outcome: string): Promise<void>;
  /** A settled delivery waits again, in its old place and without outcome. `unknown`: there is none, or it waits already. */
  reopen(source: Delivery['source'], id: string): Promise<'reopened' | 'unknown'>;
  /** Forgets settled deliveries received before. Returns how many. */
  forget(before: Instant): Promise<number>;
}

/** Values that can be computed again, save the lasting ones. Keys say by which inputs. */
export interface Cache {
  get(key: string): Promise<string | null>;
  /** `lasting`: for the few small values that nothing else tells: others never push it out. */
  put(key: string, value: string, stay?: 'lasting'): Promise<void>;
}

/** What a cache holds at most. Where either is passed, what was put longest ago is forgotten; what was put last stays, however large. */
export interface CacheLimits {
  readonly values: number;
  /** Of all values together, as they are stored; lasting ones are not counted. */
  readonly bytes: number;
}

const MEBIBYTE = 1024 * 1024;

/** Of plans and of what they are made of: some are megabytes large. */
export const CACHE_LIMITS: CacheLimits = { values: 10_000, bytes: 512 * MEBIBYTE };
/** Of the listings and pull requests that are asked about again and again. */
export const ANSWER_LIMITS: CacheLimits = { values: 20_000, bytes: 256 * MEBIBYTE };

/** What one of several processes does for all of them. */
export interface Turns {
  /** `done-lately`: some process took this turn less than `interval` ms ago. */
  take(name: string, interval: number): Promise<'taken' | 'done-lately'>;
}
