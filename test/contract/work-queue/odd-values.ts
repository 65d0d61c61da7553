/** Values that nobody enqueues on purpose, and that must not stop a lane. */
import { describe, expect, test } from 'vitest';
import { subject } from '../numbered-subject.js';
import { drain, job, mustClaim, type Here } from './two-workers.js';

export function oddValues(here: Here): void {
  describe('odd values', () => {
    test('an instant between two milliseconds is the next one', async () => {
      const { clock, other, queue } = here();
      const at = clock.now() + 10;
      await queue.enqueue(job('a', '1', { notBefore: at - 0.5 }));
      expect(await other.nextDue()).toBe(at);
      clock.advance(10);
      const claim = await mustClaim(other);
      expect(await other.retry(claim, at + 9.5)).toBe('done');
      expect(await other.nextDue()).toBe(at + 10);
      clock.advance(10);
      const again = await mustClaim(other);
      expect(await other.lapse(again, at + 19.5)).toBe('done');
      expect(await other.nextDue()).toBe(at + 20);
    });

    test('a job that is wanted at no instant is refused, and one that is given back so stays with its worker', async () => {
      const { queue } = here();
      for (const never of [Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_VALUE]) {
        await expect(queue.enqueue(job('a', '1', { notBefore: never }))).rejects.toThrow(TypeError);
        expect(await queue.nextDue()).toBeNull();
        await queue.enqueue(job('a', '1'));
        const claim = await mustClaim(queue);
        await expect(queue.retry(claim, never)).rejects.toThrow(TypeError);
        await expect(queue.lapse(claim, never)).rejects.toThrow(TypeError);
        expect(await claim.lock.stillHeld()).toBe(true);
        expect(await queue.finish(claim)).toBe('done');
      }
    });

    test('a lane and a key may be any text', async () => {
      const { other, queue } = here();
      for (const text of ['', ' ', 'a:b', '5:a', '{a}', '0', 'a\nb', 'Zürich 🚤', "'; --"]) {
        await queue.enqueue(job(text, text, { number: 1 }));
        await queue.enqueue(job(text, `${text}.`, { number: 2 }));
        const claim = await mustClaim(queue);
        expect([claim.lane, claim.key, await other.claim()]).toEqual([text, text, null]);
        await queue.bury(claim, text);
        const [dead] = await other.dead();
        expect([dead?.lane, dead?.key, dead?.reason]).toEqual([text, text, text]);
        expect(await other.unbury(dead?.id ?? '')).toBe('enqueued');
        const second = await mustClaim(queue);
        expect([second.key, second.subject]).toEqual([`${text}.`, subject(2)]);
        await queue.finish(second);
        expect(await drain(other)).toEqual([`${text}/${text}`]);
      }
    });

    test('a large subject and a large reason come back whole', async () => {
      const { other, queue } = here();
      const entries = Array.from({ length: 20_000 }, (_, number) => ({
        head: number.toString(16).padStart(40, '0'),
        plan: 'another' as const,
      }));
      const large = { kind: 'presume', repository: subject(1).repository, branch: 'main', entries } as const;
      await queue.enqueue({ lane: 'a', key: '1', subject: large });
      const claim = await mustClaim(other);
      expect(claim.subject).toEqual(large);
      await other.bury(claim, 'no '.repeat(300_000));
      const [dead] = await queue.dead();
      expect([dead?.subject, dead?.reason.length]).toEqual([large, 900_000]);
    });

    test('only the very id of a buried job asks for it', async () => {
      const { queue } = here();
      await queue.enqueue(job('a', '1'));
      await queue.bury(await mustClaim(queue), 'once');
      for (const id of ['', '0', '-1', '1.0', '01', '1e0', ' 1', '9'.repeat(40), '*', '1\0'])
        expect([id, await queue.unbury(id)]).toEqual([id, 'unknown']);
      expect(await queue.dead()).toHaveLength(1);
    });
  });
}
