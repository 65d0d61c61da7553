/** How jobs of one key become one. */
import { describe, expect, test } from 'vitest';
import { subject } from '../numbered-subject.js';
import { drain, job, keyOf, mustClaim, type Here } from './two-workers.js';

export function coalescing(here: Here): void {
  describe('coalescing', () => {
    test('a job whose twin waits replaces its subject and keeps its place', async () => {
      const { other, queue } = here();
      await queue.enqueue(job('a', '1', { number: 1 }));
      await queue.enqueue(job('a', '2'));
      await other.enqueue(job('a', '1', { number: 9 }));
      const claim = await mustClaim(queue);
      expect([keyOf(claim), claim.subject]).toEqual(['a/1', subject(9)]);
      await queue.finish(claim);
      expect(await drain(queue)).toEqual(['a/2']);
    });

    test('the same key in another lane is another job', async () => {
      const { queue } = here();
      await queue.enqueue(job('a', '1'));
      await queue.enqueue(job('b', '1'));
      expect(await drain(queue)).toEqual(['a/1', 'b/1']);
    });

    test('the earlier time wins, whichever came first', async () => {
      const { clock, queue } = here();
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
      const { other, queue } = here();
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
}
