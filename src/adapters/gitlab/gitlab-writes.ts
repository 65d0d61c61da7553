/**
 * Has what matters least wait near GitLab's limits.
 *
 * Two are kept to. What GitLab says with each answer that it still takes (`RateLimit-…`; of one user, so of all our processes). And how many
 * notes one user may make a minute, of which it says nothing before it refuses: they are counted, in the store. Where an instance sets no
 * limits it sends no such headers, and where it sets others for notes its refusals are heeded.
 */
import { Unavailable } from '../../core/problem.js';
import { decideBySaidLimits, type SaidLimit } from '../../core/traffic/said-limits.js';
import type { WriteLimit, WriteWeight } from '../../core/traffic/write-budget.js';
import type { Clock } from '../../ports/clock.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import type { Log } from '../../ports/log.js';
import { PutOff, type WriteBudget } from '../traffic/write-budget.js';
import { rateLimitOf } from './rate-limit.js';
import { askedToRetryAt } from './retry-at.js';

/** https://docs.gitlab.com/administration/settings/rate_limit_on_notes_creation/: the default. */
const NOTES = 300;
/** https://docs.gitlab.com/user/gitlab_com/rate_limits/ */
const NOTES_OF_GITLAB_COM = 60;

export function noteLimits(url: string): readonly WriteLimit[] {
  return [{ writes: new URL(url).host === 'gitlab.com' ? NOTES_OF_GITLAB_COM : NOTES, within: 60_000 }];
}

export interface GitlabWritesOptions {
  /** For new notes. */
  readonly notes: WriteBudget;
  /** Whose they are. */
  readonly identity: string;
  /** `none`: nothing is put off. */
  readonly pace: 'forge' | 'none';
  readonly clock: Clock;
  readonly log: Log;
}

export class GitlabWrites {
  /** By the limit's name, the latest of each. Few: they are settings of the instance. */
  readonly #said = new Map<string, SaidLimit>();
  #refusedUntil: number | null = null;

  constructor(private readonly options: GitlabWritesOptions) {}

  /** What came with an answer. */
  heard(status: number, headers: Headers): void {
    const now = this.options.clock.now();
    for (const [name, { resetAt }] of this.#said) if (resetAt <= now) this.#said.delete(name);
    const limit = rateLimitOf(headers);
    if (limit !== null) this.#said.set(headers.get('ratelimit-name') ?? '', limit);
    const asked = status === 429 ? askedToRetryAt(status, headers, now) : null;
    if (asked !== null) this.#refusedUntil = Math.max(asked, this.#refusedUntil ?? 0);
  }

  /** The last look before a write leaves for GitLab. Rejects with {@link PutOff} where others matter more, and once the lane is lost (I2). */
  async admit(lock: LaneLock, weight: WriteWeight, what: 'note' | 'other' = 'other'): Promise<void> {
    const { notes, identity, pace } = this.options;
    if (pace === 'forge') {
      this.#heed(weight);
      if (what === 'note') await notes.take(identity, weight);
    }
    if (!(await lock.stillHeld())) throw new Unavailable('the lane was taken over');
  }

  #heed(weight: WriteWeight): void {
    const { clock, log } = this.options;
    const said = [...this.#said.values()];
    const decision = decideBySaidLimits({ weight, now: clock.now(), said, refusedUntil: this.#refusedUntil });
    if (decision.kind === 'send') return;
    const { until, limit } = decision;
    const words =
      limit === null
        ? 'GitLab has said that it takes no more for now'
        : `${limit.remaining} of ${limit.limit} requests remain, and the rest is kept for others`;
    log[weight === 'progress' ? 'info' : 'warn'](
      { weight, until, ...limit },
      'A write to GitLab was put off to keep within its limits',
    );
    throw new PutOff(until, `A write of the kind "${weight}" was put off: ${words}`);
  }
}
