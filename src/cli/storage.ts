/** What the bot keeps its jobs, deliveries and cache in: made by `openStorage`. */
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { JobCount } from '../ports/metrics.js';
import type { Cache, Inbox, Turns } from '../ports/store.js';
import type { WorkQueue } from '../ports/work-queue.js';
import type { ReadinessPart } from '../server/server-options.js';
import type { StorageSettings } from './storage-settings.js';

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
  /** For what forges answered, with the ETags. Not sealed. */
  readonly answers: Cache;
  readonly turns: Turns;
  /** For metrics; reads only. */
  jobCounts(): Promise<readonly JobCount[]>;
  /** A write, for what is full can still be read. */
  readiness(): Promise<ReadinessPart>;
  close(): Promise<void>;
}
