/** The benchmark itself is run small, so that it can't rot; its times say nothing here, its counts do. */
import { expect, test } from 'vitest';
import { benchSweep } from '../../bench/sweep/bench-sweep.js';

test('npm run bench -- sweep: a repository in which nothing has changed costs one request, that is answered by 304', async () => {
  const figures = await benchSweep({ size: 'small' });
  expect(figures).toMatchObject({ repositories: 120, pullRequests: 3 });
  // The listing of repositories is two pages.
  expect(figures.unchanged).toMatchObject({ requests: 122, notModified: 122, nudges: 0 });
  expect(figures.first).toMatchObject({ requests: 122, notModified: 0, nudges: 0 });
  expect(Object.values(figures.aims)).toEqual(['met']);
}, 300_000);
