/** The benchmark itself is run small, so that it can't rot; what it measures here says nothing. */
import { expect, test } from 'vitest';
import { benchPolicy } from '../../bench/policy/bench-policy.js';

test('npm run bench -- policy has figures for every case', async () => {
  const figures = await benchPolicy({ size: 'small' });
  expect(figures).toMatchObject({ rules: 50, files: 50, cases: [{}, {}, {}, {}] });
  expect(JSON.stringify(figures)).not.toContain('null');
});
