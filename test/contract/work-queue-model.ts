/** What a work queue means, as simply as it can be said: one list of jobs, searched from the front. */
import type { Instant } from '../../src/core/ids.js';
import type { GivenBack } from '../../src/ports/work-queue.js';

interface ModelJob {
  readonly lane: string;
  readonly key: string;
  number: number;
  dueAt: Instant;
  readonly place: number;
  attempt: number;
  failures: number;
  /** The claim that has it (an index into all claims ever given), or null while it waits. */
  claim: number | null;
  leaseUntil: Instant;
}

interface ModelDead {
  readonly lane: string;
  readonly key: string;
  readonly reason: string;
  readonly at: Instant;
}

export class WorkQueueModel {
  readonly #lease: number;
  #jobs: ModelJob[] = [];
  #dead: (ModelDead & { readonly place: number })[] = [];
  #claims = 0;
  #places = 0;

  constructor(lease: number) {
    this.#lease = lease;
  }

  enqueue(wanted: {
    readonly lane: string;
    readonly key: string;
    readonly number: number;
    readonly dueAt: Instant;
  }): void {
    const twin = this.#jobs.find((job) => job.claim === null && same(job, wanted));
    if (twin) {
      twin.number = wanted.number;
      twin.dueAt = Math.min(twin.dueAt, wanted.dueAt);
    } else {
      this.#jobs.push({ ...wanted, place: this.#places++, attempt: 0, failures: 0, claim: null, leaseUntil: 0 });
    }
  }

  claim(now: Instant): Pick<ModelJob, 'lane' | 'key' | 'number' | 'attempt' | 'failures'> | null {
    for (const job of this.#jobs.filter((one) => one.claim !== null)) {
      // Of a clock that was set back.
      job.leaseUntil = Math.min(job.leaseUntil, now + this.#lease);
      if (job.leaseUntil > now) continue;
      job.dueAt = Math.min(job.dueAt, now);
      this.#wait(job);
    }
    const next = this.#jobs
      .filter((job) => job.claim === null && job.dueAt <= now && !this.#isBusy(job.lane))
      .toSorted((a, b) => a.dueAt - b.dueAt || a.place - b.place)[0];
    if (!next) return null;
    next.attempt++;
    next.claim = this.#claims++;
    next.leaseUntil = now + this.#lease;
    return { lane: next.lane, key: next.key, number: next.number, attempt: next.attempt, failures: next.failures };
  }

  isHeld(claim: number, now: Instant): boolean {
    return this.#held(claim, now) !== undefined;
  }

  extend(claim: number, now: Instant): void {
    const job = this.#held(claim, now);
    if (job) job.leaseUntil = now + this.#lease;
  }

  finish(claim: number, now: Instant): void {
    const job = this.#held(claim, now);
    if (!job) return;
    this.#drop(job);
    this.#dead = this.#dead.filter((dead) => !same(dead, job));
  }

  retry(claim: number, { at, why }: { readonly at: Instant; readonly why: GivenBack }, now: Instant): void {
    const job = this.#held(claim, now);
    if (!job) return;
    if (why === 'failed') job.failures++;
    job.dueAt = at;
    this.#wait(job);
  }

  lapse(claim: number, at: Instant, now: Instant): void {
    const job = this.#held(claim, now);
    if (job) job.leaseUntil = Math.min(job.leaseUntil, at);
  }

  bury(claim: number, reason: string, now: Instant): void {
    const job = this.#held(claim, now);
    if (!job) return;
    this.#drop(job);
    this.#dead = this.#dead.filter((dead) => !same(dead, job));
    this.#dead.push({ lane: job.lane, key: job.key, reason, at: now, place: job.place });
  }

  dead(): ModelDead[] {
    return this.#dead
      .toSorted((a, b) => a.at - b.at || a.place - b.place)
      .map(({ lane, key, reason, at }) => ({ lane, key, reason, at }));
  }

  nextDue(now: Instant): Instant | null {
    const instants = this.#jobs.flatMap((job) => {
      if (job.claim !== null) return [job.leaseUntil];
      return this.#isBusy(job.lane) ? [] : [job.dueAt];
    });
    return instants.length === 0 ? null : Math.max(now, Math.min(...instants));
  }

  #wait(job: ModelJob): void {
    const twin = this.#jobs.find((one) => one.claim === null && same(one, job));
    job.claim = null;
    if (!twin) return;
    this.#drop(twin);
    job.number = twin.number;
    job.dueAt = Math.min(job.dueAt, twin.dueAt);
  }

  #isBusy(lane: string): boolean {
    return this.#jobs.some((job) => job.lane === lane && job.claim !== null);
  }

  #held(claim: number, now: Instant): ModelJob | undefined {
    return this.#jobs.find((job) => job.claim === claim && job.leaseUntil > now);
  }

  #drop(job: ModelJob | undefined): void {
    this.#jobs = this.#jobs.filter((one) => one !== job);
  }
}

function same(a: { lane: string; key: string }, b: { lane: string; key: string }): boolean {
  return a.lane === b.lane && a.key === b.key;
}
