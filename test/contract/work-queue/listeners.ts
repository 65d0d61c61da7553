/** Who is told of work. */
import { describe, expect, test } from 'vitest';
import type { Claim } from '../../../src/ports/work-queue.js';
import { job, keyOf, mustClaim, type Here } from './two-workers.js';

const afterMicrotasks = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

export function listeners(here: Here): void {
  describe('listeners', () => {
    test('are called soon after enqueuing and giving back, and not after they stopped', async () => {
      const { clock, queue } = here();
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
      const { queue } = here();
      await queue.enqueue(job('a', '1'));
      const claim = await mustClaim(queue);
      let calls = 0;
      queue.onWork(() => void calls++);
      await queue.finish(claim);
      await afterMicrotasks();
      expect(calls).toBe(1);
    });

    test('one may claim from within', async () => {
      const { queue } = here();
      const claimed = new Promise<Claim | null>((resolve) => {
        queue.onWork(() => void queue.claim().then(resolve));
      });
      await queue.enqueue(job('a', '1'));
      expect(keyOf(await claimed)).toBe('a/1');
    });
  });
}
