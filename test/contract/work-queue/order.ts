/** In which order jobs are given out, and when to look again. */
import { describe, expect, test } from 'vitest';
import { drain, job, keyOf, mustClaim, type Here } from './two-workers.js';

export function order(here: Here): void {
  describe('order', () => {
    test('jobs that are due at once come in the order of enqueuing', async () => {
      const { other, queue } = here();
      for (const key of ['3', '1', '2']) await queue.enqueue(job('a', key));
      expect(await drain(other)).toEqual(['a/3', 'a/1', 'a/2']);
    });

    test('jobs come in the order in which they became due', async () => {
      const { clock, queue } = here();
      await queue.enqueue(job('a', 'late', { notBefore: clock.now() + 20 }));
      await queue.enqueue(job('a', 'soon', { notBefore: clock.now() + 10 }));
      await queue.enqueue(job('a', 'now'));
      clock.advance(15);
      await queue.enqueue(job('a', 'fifteen'));
      clock.advance(15);
      expect(await drain(queue)).toEqual(['a/now', 'a/soon', 'a/fifteen', 'a/late']);
    });

    test('an instant that is past gives no precedence', async () => {
      const { clock, queue } = here();
      await queue.enqueue(job('a', 'first'));
      clock.advance(10);
      await queue.enqueue(job('a', 'second', { notBefore: 5 }));
      expect(await drain(queue)).toEqual(['a/first', 'a/second']);
    });

    test('a job is not given out before its time, to the millisecond', async () => {
      const { clock, queue } = here();
      await queue.enqueue(job('a', '1', { notBefore: clock.now() + 100 }));
      clock.advance(99);
      expect(await queue.claim()).toBeNull();
      clock.advance(1);
      expect(keyOf(await queue.claim())).toBe('a/1');
    });

    test('a job that waits for its time holds nobody up in its lane', async () => {
      const { clock, queue } = here();
      await queue.enqueue(job('a', 'later', { notBefore: clock.now() + 100 }));
      await queue.enqueue(job('a', 'now'));
      expect(await drain(queue)).toEqual(['a/now']);
    });
  });

  describe('when to look again', () => {
    test('now, if something is due', async () => {
      const { clock, other, queue } = here();
      await queue.enqueue(job('a', '1'));
      clock.advance(10);
      expect(await other.nextDue()).toBe(clock.now());
    });

    test('when the lease ends, if all that waits is in a lane that is held', async () => {
      const { clock, other, queue, under } = here();
      await queue.enqueue(job('a', '1'));
      await queue.enqueue(job('a', '2'));
      await mustClaim(queue);
      expect(await other.nextDue()).toBe(clock.now() + under.lease);
    });

    test('the earliest of several lanes', async () => {
      const { clock, queue } = here();
      const start = clock.now();
      await queue.enqueue(job('a', '1'));
      await mustClaim(queue);
      await queue.enqueue(job('b', '1', { notBefore: start + 10 }));
      expect(await queue.nextDue()).toBe(start + 10);
    });
  });
}
