/** What every work queue must do: see src/ports/work-queue.ts. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { ManualClock } from '../../src/adapters/memory/manual-clock.js';
import type { Claim, Held, NewJob, WorkQueue } from '../../src/ports/work-queue.js';
import { subject } from './numbered-subject.js';
import { WorkQueueModel } from './work-queue-model.js';

export interface WorkQueueUnderTest {
  readonly clock: ManualClock;
  /** In ms. */
  readonly lease: number;
  /** How many random sequences of operations to play. */
  readonly randomRuns: number;
  /** Another worker's view of the same jobs. */
  worker(): WorkQueue;
  close(): void | Promise<void>;
}

const job = (lane: string, key: string, more: Partial<NewJob> & { readonly number?: number } = {}): NewJob => {
  const { number = 1, ...rest } = more;
  return { lane, key, subject: subject(number), ...rest };
};

const keyOf = (claim: Claim | null): string | null => claim && `${claim.lane}/${claim.key}`;

async function mustClaim(queue: WorkQueue): Promise<Claim> {
  const claim = await queue.claim();
  if (!claim) throw new Error('nothing to claim');
  return claim;
}

/** Claims and finishes until nothing is due: `lane/key` in the order given out. */
async function drain(queue: WorkQueue): Promise<string[]> {
  const order: string[] = [];
  for (let claim = await queue.claim(); claim; claim = await queue.claim()) {
    order.push(`${claim.lane}/${claim.key}`);
    await queue.finish(claim);
  }
  return order;
}

const afterMicrotasks = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

