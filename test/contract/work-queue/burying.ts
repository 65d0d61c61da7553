/** What becomes of a job that is given up. */
import { describe, expect, test } from 'vitest';
import { subject } from '../numbered-subject.js';
import { drain, job, keyOf, mustClaim, type Here } from './two-workers.js';

export function burying(here: Here): void {
  describe('burying', () => {
    test('a buried job is kept with its reason, out of the way of its lane', async () => {
      const { clock, other, queue } = here();
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
      const { clock, queue } = here();
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
      const { other, queue } = here();
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
      const { queue } = here();
      await queue.enqueue(job('a', '1'));
      const claim = await mustClaim(queue);
      expect(await queue.unbury(claim.id)).toBe('unknown');
      await queue.finish(claim);
      expect(await queue.unbury(claim.id)).toBe('unknown');
      expect(await queue.claim()).toBeNull();
    });

    test('of a job that is buried again the last time is kept; the oldest comes first', async () => {
      const { clock, queue } = here();
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
}
