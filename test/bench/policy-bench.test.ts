/** The benchmark itself is run small, so that it can't rot; its times say nothing here, its counts do. */
import { expect, test } from 'vitest';
import { benchPolicy } from '../../bench/policy/bench-policy.js';

test('npm run bench -- policy has figures for every case', async () => {
  const figures = await benchPolicy({ size: 'small' });
  expect(figures).toMatchObject({ rules: 50, files: 50, cases: [{}, {}, {}, {}] });
  expect(JSON.stringify(figures)).not.toContain('null');
  expect(figures).toMatchObject({ forgeRequests: { second: 0 }, notModified: { first: expect.any(Number) } });
  const { forgeRequests, notModified } = figures as Record<string, { readonly first: number; readonly second: number }>;
  expect(forgeRequests?.first).toBeGreaterThan(8);
  // Whatever was asked for is asked for again: a decision rests on what the forge says now.
  expect((notModified?.second ?? 0) >= (forgeRequests?.first ?? 0)).toBe(true);
}, 300_000);
