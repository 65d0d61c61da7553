/** What is counted of a job is what became of it. */
import { expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/memory/testing/manual-clock.js';
import { MemoryWorkQueue } from '../../src/adapters/memory/memory-work-queue.js';
import { enqueue, type App } from '../../src/app/app.js';
import { workOnce } from '../../src/app/intake/worker.js';
import { Forbidden, Unavailable } from '../../src/core/problem.js';
import { silentLog } from '../contract/git-origin.js';

const repository = { forge: 'github', path: 'acme/config' } as const;

const outcomes: readonly (readonly [string, Error | null])[] = [
  ['finished', null],
  ['retried', new Unavailable('away')],
  ['buried', new Forbidden('no')],
];

test.each(outcomes)('%s', async (outcome, failure) => {
  const clock = new ManualClock(1_000);
  const ended: unknown[] = [];
  const facts = async (): Promise<null> => {
    clock.advance(2_000);
    if (failure !== null) throw failure;
    return null;
  };
  const forge: object = { afresh: () => forge, repositories: { facts } };
  const app = {
    forges: { github: forge },
    queue: new MemoryWorkQueue({ clock }),
    clock,
    log: silentLog,
    metrics: { jobEnded: (...told: readonly unknown[]) => ended.push(told) },
  } as unknown as App;
  await enqueue(app, { kind: 'promote', repository });
  expect(await workOnce(app)).toBe('worked');
  expect(ended).toEqual([['promote', outcome, 2_000]]);
});