export function describeWorkQueue(name: string, open: () => WorkQueueUnderTest | Promise<WorkQueueUnderTest>): void {
  describe(`work queue: ${name}`, () => {
    let under: WorkQueueUnderTest;
    let clock: ManualClock;
    let queue: WorkQueue;
    let other: WorkQueue;

    beforeEach(async () => {
      under = await open();
      clock = under.clock;
      queue = under.worker();
      other = under.worker();
    });
    afterEach(() => under.close());

    test('an empty queue has nothing to give and nothing due', async () => {
      expect(await queue.claim()).toBeNull();
      expect(await queue.nextDue()).toBeNull();
      expect(await queue.dead()).toEqual([]);
    });

    test('a claim carries the job as it was enqueued', async () => {
      await queue.enqueue(job('github:acme/config', 'attend:7', { number: 7 }));
      const claim = await mustClaim(other);
      expect({ lane: claim.lane, key: claim.key, subject: claim.subject, attempt: claim.attempt }).toEqual({
        lane: 'github:acme/config',
        key: 'attend:7',
        subject: subject(7),
        attempt: 1,
      });
      expect(claim.lock.lane).toBe('github:acme/config');
    });

    test('I2: a lane has at most one claimed job, over all workers', async () => {
      await queue.enqueue(job('a', '1'));
      await queue.enqueue(job('a', '2'));
      const first = await mustClaim(queue);
      expect(await other.claim()).toBeNull();
      expect(await queue.claim()).toBeNull();
      await queue.finish(first);
      expect(keyOf(await other.claim())).toBe('a/2');
    });

    test('lanes do not wait for each other', async () => {
      await queue.enqueue(job('a', '1'));
      await queue.enqueue(job('b', '1'));
      expect([keyOf(await queue.claim()), keyOf(await other.claim())]).toEqual(['a/1', 'b/1']);
    });

    test('what waits in a held lane does not stand before what is due in another', async () => {
      await queue.enqueue(job('a', '1'));
      await queue.enqueue(job('a', '2'));
      await mustClaim(queue);
      await queue.enqueue(job('b', '1'));
      expect(keyOf(await other.claim())).toBe('b/1');
    });

    test('a finished job is gone', async () => {
      await queue.enqueue(job('a', '1'));
      await queue.finish(await mustClaim(queue));
      clock.advance(under.lease * 2);
      expect(await queue.claim()).toBeNull();
      expect(await queue.nextDue()).toBeNull();
    });

    describe('order', () => {
      test('jobs that are due at once come in the order of enqueuing', async () => {
        for (const key of ['3', '1', '2']) await queue.enqueue(job('a', key));
        expect(await drain(other)).toEqual(['a/3', 'a/1', 'a/2']);
      });

      test('jobs come in the order in which they became due', async () => {
        await queue.enqueue(job('a', 'late', { notBefore: clock.now() + 20 }));
        await queue.enqueue(job('a', 'soon', { notBefore: clock.now() + 10 }));
        await queue.enqueue(job('a', 'now'));
        clock.advance(15);
        await queue.enqueue(job('a', 'fifteen'));
        clock.advance(15);
        expect(await drain(queue)).toEqual(['a/now', 'a/soon', 'a/fifteen', 'a/late']);
      });

      test('an instant that is past gives no precedence', async () => {
        await queue.enqueue(job('a', 'first'));
        clock.advance(10);
        await queue.enqueue(job('a', 'second', { notBefore: 5 }));
        expect(await drain(queue)).toEqual(['a/first', 'a/second']);
      });

      test('a job is not given out before its time, to the millisecond', async () => {
        await queue.enqueue(job('a', '1', { notBefore: clock.now() + 100 }));
        clock.advance(99);
        expect(await queue.claim()).toBeNull();
        clock.advance(1);
        expect(keyOf(await queue.claim())).toBe('a/1');
      });

      test('a job that waits for its time holds nobody up in its lane', async () => {
        await queue.enqueue(job('a', 'later', { notBefore: clock.now() + 100 }));
        await queue.enqueue(job('a', 'now'));
        expect(await drain(queue)).toEqual(['a/now']);
      });
    });

    describe('coalescing', () => {
      test('a job whose twin waits replaces its subject and keeps its place', async () => {
        await queue.enqueue(job('a', '1', { number: 1 }));
        await queue.enqueue(job('a', '2'));
        await other.enqueue(job('a', '1', { number: 9 }));
        const claim = await mustClaim(queue);
        expect([keyOf(claim), claim.subject]).toEqual(['a/1', subject(9)]);
        await queue.finish(claim);
        expect(await drain(queue)).toEqual(['a/2']);
      });

      test('the same key in another lane is another job', async () => {
        await queue.enqueue(job('a', '1'));
        await queue.enqueue(job('b', '1'));
        expect(await drain(queue)).toEqual(['a/1', 'b/1']);
      });

      test('the earlier time wins, whichever came first', async () => {
        const start = clock.now();
        await queue.enqueue(job('a', 'hastened', { notBefore: start + 100 }));
        await queue.enqueue(job('a', 'hastened', { notBefore: start + 50 }));
        await queue.enqueue(job('b', 'kept', { notBefore: start + 60 }));
        await queue.enqueue(job('b', 'kept', { notBefore: start + 90 }));
        expect(await queue.nextDue()).toBe(start + 50);
        clock.advance(50);
        expect(await drain(queue)).toEqual(['a/hastened']);
        expect(await queue.nextDue()).toBe(start + 60);
      });

      test('a job that is enqueued while its twin runs waits, and runs after it', async () => {
        await queue.enqueue(job('a', '1', { number: 1 }));
        const running = await mustClaim(queue);
        await other.enqueue(job('a', '1', { number: 2 }));
        await other.enqueue(job('a', '1', { number: 3 }));
        expect(await other.claim()).toBeNull();
        await queue.finish(running);
        const next = await mustClaim(other);
        expect([next.subject, next.attempt]).toEqual([subject(3), 1]);
        await other.finish(next);
        expect(await queue.claim()).toBeNull();
      });
    });

    describe('retry', () => {
      test('a job that is given back comes again at its time, counted', async () => {
        await queue.enqueue(job('a', '1'));
        await queue.retry(await mustClaim(queue), clock.now() + 100);
        expect(await queue.claim()).toBeNull();
        expect(await queue.nextDue()).toBe(clock.now() + 100);
        clock.advance(100);
        expect((await mustClaim(other)).attempt).toBe(2);
      });

      test('its lane is free meanwhile', async () => {
        await queue.enqueue(job('a', '1'));
        await queue.enqueue(job('a', '2'));
        await queue.retry(await mustClaim(queue), clock.now() + 100);
        expect(await drain(queue)).toEqual(['a/2']);
      });

      test('with a twin that was enqueued meanwhile it becomes one: newer subject, earlier time, tries counted', async () => {
        await queue.enqueue(job('a', '1', { number: 1 }));
        const claim = await mustClaim(queue);
        await other.enqueue(job('a', '1', { number: 2 }));
        await queue.retry(claim, clock.now() + 100);
        const again = await mustClaim(queue);
        expect([again.subject, again.attempt]).toEqual([subject(2), 2]);
        await queue.finish(again);
        clock.advance(1_000);
        expect(await queue.claim()).toBeNull();
      });

      test('it comes out the same when the twin is enqueued after it was given back', async () => {
        await queue.enqueue(job('a', '1', { number: 1 }));
        await queue.retry(await mustClaim(queue), clock.now() + 100);
        await other.enqueue(job('a', '1', { number: 2 }));
        const again = await mustClaim(queue);
        expect([again.subject, again.attempt]).toEqual([subject(2), 2]);
        await queue.finish(again);
        clock.advance(1_000);
        expect(await queue.claim()).toBeNull();
      });
    });

    describe('leases and fences', () => {
      test('a claim that is not finished within its lease is given out again, with a larger fence', async () => {
        await queue.enqueue(job('a', '1', { number: 4 }));
        const lost = await mustClaim(queue);
        clock.advance(under.lease - 1);
        expect(await other.claim()).toBeNull();
        clock.advance(1);
        const again = await mustClaim(other);
        expect([keyOf(again), again.subject, again.attempt]).toEqual(['a/1', subject(4), 2]);
        expect(again.lock.fence).toBeGreaterThan(lost.lock.fence);
      });

      test('fences of a lane grow from job to job', async () => {
        const fences: number[] = [];
        for (let round = 0; round < 4; round++) {
          const worker = round % 2 === 0 ? queue : other;
          await worker.enqueue(job('a', '1'));
          const claim = await mustClaim(worker);
          fences.push(claim.lock.fence);
          await worker.finish(claim);
        }
        expect(fences).toEqual([...new Set(fences)].toSorted((a, b) => a - b));
      });

      test('a lock is held until its lease ends, and never again', async () => {
        await queue.enqueue(job('a', '1'));
        const claim = await mustClaim(queue);
        expect(await claim.lock.stillHeld()).toBe(true);
        clock.advance(under.lease - 1);
        expect(await claim.lock.stillHeld()).toBe(true);
        clock.advance(1);
        expect(await claim.lock.stillHeld()).toBe(false);
        const again = await mustClaim(other);
        expect([await claim.lock.stillHeld(), await again.lock.stillHeld()]).toEqual([false, true]);
      });

      test('a lock ends with its job', async () => {
        const ends: ((claim: Claim) => Promise<Held>)[] = [
          (claim) => queue.finish(claim),
          (claim) => queue.retry(claim, clock.now() + 1_000_000),
          (claim) => queue.bury(claim, 'tried too often'),
        ];
        for (const [index, end] of ends.entries()) {
          await queue.enqueue(job('a', String(index)));
          const claim = await mustClaim(queue);
          expect(await end(claim)).toBe('done');
          expect(await claim.lock.stillHeld()).toBe(false);
        }
      });

      test('extending renews the lease', async () => {
        await queue.enqueue(job('a', '1'));
        const claim = await mustClaim(queue);
        clock.advance(under.lease - 1);
        expect(await queue.extend(claim)).toBe('done');
        clock.advance(under.lease - 1);
        expect(await other.claim()).toBeNull();
        expect(await claim.lock.stillHeld()).toBe(true);
        clock.advance(1);
        expect(keyOf(await other.claim())).toBe('a/1');
      });

      test('a claim can be let lapse sooner, not later; until then its lane stays closed', async () => {
        await queue.enqueue(job('a', '1'));
        const claim = await mustClaim(queue);
        expect(await queue.lapse(claim, clock.now() + 10)).toBe('done');
        expect(await queue.lapse(claim, clock.now() + 20)).toBe('done');
        clock.advance(9);
        expect([await claim.lock.stillHeld(), await other.claim()]).toEqual([true, null]);
        clock.advance(1);
        expect(await claim.lock.stillHeld()).toBe(false);
        expect((await mustClaim(other)).attempt).toBe(2);
      });

      test('who has lost a claim can change nothing any more', async () => {
        await queue.enqueue(job('a', '1'));
        const lost = await mustClaim(queue);
        clock.advance(under.lease);
        await queue.extend(lost);
        expect(await lost.lock.stillHeld()).toBe(false);
        const held = await mustClaim(other);
        expect(await queue.extend(lost)).toBe('lost');
        expect(await queue.retry(lost, clock.now() + 5)).toBe('lost');
        expect(await queue.lapse(lost, clock.now())).toBe('lost');
        expect(await queue.bury(lost, 'not mine')).toBe('lost');
        expect(await queue.finish(lost)).toBe('lost');
        expect(await held.lock.stillHeld()).toBe(true);
        expect(await queue.claim()).toBeNull();
        expect(await queue.dead()).toEqual([]);
        clock.advance(under.lease);
        expect(keyOf(await queue.claim())).toBe('a/1');
      });

      test('a lost claim comes before what waited behind it', async () => {
        await queue.enqueue(job('a', '1'));
        await mustClaim(queue);
        clock.advance(1);
        await queue.enqueue(job('a', '2'));
        clock.advance(under.lease);
        expect(await drain(other)).toEqual(['a/1', 'a/2']);
      });

      test('a lost claim becomes one with a twin that was enqueued meanwhile', async () => {
        await queue.enqueue(job('a', '1', { number: 1 }));
        await mustClaim(queue);
        await queue.enqueue(job('a', '1', { number: 2 }));
        clock.advance(under.lease);
        const again = await mustClaim(other);
        expect([again.subject, again.attempt]).toEqual([subject(2), 2]);
        await other.finish(again);
        expect(await other.claim()).toBeNull();
      });
    });

    describe('burying', () => {
      test('a buried job is kept with its reason, out of the way of its lane', async () => {
        await queue.enqueue(job('a', '1', { number: 8 }));
        await queue.enqueue(job('a', '2'));
        const claim = await mustClaim(queue);
        clock.advance(5);
        await queue.bury(claim, 'the forge said "no" \0 five times');
        expect(await other.dead()).toEqual([
          {
            id: claim.id,
            lane: 'a',
            key: '1',
            subject: subject(8),
            reason: 'the forge said "no" \0 five times',
            at: clock.now(),
          },
        ]);
        expect(await drain(other)).toEqual(['a/2']);
        expect(await queue.nextDue()).toBeNull();
      });

      test('a twin of a buried job is a new job with a first try', async () => {
        await queue.enqueue(job('a', '1'));
        await queue.retry(await mustClaim(queue), clock.now());
        const claim = await mustClaim(queue);
        await queue.enqueue(job('a', '1', { number: 2 }));
        await queue.bury(claim, 'once');
        const next = await mustClaim(queue);
        expect([next.subject, next.attempt]).toEqual([subject(2), 1]);
        expect(await queue.dead()).toHaveLength(1);
      });

      test('a buried job that is asked for again is a new one, once', async () => {
        await queue.enqueue(job('a', '1', { number: 8 }));
        await queue.bury(await mustClaim(queue), 'once');
        const [dead] = await queue.dead();
        expect(await other.unbury(dead?.id ?? '')).toBe('enqueued');
        expect(await other.unbury(dead?.id ?? '')).toBe('unknown');
        expect(await queue.dead()).toEqual([]);
        const again = await mustClaim(queue);
        expect([keyOf(again), again.subject, again.attempt]).toEqual(['a/1', subject(8), 1]);
        expect(await queue.unbury('no such job')).toBe('unknown');
      });

      test('a job that is neither buried nor known is not enqueued by asking for it', async () => {
        await queue.enqueue(job('a', '1'));
        const claim = await mustClaim(queue);
        expect(await queue.unbury(claim.id)).toBe('unknown');
        await queue.finish(claim);
        expect(await queue.unbury(claim.id)).toBe('unknown');
        expect(await queue.claim()).toBeNull();
      });

      test('of a job that is buried again the last time is kept; the oldest comes first', async () => {
        for (const [key, reason] of [
          ['1', 'first'],
          ['2', 'second'],
          ['1', 'third'],
        ] as const) {
          await queue.enqueue(job('a', key));
          await queue.bury(await mustClaim(queue), reason);
          clock.advance(1);
        }
        expect((await queue.dead()).map((dead) => dead.reason)).toEqual(['second', 'third']);
      });
    });

    describe('when to look again', () => {
      test('now, if something is due', async () => {
        await queue.enqueue(job('a', '1'));
        clock.advance(10);
        expect(await other.nextDue()).toBe(clock.now());
      });

      test('when the lease ends, if all that waits is in a lane that is held', async () => {
        await queue.enqueue(job('a', '1'));
        await queue.enqueue(job('a', '2'));
        await mustClaim(queue);
        expect(await other.nextDue()).toBe(clock.now() + under.lease);
      });

      test('the earliest of several lanes', async () => {
        const start = clock.now();
        await queue.enqueue(job('a', '1'));
        await mustClaim(queue);
        await queue.enqueue(job('b', '1', { notBefore: start + 10 }));
        expect(await queue.nextDue()).toBe(start + 10);
      });
    });

    describe('listeners', () => {
      test('are called soon after enqueuing and giving back, and not after they stopped', async () => {
        let calls = 0;
        const stop = queue.onWork(() => void calls++);
        await queue.enqueue(job('a', '1'));
        await afterMicrotasks();
        expect(calls).toBe(1);
        await queue.retry(await mustClaim(queue), clock.now());
        await afterMicrotasks();
        expect(calls).toBe(2);
        stop();
        await queue.enqueue(job('a', '2'));
        await afterMicrotasks();
        expect(calls).toBe(2);
      });

      test('are called when a lane becomes free', async () => {
        await queue.enqueue(job('a', '1'));
        const claim = await mustClaim(queue);
        let calls = 0;
        queue.onWork(() => void calls++);
        await queue.finish(claim);
        await afterMicrotasks();
        expect(calls).toBe(1);
      });

      test('one may claim from within', async () => {
        const claimed = new Promise<Claim | null>((resolve) => {
          queue.onWork(() => void queue.claim().then(resolve));
        });
        await queue.enqueue(job('a', '1'));
        expect(keyOf(await claimed)).toBe('a/1');
      });
    });

    test('behaves like the model in any order of operations', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(operation, { maxLength: 60, size: 'max' }), async (operations) => {
          const fresh = await open();
          try {
            await runAgainstModel(fresh, operations);
          } finally {
            await fresh.close();
          }
        }),
        { numRuns: under.randomRuns },
      );
    });
  });
}

