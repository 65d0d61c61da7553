/**
 * What operators count and watch. Every label is a name of a closed list in this program or a number that a forge answers with: nothing that
 * repositories or people can name, so that no label holds a secret and their number is bounded.
 */
import type { ForgeKind, Instant } from '../core/ids.js';
import type { JobSubject } from '../core/job.js';
import type { MergeOutcome } from './pull-requests.js';

/** `finished`: it ran to its end. `lost`: its claim had lapsed before that. */
export type JobOutcome = 'finished' | 'retried' | 'buried' | 'lost';

/** `unavailable`: it could not be stored, and its sender must send it again. */
export type WebhookOutcome =
  'recorded' | 'duplicate' | 'ignored' | 'unsigned' | 'bad-signature' | 'malformed' | 'unavailable';

/** What a forge says that it still takes. */
export interface RateLimit {
  /** Which of its limits; names that are not known count as `other`. */
  readonly resource: string;
  readonly limit: number;
  readonly remaining: number;
  /** When all of it is there again. */
  readonly resetAt: Instant;
}

export interface ForgeAnswer {
  /** Null where none came. */
  readonly status: number | null;
  /** Null where it said nothing of one. */
  readonly rateLimit: RateLimit | null;
}

/** Counts; never fails, and never waits. */
export interface Metrics {
  /** `duration` in ms. */
  jobEnded(kind: JobSubject['kind'], outcome: JobOutcome, duration: number): void;
  webhookTaken(source: ForgeKind, outcome: WebhookOutcome): void;
  forgeAnswered(forge: ForgeKind, answer: ForgeAnswer): void;
  /** The forge was asked to merge a pull request, and this is what was found afterwards. */
  mergeAsked(forge: ForgeKind, outcome: MergeOutcome['kind']): void;
}

/**
 * `due`: could be taken up now, or once its lane is free. `later`: is not to be taken up before a time, as after a failure. `running`: a
 * worker has it. `buried`: was given up.
 */
type JobState = 'due' | 'later' | 'running' | 'buried';

export const JOB_STATES: readonly JobState[] = ['due', 'later', 'running', 'buried'];

/** Of all processes that share the store. */
export interface JobCount {
  readonly state: JobState;
  readonly jobs: number;
  /** How many lanes they are in. */
  readonly lanes: number;
  /** When the first of them became due, or was buried; null where there is none, and of what is for later. */
  readonly oldest: Instant | null;
}
