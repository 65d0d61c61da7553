/** How a claim is kept, lost and given out again. */
import { describe, expect, test } from 'vitest';
import type { Claim, Held } from '../../../src/ports/work-queue.js';
import { subject } from '../numbered-subject.js';
import { drain, job, keyOf, mustClaim, type Here } from './two-workers.js';

export function leases(here: Here): void {
  describe('leases and fences', () => {
    test('a claim that is not finished within its lease is given out again, with a larger fence', async () => {
      const { clock, other, queue, under } = here();
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
      const { other, queue } = here();
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
      const { clock, other, queue, under } = here();
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
      const { clock, queue } = here();
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
      const { clock, other, queue, under } = here();
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
      const { clock, other, queue } = here();
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
      const { clock, other, queue, under } = here();
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
      const { clock, other, queue, under } = here();
      await queue.enqueue(job('a', '1'));
      await mustClaim(queue);
      clock.advance(1);
      await queue.enqueue(job('a', '2'));
      clock.advance(under.lease);
      expect(await drain(other)).toEqual(['a/1', 'a/2']);
    });

    test('a clock that is set back keeps a lane closed for one more lease at most, and takes no claim from who extends it', async () => {
      const { clock, other, queue, under } = here();
      await queue.enqueue(job('a', '1'));
      await queue.enqueue(job('b', '1'));
      const gone = await mustClaim(queue);
      const kept = await mustClaim(queue);
      clock.setBack(3_600_000);
      expect(await other.claim()).toBeNull();
      expect([await gone.lock.stillHeld(), await kept.lock.stillHeld()]).toEqual([true, true]);
      clock.advance(under.lease - 1);
      expect(await queue.extend(kept)).toBe('done');
      expect(await other.claim()).toBeNull();
      clock.advance(1);
      const again = await mustClaim(other);
      expect([keyOf(again), again.attempt]).toEqual(['a/1', 2]);
      expect(again.lock.fence).toBeGreaterThan(gone.lock.fence);
      expect([await gone.lock.stillHeld(), await kept.lock.stillHeld()]).toEqual([false, true]);
      expect(await queue.finish(gone)).toBe('lost');
    });

    test('a lost claim becomes one with a twin that was enqueued meanwhile', async () => {
      const { clock, other, queue, under } = here();
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
}