type Operation =
  | { readonly do: 'enqueue'; readonly lane: string; readonly key: string; readonly delay: number | null }
  | { readonly do: 'claim' }
  | { readonly do: 'finish' | 'extend' | 'bury'; readonly which: number }
  | { readonly do: 'retry' | 'lapse'; readonly which: number; readonly delay: number }
  | { readonly do: 'advance'; readonly by: number };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('enqueue' as const),
      lane: fc.constantFrom('a', 'b'),
      key: fc.constantFrom('1', '2', '3'),
      delay: fc.option(fc.integer({ min: -20, max: 40 })),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ do: 'claim' as const }) },
  // Any claim ever given: most of them are lost by then.
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('finish', 'extend', 'bury'), which: fc.nat({ max: 3 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('retry', 'lapse'),
      which: fc.nat({ max: 3 }),
      delay: fc.integer({ min: -5, max: 40 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('advance' as const), by: fc.integer({ min: 1, max: 60 }) }) },
);

/** Every operation by one of two workers in turn; after each, all that can be seen is compared. */
async function runAgainstModel(under: WorkQueueUnderTest, operations: readonly Operation[]): Promise<void> {
  const workers = [under.worker(), under.worker()] as const;
  const model = new WorkQueueModel(under.lease);
  const claims: Claim[] = [];
  for (const [step, action] of operations.entries()) {
    const worker = workers[step % 2] ?? workers[0];
    await perform(action, { worker, under, model, claims, step });
    const now = under.clock.now();
    expect(await Promise.all(claims.map((claim) => claim.lock.stillHeld()))).toEqual(
      claims.map((_, index) => model.isHeld(index, now)),
    );
    expect(await worker.nextDue()).toBe(model.nextDue(now));
    expect((await worker.dead()).map(({ lane, key, reason, at }) => ({ lane, key, reason, at }))).toEqual(model.dead());
  }
}

