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

    test('a buried job whose later twin succeeds is no longer listed; others are, and so is one whose twin fails too', async () => {
      const { clock, other, queue } = here();
      for (const [lane, key] of [
        ['a', '1'],
        ['a', '2'],
        ['b', '1'],
      ] as const) {
        await queue.enqueue(job(lane, key));
        await queue.bury(await mustClaim(queue), `${lane}/${key} was given up`);
        clock.advance(1);
      }
      const listed = async (): Promise<string[]> => (await other.dead()).map(({ reason }) => reason);

      await other.enqueue(job('a', '1', { number: 2 }));
      const claim = await mustClaim(other);
      await other.retry(claim, clock.now());
      expect(await listed()).toEqual(['a/1 was given up', 'a/2 was given up', 'b/1 was given up']);
      expect(await queue.finish(claim)).toBe('lost');
      expect(await listed()).toHaveLength(3);
      expect(await queue.finish(await mustClaim(queue))).toBe('done');
      expect(await listed()).toEqual(['a/2 was given up', 'b/1 was given up']);

      await other.enqueue(job('b', '1', { number: 2 }));
      await other.bury(await mustClaim(other), 'b/1 again');
      expect(await listed()).toEqual(['a/2 was given up', 'b/1 again']);
      expect(await queue.claim()).toBeNull();
    });

    test('a buried job that is asked for again while its twin waits or runs does not bring back what is older', async () => {
      const { clock, other, queue } = here();
      const burySubject = async (number: number): Promise<string> => {
        await queue.enqueue(job('a', '1', { number }));
        const claim = await mustClaim(queue);
        await queue.bury(claim, 'once');
        return claim.id;
      };
      const first = await burySubject(1);
      await queue.enqueue(job('a', '1', { number: 2, notBefore: clock.now() + 100 }));
      expect(await other.unbury(first)).toBe('enqueued');
      const hastened = await mustClaim(queue);
      expect(hastened.subject).toEqual(subject(2));
      await queue.finish(hastened);
      expect(await queue.nextDue()).toBeNull();

      const second = await burySubject(3);
      await queue.enqueue(job('a', '1', { number: 4 }));
      const running = await mustClaim(queue);
      expect(await other.unbury(second)).toBe('enqueued');
      expect(await other.claim()).toBeNull();
      expect(await queue.finish(running)).toBe('done');
      const after = await mustClaim(other);
      expect([after.subject, after.attempt]).toEqual([subject(4), 1]);
    });

    test('of two who ask for a buried job at once one has it; several come in the order of asking', async () => {
      const { other, queue } = here();
      for (const key of ['1', '2', '3']) await queue.enqueue(job('a', key));
      for (let count = 0; count < 3; count++) await queue.bury(await mustClaim(queue), 'once');
      await queue.enqueue(job('a', 'waits'));
      for (const { id } of await queue.dead()) {
        expect((await Promise.all([queue.unbury(id), other.unbury(id)])).toSorted()).toEqual(['enqueued', 'unknown']);
      }
      expect(await drain(other)).toEqual(['a/waits', 'a/1', 'a/2', 'a/3']);
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
