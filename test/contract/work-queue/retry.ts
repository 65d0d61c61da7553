/** How a job is given back. */
import { describe, expect, test } from 'vitest';
import { subject } from '../numbered-subject.js';
import { job, mustClaim, drain, type Here } from './two-workers.js';

export function retry(here: Here): void {
  describe('retry', () => {
    test('a job that is given back comes again at its time, counted', async () => {
      const { clock, other, queue } = here();
      await queue.enqueue(job('a', '1'));
      await queue.retry(await mustClaim(queue), clock.now() + 100);
      expect(await queue.claim()).toBeNull();
      expect(await queue.nextDue()).toBe(clock.now() + 100);
      clock.advance(100);
      expect((await mustClaim(other)).attempt).toBe(2);
    });

    test('what failed is counted apart from what was put off or given out again, and begins anew with the job', async () => {
      const { clock, other, queue, under } = here();
      await queue.enqueue(job('a', '1'));
      const tries: unknown[] = [];
      for (const why of ['put-off', 'failed', undefined, 'failed'] as const) {
        const claim = await mustClaim(queue);
        tries.push([claim.attempt, claim.failures]);
        await other.enqueue(job('a', '1', { number: 2 }));
        await queue.retry(claim, clock.now(), why);
      }
      await mustClaim(queue);
      clock.advance(under.lease);
      const last = await mustClaim(other);
      tries.push([last.attempt, last.failures]);
      expect(tries).toEqual([
        [1, 0],
        [2, 0],
        [3, 1],
        [4, 1],
        [6, 2],
      ]);
      await other.bury(last, 'no more');
      await other.unbury(last.id);
      expect(await queue.claim()).toMatchObject({ attempt: 1, failures: 0 });
    });

    test('its lane is free meanwhile', async () => {
      const { clock, queue } = here();
      await queue.enqueue(job('a', '1'));
      await queue.enqueue(job('a', '2'));
      await queue.retry(await mustClaim(queue), clock.now() + 100);
      expect(await drain(queue)).toEqual(['a/2']);
    });

    test('with a twin that was enqueued meanwhile it becomes one: newer subject, earlier time, tries counted', async () => {
      const { clock, other, queue } = here();
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
      const { clock, other, queue } = here();
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
}