async function perform(
  action: Operation,
  run: {
    readonly worker: WorkQueue;
    readonly under: WorkQueueUnderTest;
    readonly model: WorkQueueModel;
    readonly claims: Claim[];
    readonly step: number;
  },
): Promise<void> {
  const { worker, under, model, claims, step } = run;
  const now = under.clock.now();
  if (action.do === 'advance') return under.clock.advance(action.by);
  if (action.do === 'enqueue') {
    const { lane, key, delay } = action;
    model.enqueue({ lane, key, number: step, dueAt: now + Math.max(0, delay ?? 0) });
    return worker.enqueue({ lane, key, subject: subject(step), ...(delay === null ? {} : { notBefore: now + delay }) });
  }
  if (action.do === 'claim') {
    const expected = model.claim(now);
    const claim = await worker.claim();
    expect(claim && { lane: claim.lane, key: claim.key, subject: claim.subject, attempt: claim.attempt }).toEqual(
      expected && {
        lane: expected.lane,
        key: expected.key,
        subject: subject(expected.number),
        attempt: expected.attempt,
      },
    );
    if (!claim) return;
    const before = claims.filter((one) => one.lane === claim.lane).map((one) => one.lock.fence);
    expect(claim.lock.fence).toBeGreaterThan(Math.max(-1, ...before));
    claims.push(claim);
    return;
  }
  const which = claims.length - 1 - action.which;
  const claim = claims[which];
  if (!claim) return;
  const expected = model.isHeld(which, now) ? 'done' : 'lost';
  switch (action.do) {
    case 'finish':
      model.finish(which, now);
      return expect(await worker.finish(claim)).toBe(expected);
    case 'extend':
      model.extend(which, now);
      return expect(await worker.extend(claim)).toBe(expected);
    case 'bury':
      model.bury(which, `at step ${step}`, now);
      return expect(await worker.bury(claim, `at step ${step}`)).toBe(expected);
    case 'retry':
      model.retry(which, now + Math.max(0, action.delay), now);
      return expect(await worker.retry(claim, now + action.delay)).toBe(expected);
    case 'lapse':
      model.lapse(which, now + action.delay, now);
      return expect(await worker.lapse(claim, now + action.delay)).toBe(expected);
  }
}
