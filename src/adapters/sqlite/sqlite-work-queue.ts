/**
 * The work queue in lockkeeper.sqlite. Every change is one write transaction, so that any number of workers, in this process or others,
 * agree on who holds a lane. A claim is held while its fence is the row's and its lease lies ahead; afterwards the worker that had it
 * can change nothing any more.
 */
import type { Instant } from '../../core/ids.js';
import type { JobSubject } from '../../core/job.js';
import type { Clock } from '../../ports/clock.js';
import { dueInstant } from '../../ports/due-instant.js';
import { grantLaneLock } from '../../ports/lane-lock.js';
import type { Claim, DeadJob, GivenBack, Held, NewJob, WorkQueue } from '../../ports/work-queue.js';
import type { SqlWriter } from './group-commit.js';
import type { SqliteConnection, SqlRow } from './sqlite-connection.js';

interface WorkQueueOptions {
  readonly clock: Clock;
  /** How long a claim holds without being extended, in ms. */
  readonly lease?: number;
}

const LEASE = 60_000;

/** A job's row that a claim still holds: parameters id, fence, now. */
const HELD = `id = ? AND fence = ? AND state = 'claimed' AND lease_until > ?`;

const ENQUEUE = `INSERT INTO jobs (lane, key, subject, state, due_at, attempts, fence, lease_until)
   VALUES (?, ?, ?, 'waiting', ?, 0, 0, 0)
   ON CONFLICT (lane, key) WHERE state = 'waiting'
   DO UPDATE SET subject = excluded.subject, due_at = min(due_at, excluded.due_at)
   WHERE subject <> excluded.subject OR due_at > excluded.due_at`;

const FINISH = `DELETE FROM jobs WHERE ${HELD}`;

const FORGET_DEAD = `DELETE FROM jobs WHERE lane = ? AND key = ? AND state = 'dead'`;

const OUTLOOK = `SELECT min(lease_until) AS first_lease, max(lease_until) AS last_lease,
     (SELECT due_at FROM jobs AS job WHERE state = 'waiting'
        AND NOT EXISTS (SELECT 1 FROM jobs AS other WHERE other.state = 'claimed' AND other.lane = job.lane)
      ORDER BY due_at, id LIMIT 1) AS first_due
   FROM jobs WHERE state = 'claimed'`;

/** What the queue writes in groups. */
export const QUEUE_STATEMENTS: readonly string[] = [ENQUEUE, FINISH, FORGET_DEAD];

export class SqliteWorkQueue implements WorkQueue {
  readonly #store: SqliteConnection;
  readonly #clock: Clock;
  readonly #lease: number;
  readonly #listeners = new Set<() => void>();

  constructor(store: SqliteConnection, options: WorkQueueOptions) {
    this.#store = store;
    this.#clock = options.clock;
    this.#lease = options.lease ?? LEASE;
  }

  async enqueue(job: NewJob): Promise<void> {
    await this.#store.grouped((writer) => this.insert(job, writer));
    this.announce();
  }

