/**
 * The work queue on Redis, for any number of processes.
 *
 * Which job is next, who holds a lane, its lease and its fence are decided by scripts that Redis runs as one step (lane-scripts.ts): BullMQ
 * knows neither lanes of several jobs nor fences. BullMQ is the bell: one BullMQ job for a lane, due when the lane's first job is, wakes one
 * process (lane-bell.ts). A bell that is lost or late costs at most the second after which idle workers look by themselves.
 */
import type { Instant } from '../../core/ids.js';
import type { JobSubject } from '../../core/job.js';
import type { Clock } from '../../ports/clock.js';
import { dueInstant } from '../../ports/due-instant.js';
import { grantLaneLock } from '../../ports/lane-lock.js';
import type { Claim, DeadJob, GivenBack, Held, NewJob, WorkQueue } from '../../ports/work-queue.js';
import type { LaneBell } from './lane-bell.js';
import * as scripts from './lane-scripts.js';
import type { RedisConnection, RedisScript } from './redis-connection.js';

interface BullmqWorkQueueOptions {
  /** Absent for Redis's own time, which is the same for every process. */
  readonly clock?: Clock;
  /** How long a claim holds without being extended, in ms. */
  readonly lease?: number;
  /** Absent where nobody has to be woken. */
  readonly bell?: LaneBell;
}

const LEASE = 60_000;

export class BullmqWorkQueue implements WorkQueue {
  readonly #store: RedisConnection;
  readonly #clock: Clock | null;
  readonly #lease: number;
  readonly #bell: LaneBell | null;
  readonly #listeners = new Set<() => void>();

  constructor(store: RedisConnection, options: BullmqWorkQueueOptions = {}) {
    this.#store = store;
    this.#clock = options.clock ?? null;
    this.#lease = options.lease ?? LEASE;
    this.#bell = options.bell ?? null;
  }

  async enqueue(job: NewJob): Promise<void> {
    const { lane, key, subject, notBefore } = job;
    const wanted = notBefore === undefined ? '' : dueInstant(notBefore);
    const due = await this.run(scripts.ENQUEUE, lane, key, JSON.stringify(subject), wanted);
    this.announce(lane, due);
  }

  async claim(): Promise<Claim | null> {
    const given = await this.run(scripts.CLAIM, this.#lease, this.#store.connectionName);
    if (!Array.isArray(given)) return null;
    const [id, lane, key, subject, attempt, failures, fence] = given.map(String);
    if (id === undefined || lane === undefined || key === undefined) throw new TypeError('a claim without a job');
    const lock = grantLaneLock(lane, Number(fence), async () => this.#isHeld(id, Number(fence)));
    const tries = { attempt: Number(attempt), failures: Number(failures) };
    return { id, lane, key, subject: subjectOf(subject), ...tries, lock };
  }

  async extend(claim: Claim): Promise<Held> {
    return heldIf(await this.#ofClaim(scripts.EXTEND, claim, this.#lease, this.#store.connectionName));
  }

  async lapse(claim: Claim, at: Instant): Promise<Held> {
    return heldIf(await this.#ofClaim(scripts.LAPSE, claim, dueInstant(at)));
  }

  async finish(claim: Claim): Promise<Held> {
    return this.#freed(claim, await this.#ofClaim(scripts.FINISH, claim));
  }

  async retry(claim: Claim, at: Instant, why: GivenBack = 'put-off'): Promise<Held> {
    return this.#freed(claim, await this.#ofClaim(scripts.RETRY, claim, dueInstant(at), why));
  }

  async bury(claim: Claim, reason: string): Promise<Held> {
    return this.#freed(claim, await this.#ofClaim(scripts.BURY, claim, JSON.stringify(reason)));
  }

  async dead(): Promise<readonly DeadJob[]> {
    const found = (await this.run(scripts.DEAD)) as readonly (readonly string[])[];
    return found.map(([id = '', lane = '', key = '', subject, reason = '""', died]) => ({
      id,
      lane,
      key,
      subject: subjectOf(subject),
      reason: JSON.parse(reason) as string,
      at: Number(died),
    }));
  }

  async unbury(id: string): Promise<'enqueued' | 'unknown'> {
    const lane = await this.run(scripts.UNBURY, id);
    if (typeof lane !== 'string') return 'unknown';
    this.announce(lane, '0');
    return 'enqueued';
  }

  async nextDue(): Promise<Instant | null> {
    const due = await this.run(scripts.NEXT_DUE);
    return due === null ? null : Number(due);
  }

  onWork(listener: () => void): () => void {
    // Wrapped, so that the same function given twice is called and stopped twice.
    const entry = (): void => listener();
    this.#listeners.add(entry);
    const unheard = this.#bell?.listen(entry);
    return () => {
      this.#listeners.delete(entry);
      unheard?.();
    };
  }

  /**
   * Claims of connections that are no more lapse `grace` ms from now. Without it they would lapse with their leases. Returns how many
   * were hastened.
   *
   * A process that merely lost its connection extends its claims under its new one; until then it can't prove that it holds them, and
   * writes nothing.
   */
  async lapseAbandoned(grace: number): Promise<number> {
    const clients = String(await this.#store.send('CLIENT', 'LIST'));
    const alive = [...clients.matchAll(/ name=(lockkeeper-\S+)/g)].map(([, name = '']) => name);
    return Number(await this.run(scripts.LAPSE_ABANDONED, grace, ...alive));
  }

  /** A script that begins as those of the queue do: for what is written together with its jobs. */
  async run(script: RedisScript, ...values: readonly (string | number)[]): Promise<unknown> {
    return this.#store.run(script, this.#clock?.now() ?? '', ...values);
  }

  /**
   * Wakes those who listen: here at once; elsewhere by the bell, where this made the lane's first job one that can be claimed.
   *
   * @param due what enqueuing gave
   */
  announce(lane: string, due: unknown): void {
    for (const listener of this.#listeners) queueMicrotask(listener);
    if (typeof due === 'string' && due !== '') this.#bell?.ring(lane, Number(due));
  }

  async #isHeld(id: string, fence: number): Promise<boolean> {
    return (await this.run(scripts.IS_HELD, id, fence)) === 1;
  }

  async #ofClaim(script: RedisScript, claim: Claim, ...values: readonly (string | number)[]): Promise<unknown> {
    return this.run(script, claim.id, claim.lock.fence, ...values);
  }

  #freed(claim: Claim, due: unknown): Held {
    this.announce(claim.lane, due);
    return due === null ? 'lost' : 'done';
  }
}

/** @param answer 1 or 0 */
function heldIf(answer: unknown): Held {
  return answer === 1 ? 'done' : 'lost';
}

function subjectOf(text: string | undefined): JobSubject {
  return JSON.parse(text ?? 'null') as JobSubject;
}
