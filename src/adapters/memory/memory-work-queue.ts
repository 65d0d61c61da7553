/**
 * A work queue that lives as long as the process. Nothing in it moves by itself: whoever holds it claims one job at a time and
 * lets the clock run, which is what a test steps through.
 */
import type { Instant } from '../../core/ids.js';
import type { JobSubject } from '../../core/job.js';
import type { Clock } from '../../ports/clock.js';
import { dueInstant } from '../../ports/due-instant.js';
import { grantLaneLock } from '../../ports/lane-lock.js';
import type { Claim, DeadJob, GivenBack, Held, NewJob, WorkQueue } from '../../ports/work-queue.js';

interface Waiting {
  /** Also its place among those that are due at once. */
  readonly id: number;
  readonly lane: string;
  readonly key: string;
  readonly subject: JobSubject;
  readonly dueAt: Instant;
  readonly attempts: number;
  readonly failures: number;
}

interface Claimed {
  readonly job: Waiting;
  readonly fence: number;
  readonly leaseUntil: Instant;
}

const LEASE = 60_000;

export class MemoryWorkQueue implements WorkQueue {
  readonly #clock: Clock;
  readonly #lease: number;
  readonly #waiting = new Map<number, Waiting>();
  /** By lane. */
  readonly #claimed = new Map<string, Claimed>();
  readonly #dead: DeadJob[] = [];
  readonly #listeners = new Set<() => void>();
  #lastId = 0;
  #lastFence = 0;

  /** @param options `lease`: how long a claim holds without being extended, in ms */
  constructor(options: { readonly clock: Clock; readonly lease?: number }) {
    this.#clock = options.clock;
    this.#lease = options.lease ?? LEASE;
  }

  async enqueue(job: NewJob): Promise<void> {
    const now = this.#clock.now();
    const dueAt = Math.max(now, dueInstant(job.notBefore ?? now));
    const subject = structuredClone(job.subject);
    const twin = this.#twin(job.lane, job.key);
    if (twin) this.#waiting.set(twin.id, { ...twin, subject, dueAt: Math.min(twin.dueAt, dueAt) });
    else this.#add({ id: ++this.#lastId, lane: job.lane, key: job.key, subject, dueAt, attempts: 0, failures: 0 });
    this.#announce();
  }

  async claim(): Promise<Claim | null> {
    const now = this.#clock.now();
    this.#shortenLeases(now);
    for (const [lane, claimed] of this.#claimed) {
      if (claimed.leaseUntil > now) continue;
      this.#claimed.delete(lane);
      this.#putBack(claimed.job, Math.min(now, claimed.job.dueAt));
    }
    const due = this.#claimable().filter((job) => job.dueAt <= now);
    const next = due.toSorted((a, b) => a.dueAt - b.dueAt || a.id - b.id)[0];
    return next ? this.#give(next, now) : null;
  }

  async extend(claim: Claim): Promise<Held> {
    return this.#setLease(claim, () => this.#clock.now() + this.#lease);
  }

  async finish(claim: Claim): Promise<Held> {
    const job = this.#release(claim);
    if (job) this.#takeDead((dead) => isTwin(dead, job));
    this.#announce();
    return job ? 'done' : 'lost';
  }

