/** What every work queue must do: see src/ports/work-queue.ts. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { subject } from './numbered-subject.js';
import { burying } from './work-queue/burying.js';
import { coalescing } from './work-queue/coalescing.js';
import { leases } from './work-queue/leases.js';
import { listeners } from './work-queue/listeners.js';
import { order } from './work-queue/order.js';
import { oddValues } from './work-queue/odd-values.js';
import { operation, runAgainstModel } from './work-queue/random-operations.js';
import { retry } from './work-queue/retry.js';
import { job, keyOf, mustClaim, type TwoWorkers, type WorkQueueUnderTest } from './work-queue/two-workers.js';

export function describeWorkQueue(name: string, open: () => WorkQueueUnderTest | Promise<WorkQueueUnderTest>): void {
  describe(`work queue: ${name}`, () => {
    let two: TwoWorkers;
    const here = () => two;
    beforeEach(async () => {
      const under = await open();
      two = { under, clock: under.clock, queue: under.worker(), other: under.worker() };
    });
    afterEach(() => two.under.close());

    test('an empty queue has nothing to give and nothing due', async () => {
      const { queue } = here();
      expect(await queue.claim()).toBeNull();
      expect(await queue.nextDue()).toBeNull();
      expect(await queue.dead()).toEqual([]);
    });

    test('a claim carries the job as it was enqueued', async () => {
      const { other, queue } = here();
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
      const { other, queue } = here();
      await queue.enqueue(job('a', '1'));
      await queue.enqueue(job('a', '2'));
      const first = await mustClaim(queue);
      expect(await other.claim()).toBeNull();
      expect(await queue.claim()).toBeNull();
      await queue.finish(first);
      expect(keyOf(await other.claim())).toBe('a/2');
    });

    test('lanes do not wait for each other', async () => {
      const { other, queue } = here();
      await queue.enqueue(job('a', '1'));
      await queue.enqueue(job('b', '1'));
      expect([keyOf(await queue.claim()), keyOf(await other.claim())]).toEqual(['a/1', 'b/1']);
    });

    test('what waits in a held lane does not stand before what is due in another', async () => {
      const { other, queue } = here();
      await queue.enqueue(job('a', '1'));
      await queue.enqueue(job('a', '2'));
      await mustClaim(queue);
      await queue.enqueue(job('b', '1'));
      expect(keyOf(await other.claim())).toBe('b/1');
    });

    test('a finished job is gone', async () => {
      const { clock, queue, under } = here();
      await queue.enqueue(job('a', '1'));
      await queue.finish(await mustClaim(queue));
      clock.advance(under.lease * 2);
      expect(await queue.claim()).toBeNull();
      expect(await queue.nextDue()).toBeNull();
    });

    order(here);
    coalescing(here);
    retry(here);
    leases(here);
    burying(here);
    listeners(here);
    oddValues(here);

    test('behaves like the model in any order of operations', async () => {
      const { under } = here();
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
