/** What operators are told of a store's jobs, whatever store it is. */
import { expect, test } from 'vitest';
import type { ManualClock } from '../../src/adapters/memory/testing/manual-clock.js';
import type { JobCount } from '../../src/ports/metrics.js';
import type { WorkQueue } from '../../src/ports/work-queue.js';
import { job, mustClaim } from './work-queue/two-workers.js';

export interface CountsUnderTest {
  readonly clock: ManualClock;
  readonly queue: WorkQueue;
  counts(): Promise<readonly JobCount[]>;
  close(): void | Promise<void>;
}

export function describeJobCounts(name: string, open: () => Promise<CountsUnderTest>): void {
  test(`jobs are counted by their state: ${name}`, async () => {
    const { clock, queue, counts, close } = await open();
    try {
      const none = { jobs: 0, lanes: 0, oldest: null };
      expect(await counts()).toEqual([
        { state: 'due', ...none },
        { state: 'later', ...none },
        { state: 'running', ...none },
        { state: 'buried', ...none },
      ]);
      const began = clock.now();
      await queue.enqueue(job('a', '1'));
      await queue.bury(await mustClaim(queue), 'no');
      clock.advance(1_000);
      await queue.enqueue(job('b', '1'));
      await queue.enqueue(job('b', '2'));
      await mustClaim(queue);
      clock.advance(1_000);
      await queue.enqueue(job('c', '1'));
      await queue.enqueue(job('c', '2', { notBefore: clock.now() + 5_000 }));
      expect(await counts()).toEqual([
        { state: 'due', jobs: 2, lanes: 2, oldest: began + 1_000 },
        { state: 'later', jobs: 1, lanes: 1, oldest: null },
        { state: 'running', jobs: 1, lanes: 1, oldest: began + 1_000 },
        { state: 'buried', jobs: 1, lanes: 1, oldest: began },
      ]);
    } finally {
      await close();
    }
  });
}
