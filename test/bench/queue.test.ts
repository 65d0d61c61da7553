/** The merge queue's benchmark is computed, so that its aims are held by a test. */
import { expect, test } from 'vitest';
import { benchQueue } from '../../bench/queue/bench-queue.js';

test('npm run bench -- queue: disjoint changes do not wait, the branch is never broken, check runs are few', async () => {
  const figures = (await benchQueue({ size: 'full' })) as {
    readonly cases: readonly Readonly<Record<'lockkeeper' | 'ahead', { readonly merged: number }>>[];
    readonly ratios: Readonly<Record<string, { readonly ahead: number }>>;
    readonly aims: Readonly<Record<string, string>>;
  };
  expect(Object.values(figures.aims)).toEqual(['met', 'met', 'met', 'met']);
  for (const which of ['lockkeeper', 'ahead'] as const)
    expect(figures.cases.map((each) => each[which].merged)).toEqual([100, 95, 80, 100, 95, 80, 100, 95, 80]);
  expect(figures.ratios['all, 0 % fail']?.ahead).toBeGreaterThanOrEqual(1.5);
});