  async claim(): Promise<Claim | null> {
    const now = this.#clock.now();
    // Asked first without the write lock: an idle worker must not keep the others from writing.
    const { first, lastLease } = this.#outlook();
    const latest = now + this.#lease;
    if (first > now && lastLease <= latest) return null;
    return this.#store.transaction(() => {
      // The clock may have been set back: no claim holds for longer than one that is given now.
      this.#store.run(`UPDATE jobs SET lease_until = ? WHERE state = 'claimed' AND lease_until > ?`, latest, latest);
      this.#takeBackExpired(now);
      const row = this.#store.row(
        `SELECT id, lane, key, subject, attempts, failures FROM jobs AS job
         WHERE state = 'waiting' AND due_at <= ?
           AND NOT EXISTS (SELECT 1 FROM jobs AS other WHERE other.state = 'claimed' AND other.lane = job.lane)
         ORDER BY due_at, id LIMIT 1`,
        now,
      );
      return row && this.#give(row, now);
    });
  }

  async extend(claim: Claim): Promise<Held> {
    const now = this.#clock.now();
    return heldIf(
      this.#store.run(`UPDATE jobs SET lease_until = ? WHERE ${HELD}`, now + this.#lease, ...held(claim, now)),
    );
  }

  async finish(claim: Claim): Promise<Held> {
    const now = this.#clock.now();
    const finished = await this.#store.grouped((writer) => {
      const rows = writer.run(FINISH, ...held(claim, now));
      if (rows === 1) writer.run(FORGET_DEAD, claim.lane, claim.key);
      return rows;
    });
    this.announce();
    return heldIf(finished);
  }

  async retry(claim: Claim, at: Instant, why: GivenBack = 'put-off'): Promise<Held> {
    const now = this.#clock.now();
    const dueAt = Math.max(now, dueInstant(at));
    return this.#ifHeld(claim, now, () => {
      const id = Number(claim.id);
      if (why === 'failed') this.#store.run('UPDATE jobs SET failures = failures + 1 WHERE id = ?', id);
      this.#putBack(id, dueAt);
    });
  }

  async lapse(claim: Claim, at: Instant): Promise<Held> {
    return heldIf(
      this.#store.run(
        `UPDATE jobs SET lease_until = min(lease_until, ?) WHERE ${HELD}`,
        dueInstant(at),
        ...held(claim, this.#clock.now()),
      ),
    );
  }

  async bury(claim: Claim, reason: string): Promise<Held> {
    const now = this.#clock.now();
    return this.#ifHeld(claim, now, () => {
      this.#store.run(FORGET_DEAD, claim.lane, claim.key);
      // As JSON the reason keeps every character: libsql cuts text at a NUL.
      this.#store.run(
        `UPDATE jobs SET state = 'dead', reason = ?, died_at = ? WHERE id = ?`,
        JSON.stringify(reason),
        now,
        Number(claim.id),
      );
    });
  }

  async unbury(id: string): Promise<'enqueued' | 'unknown'> {
    const enqueued = this.#store.transaction(() => {
      const row = /^[1-9]\d{0,14}$/.test(id)
        ? this.#store.row(`SELECT id, lane, key, subject FROM jobs WHERE id = ? AND state = 'dead'`, Number(id))
        : null;
      if (row === null) return 'unknown';
      this.#store.run('DELETE FROM jobs WHERE id = ?', row.integer('id'));
      const [lane, key] = [row.text('lane'), row.text('key')];
      this.insert({ lane, key, subject: subjectOf(this.#newest(lane, key) ?? row) }, this.#store);
      return 'enqueued';
    });
    this.announce();
    return enqueued;
  }

  /** Claims made so far lapse at `at` at the latest. For a process that knows that those who made them are gone. */
  lapseClaims(at: Instant): void {
    this.#store.run(`UPDATE jobs SET lease_until = min(lease_until, ?) WHERE state = 'claimed'`, at);
  }

  async dead(): Promise<readonly DeadJob[]> {
    return this.#store.rows(`SELECT * FROM jobs WHERE state = 'dead' ORDER BY died_at, id`).map((row) => ({
      id: String(row.integer('id')),
      lane: row.text('lane'),
      key: row.text('key'),
      subject: subjectOf(row),
      reason: JSON.parse(row.text('reason')) as string,
      at: row.integer('died_at'),
    }));
  }

  async nextDue(): Promise<Instant | null> {
    const { first } = this.#outlook();
    return first === Number.POSITIVE_INFINITY ? null : Math.max(this.#clock.now(), first);
  }

  onWork(listener: () => void): () => void {
    // Wrapped, so that the same function given twice is called and stopped twice.
    const entry = (): void => listener();
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /** By the writer of a transaction, after which {@link announce} is called: for what is written together with its jobs. */
  insert(job: NewJob, writer: SqlWriter): void {
    const now = this.#clock.now();
    const dueAt = Math.max(now, dueInstant(job.notBefore ?? now));
    writer.run(ENQUEUE, job.lane, job.key, JSON.stringify(job.subject), dueAt);
  }

  /** The job of that key that waits, or else the one that runs. */
  #newest(lane: string, key: string): SqlRow | null {
    return this.#store.row(
      `SELECT subject FROM jobs WHERE lane = ? AND key = ? AND state IN ('waiting', 'claimed') ORDER BY state DESC LIMIT 1`,
      lane,
      key,
    );
  }

  /** One transaction, so that the claim is still held when `change` is made. */
  #ifHeld(claim: Claim, now: Instant, change: () => void): Held {
    const outcome = this.#store.transaction(() => {
      if (!this.#store.row(`SELECT id FROM jobs WHERE ${HELD}`, ...held(claim, now))) return 'lost';
      change();
      return 'done';
    });
    this.announce();
    return outcome;
  }

  /** `first`: when something may be given; a claimed lane may when its lease ends, a free one when its first job is due. */
  #outlook(): { readonly first: Instant; readonly lastLease: Instant } {
    const row = this.#store.row(OUTLOOK);
    const at = (column: string): Instant | null => (row === null || row.isNull(column) ? null : row.integer(column));
    const never = Number.POSITIVE_INFINITY;
    return {
      first: Math.min(at('first_lease') ?? never, at('first_due') ?? never),
      lastLease: at('last_lease') ?? -never,
    };
  }

  /** Within a transaction: what a worker claimed and neither finished nor extended waits again, in its old place. */
  #takeBackExpired(now: Instant): void {
    const expired = this.#store.rows(`SELECT id, due_at FROM jobs WHERE state = 'claimed' AND lease_until <= ?`, now);
    for (const row of expired) this.#putBack(row.integer('id'), Math.min(now, row.integer('due_at')));
  }

  /** Within a transaction: a claimed job waits again. With a twin that waits already it becomes one, as if the twin had come now. */
  #putBack(id: number, dueAt: Instant): void {
    const twin = this.#store.row(
      `SELECT twin.id, twin.subject, twin.due_at FROM jobs AS twin JOIN jobs AS job USING (lane, key)
       WHERE job.id = ? AND twin.state = 'waiting'`,
      id,
    );
    if (twin) {
      this.#store.run('DELETE FROM jobs WHERE id = ?', twin.integer('id'));
      this.#store.run('UPDATE jobs SET subject = ? WHERE id = ?', twin.text('subject'), id);
    }
    const earlier = twin ? Math.min(dueAt, twin.integer('due_at')) : dueAt;
    this.#store.run(`UPDATE jobs SET state = 'waiting', due_at = ? WHERE id = ?`, earlier, id);
  }

  /** Within a transaction. One counter for all lanes grows in each of them, and leaves nothing behind when a lane is gone. */
  #give(row: SqlRow, now: Instant): Claim {
    this.#store.run('UPDATE last_fence SET fence = fence + 1');
    const fence = this.#store.row('SELECT fence FROM last_fence')?.integer('fence');
    if (fence === undefined) throw new Error(`${this.#store.file}: the fence counter is gone`);
    const id = row.integer('id');
    const attempt = row.integer('attempts') + 1;
    this.#store.run(
      `UPDATE jobs SET state = 'claimed', attempts = ?, fence = ?, lease_until = ? WHERE id = ?`,
      attempt,
      fence,
      now + this.#lease,
      id,
    );
    const lane = row.text('lane');
    const lock = grantLaneLock(lane, fence, async () => this.#isHeld(id, fence));
    const [key, failures] = [row.text('key'), row.integer('failures')];
    return { id: String(id), lane, key, subject: subjectOf(row), attempt, failures, lock };
  }

  #isHeld(id: number, fence: number): boolean {
    return this.#store.row(`SELECT id FROM jobs WHERE ${HELD}`, id, fence, this.#clock.now()) !== null;
  }

  /** Wakes those who listen. Afterwards, so that a listener that fails does not make the write look as if it had. */
  announce(): void {
    for (const listener of this.#listeners) queueMicrotask(listener);
  }
}

function held(claim: Claim, now: Instant): [number, number, Instant] {
  return [Number(claim.id), claim.lock.fence, now];
}

/** @param changed how many rows were */
function heldIf(changed: number): Held {
  return changed === 1 ? 'done' : 'lost';
}

function subjectOf(row: SqlRow): JobSubject {
  return JSON.parse(row.text('subject')) as JobSubject;
}
