/** Random operations of two workers, each compared with what the model of a work queue does. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Claim, GivenBack, WorkQueue } from '../../../src/ports/work-queue.js';
import { subject } from '../numbered-subject.js';
import { WorkQueueModel } from '../work-queue-model.js';
import type { WorkQueueUnderTest } from './two-workers.js';

export type Operation =
  | { readonly do: 'enqueue'; readonly lane: string; readonly key: string; readonly delay: number | null }
  | { readonly do: 'claim' }
  | { readonly do: 'finish' | 'extend' | 'bury'; readonly which: number }
  | { readonly do: 'retry'; readonly which: number; readonly delay: number; readonly why: GivenBack }
  | { readonly do: 'lapse'; readonly which: number; readonly delay: number }
  | { readonly do: 'advance'; readonly by: number }
  | { readonly do: 'set-back'; readonly by: number };

export const operation: fc.Arbitrary<Operation> = fc.oneof(
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
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('retry' as const),
      which: fc.nat({ max: 3 }),
      delay: fc.integer({ min: -5, max: 40 }),
      why: fc.constantFrom('failed', 'put-off'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('lapse' as const),
      which: fc.nat({ max: 3 }),
      delay: fc.integer({ min: -5, max: 40 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('advance' as const), by: fc.integer({ min: 1, max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('set-back' as const), by: fc.integer({ min: 1, max: 200 }) }) },
);

/** Every operation by one of two workers in turn; after each, all that can be seen is compared. */
export async function runAgainstModel(under: WorkQueueUnderTest, operations: readonly Operation[]): Promise<void> {
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
  if (action.do === 'set-back') return under.clock.setBack(action.by);
  if (action.do === 'enqueue') {
    const { lane, key, delay } = action;
    model.enqueue({ lane, key, number: step, dueAt: now + Math.max(0, delay ?? 0) });
    return worker.enqueue({ lane, key, subject: subject(step), ...(delay === null ? {} : { notBefore: now + delay }) });
  }
  if (action.do === 'claim') {
    const expected = model.claim(now);
    const claim = await worker.claim();
    if (expected === null) return expect(claim).toBeNull();
    const { number, ...tries } = expected;
    expect(claim).toMatchObject({ ...tries, subject: subject(number) });
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
      model.retry(which, { at: now + Math.max(0, action.delay), why: action.why }, now);
      return expect(await worker.retry(claim, now + action.delay, action.why)).toBe(expected);
    case 'lapse':
      model.lapse(which, now + action.delay, now);
      return expect(await worker.lapse(claim, now + action.delay)).toBe(expected);
  }
}