  async retry(claim: Claim, at: Instant, why: GivenBack = 'put-off'): Promise<Held> {
    const dueAt = Math.max(this.#clock.now(), dueInstant(at));
    const job = this.#release(claim);
    if (job) this.#putBack(why === 'failed' ? { ...job, failures: job.failures + 1 } : job, dueAt);
    this.#announce();
    return job ? 'done' : 'lost';
  }

  async lapse(claim: Claim, at: Instant): Promise<Held> {
    const end = dueInstant(at);
    return this.#setLease(claim, (leaseUntil) => Math.min(leaseUntil, end));
  }

  async bury(claim: Claim, reason: string): Promise<Held> {
    const job = this.#release(claim);
    if (job) {
      this.#takeDead((dead) => isTwin(dead, job));
      const { lane, key, subject } = job;
      this.#dead.push({ id: String(job.id), lane, key, subject, reason, at: this.#clock.now() });
    }
    this.#announce();
    return job ? 'done' : 'lost';
  }

  async unbury(id: string): Promise<'enqueued' | 'unknown'> {
    const job = this.#takeDead((dead) => dead.id === id);
    if (!job) return 'unknown';
    const { lane, key } = job;
    const newer = this.#twin(lane, key) ?? this.#runningTwin(lane, key);
    await this.enqueue({ lane, key, subject: newer?.subject ?? job.subject });
    return 'enqueued';
  }

  async dead(): Promise<readonly DeadJob[]> {
    return this.#dead.toSorted((a, b) => a.at - b.at || Number(a.id) - Number(b.id));
  }

  async nextDue(): Promise<Instant | null> {
    const instants = [
      ...[...this.#claimed.values()].map((claimed) => claimed.leaseUntil),
      ...this.#claimable().map((job) => job.dueAt),
    ];
    return instants.length === 0 ? null : Math.max(this.#clock.now(), Math.min(...instants));
  }

  onWork(listener: () => void): () => void {
    const entry = (): void => listener();
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  #add(job: Waiting): void {
    this.#waiting.set(job.id, job);
  }

  #twin(lane: string, key: string): Waiting | undefined {
    return [...this.#waiting.values()].find((job) => isTwin(job, { lane, key }));
  }

  #runningTwin(lane: string, key: string): Waiting | undefined {
    const job = this.#claimed.get(lane)?.job;
    return job?.key === key ? job : undefined;
  }

  #takeDead(wanted: (dead: DeadJob) => boolean): DeadJob | undefined {
    const at = this.#dead.findIndex(wanted);
    return at < 0 ? undefined : this.#dead.splice(at, 1)[0];
  }

  /** Waiting jobs of lanes that nobody holds. */
  #claimable(): Waiting[] {
    return [...this.#waiting.values()].filter((job) => !this.#claimed.has(job.lane));
  }

  /** With a twin that waits already the two become one, as if the twin had come now. */
  #putBack(job: Waiting, dueAt: Instant): void {
    const twin = this.#twin(job.lane, job.key);
    if (twin) this.#waiting.delete(twin.id);
    const earlier = twin ? Math.min(dueAt, twin.dueAt) : dueAt;
    this.#add({ ...job, subject: twin?.subject ?? job.subject, dueAt: earlier });
  }

  #give(waiting: Waiting, now: Instant): Claim {
    const fence = ++this.#lastFence;
    const job = { ...waiting, attempts: waiting.attempts + 1 };
    const { lane, key, subject, attempts, failures } = job;
    this.#waiting.delete(job.id);
    this.#claimed.set(lane, { job, fence, leaseUntil: now + this.#lease });
    const lock = grantLaneLock(lane, fence, async () => this.#held(lane, fence) !== null);
    return { id: String(job.id), lane, key, subject, attempt: attempts, failures, lock };
  }

  /** The clock may have been set back: no claim holds for longer than one that is given now. */
  #shortenLeases(now: Instant): void {
    const latest = now + this.#lease;
    for (const [lane, claimed] of this.#claimed)
      if (claimed.leaseUntil > latest) this.#claimed.set(lane, { ...claimed, leaseUntil: latest });
  }

  #held(lane: string, fence: number): Claimed | null {
    const claimed = this.#claimed.get(lane);
    return claimed?.fence === fence && claimed.leaseUntil > this.#clock.now() ? claimed : null;
  }

  #setLease(claim: Claim, until: (leaseUntil: Instant) => Instant): Held {
    const claimed = this.#held(claim.lane, claim.lock.fence);
    if (!claimed) return 'lost';
    this.#claimed.set(claim.lane, { ...claimed, leaseUntil: until(claimed.leaseUntil) });
    return 'done';
  }

  /** Takes the job out of its lane, or gives null where the claim was lost. */
  #release(claim: Claim): Waiting | null {
    const claimed = this.#held(claim.lane, claim.lock.fence);
    if (!claimed) return null;
    this.#claimed.delete(claim.lane);
    return claimed.job;
  }

  #announce(): void {
    for (const listener of this.#listeners) queueMicrotask(listener);
  }
}

function isTwin(a: Pick<DeadJob, 'lane' | 'key'>, b: Pick<DeadJob, 'lane' | 'key'>): boolean {
  return a.lane === b.lane && a.key === b.key;
}
