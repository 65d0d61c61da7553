/** The merge queue's benchmark is computed, so that its aims are held by a test. */
import { expect, test } from 'vitest';
import { benchQueue } from '../../bench/queue/bench-queue.js';

test('npm run bench -- queue: disjoint changes do not wait, the branch is never broken, check runs are few', async () => {
  const figures = (await benchQueue({ size: 'full' })) as {
    readonly cases: readonly { readonly lockkeeper: { readonly merged: number; readonly redBase: number } }[];
    readonly aims: Readonly<Record<string, string>>;
  };
  expect(Object.values(figures.aims)).toEqual(['met', 'met', 'met']);
  expect(figures.cases.map(({ lockkeeper }) => lockkeeper.merged)).toEqual([100, 95, 80, 100, 95, 80, 100, 95, 80]);
});
