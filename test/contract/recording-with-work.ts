/** What every inbox must do with a delivery whose work is known when it is recorded: see src/ports/store.ts. */
import { describe, expect, test } from 'vitest';
import type { Delivery, Inbox } from '../../src/ports/store.js';
import type { WorkQueue } from '../../src/ports/work-queue.js';
import { drain, job } from './work-queue/two-workers.js';

const delivery = (id: string): Delivery => ({
  id,
  source: 'github',
  name: 'push',
  receivedAt: 1_000,
  event: { kind: 'repositories', repositories: [] },
});

export function recordingWithWork(under: () => { readonly port: Inbox; readonly queue: WorkQueue }): void {
  describe('recording with work', () => {
    test('its jobs are enqueued in their order, and it is settled where the work says so', async () => {
      const { port: inbox, queue } = under();
      const jobs = [job('a', '1', { number: 7 }), job('a', '2'), job('b', '1', { notBefore: Date.now() + 3_600_000 })];
      expect(await inbox.record(delivery('d1'), { jobs, outcome: 'nudged \0 …' })).toBe('recorded');
      expect(await inbox.record(delivery('d2'), { jobs: [], outcome: null })).toBe('recorded');
      expect(await inbox.find('github', 'd1')).toMatchObject({ state: 'settled', outcome: 'nudged \0 …' });
      expect(await inbox.waiting()).toMatchObject([{ id: 'd2', state: 'waiting', outcome: null }]);
      expect((await inbox.latest({ most: 9, state: 'settled' })).map(({ id }) => id)).toEqual(['d1']);

      const first = await queue.claim();
      expect(first).toMatchObject({ lane: 'a', key: '1', subject: jobs[0]?.subject });
      if (first) await queue.finish(first);
      expect(await drain(queue)).toEqual(['a/2']);
      expect(await queue.nextDue()).toBe(jobs[2]?.notBefore);
      expect(await inbox.forget(2_000)).toBe(1);
      expect(await inbox.reopen('github', 'd2')).toBe('unknown');
    });

    test('a duplicate enqueues nothing and settles nothing', async () => {
      const { port: inbox, queue } = under();
      await inbox.record(delivery('d1'));
      expect(await inbox.record(delivery('d1'), { jobs: [job('a', '1')], outcome: 'done' })).toBe('duplicate');
      expect(await queue.claim()).toBeNull();
      expect(await inbox.waiting()).toMatchObject([{ id: 'd1' }]);
    });

    test('many at the same moment, some of them twice, are each recorded once, and their jobs keep the order', async () => {
      const { port: inbox, queue } = under();
      const numbers = Array.from({ length: 40 }, (_, number) => number);
      const outcomes = await Promise.all(
        numbers.map((number) => {
          // The third, the sixth and so on come again right after themselves.
          const id = String(number % 3 === 2 ? number - 1 : number);
          return inbox.record(delivery(id), { jobs: [job('a', id)], outcome: 'nudged' });
        }),
      );
      expect(outcomes).toEqual(numbers.map((number) => (number % 3 === 2 ? 'duplicate' : 'recorded')));
      expect(await drain(queue)).toEqual(numbers.filter((number) => number % 3 !== 2).map((number) => `a/${number}`));
    });

    test('who waits for work is told, once it can be claimed', async () => {
      const { port: inbox, queue } = under();
      const claimed = new Promise<string | undefined>((resolve) => {
        queue.onWork(() => void queue.claim().then((claim) => resolve(claim?.key)));
      });
      await inbox.record(delivery('d1'), { jobs: [job('a', '1')], outcome: 'nudged' });
      expect(await claimed).toBe('1');
    });
  });
}
