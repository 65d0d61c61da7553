/** Jobs that never end: those that end their process each time, and those at hand when the worker has to end. */
import { expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/memory/testing/manual-clock.js';
import { MemoryWorkQueue } from '../../src/adapters/memory/memory-work-queue.js';
import { enqueue, type App } from '../../src/app/app.js';
import { startWorker, workOnce } from '../../src/app/intake/worker.js';
import { Forbidden, Unavailable } from '../../src/core/problem.js';
import type { WorkQueue } from '../../src/ports/work-queue.js';
import { silentLog } from '../contract/git-origin.js';

const repository = { forge: 'github', path: 'acme/config' } as const;
const LEASE = 50;

function appOf(clock: ManualClock, queue: WorkQueue, facts: () => Promise<null>): App {
  const forge: object = { afresh: () => forge, repositories: { facts } };
  return { forges: { github: forge }, queue, clock, log: silentLog } as unknown as App;
}

test('a job that ends its process whenever it is begun is given up in the end', async () => {
  const clock = new ManualClock();
  const queue = new MemoryWorkQueue({ clock, lease: LEASE });
  let begun = 0;
  const app = appOf(clock, queue, async () => {
    begun += 1;
    return null;
  });
  await enqueue(app, { kind: 'promote', repository });
  for (let time = 0; time < 300; time++) {
    expect((await queue.claim())?.attempt).toBe(time + 1);
    clock.advance(LEASE);
  }
  expect(await workOnce(app)).toBe('worked');
  expect(begun).toBe(0);
  expect(await queue.dead()).toMatchObject([
    { key: 'promote', reason: 'It was begun 300 times and never ended: does it take more memory than the bot has?' },
  ]);
});

test('what was away for long does not count against a job that then fails', async () => {
  const clock = new ManualClock();
  const queue = new MemoryWorkQueue({ clock });
  let failure: Error = new Unavailable('away');
  const app = appOf(clock, queue, () => Promise.reject(failure));
  await enqueue(app, { kind: 'promote', repository });
  const tryOnce = async (): Promise<number> => {
    const began = clock.now();
    await workOnce(app);
    const due = (await queue.nextDue()) ?? began;
    clock.advanceTo(due);
    return due - began;
  };
  for (let time = 0; time < 20; time++) await tryOnce();
  expect(await tryOnce()).toBe(300_000);
  failure = new Error('odd');
  const delays: number[] = [];
  for (let time = 0; time < 8; time++) delays.push(await tryOnce());
  expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 0]);
  expect(await queue.dead()).toMatchObject([{ reason: 'odd' }]);
});

test('of the words of an error that ends a job no secret is kept, and not more than people read', async () => {
  const clock = new ManualClock();
  const queue = new MemoryWorkQueue({ clock });
  const app = appOf(clock, queue, () =>
    Promise.reject(new Forbidden(`https://bot:hunter2-hunter2@git.acme.com: no ${'x'.repeat(9_000)}`)),
  );
  await enqueue(app, { kind: 'promote', repository });
  await workOnce(app);
  const [dead] = await queue.dead();
  expect(dead?.reason).toMatch(/^https:\/\/bot:\[masked\]@git\.acme\.com: no x+$/);
  expect(dead?.reason).toHaveLength(4_000);
});

test('a worker that has to end does so although the store that it would tell is away', async () => {
  const clock = new ManualClock();
  const queue: WorkQueue = new MemoryWorkQueue({ clock, lease: LEASE });
  queue.lapse = () => Promise.reject(new Unavailable('away'));
  let tell = (): void => undefined;
  const begun = new Promise<void>((resolve) => (tell = resolve));
  const app = appOf(clock, queue, () => {
    tell();
    return new Promise(() => undefined);
  });
  await enqueue(app, { kind: 'promote', repository });
  const worker = startWorker(app, 1);
  await begun;
  expect(await worker.stop(0)).toBe('given-back');
});
