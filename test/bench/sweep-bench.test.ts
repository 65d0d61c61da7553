/** The benchmark itself is run small, so that it can't rot; its times say nothing here, its counts do. */
import { expect, test } from 'vitest';
import type { SweepFigures } from '../../bench/sweep/bench-sweep.js';
import { runSmall, TIME_LIMIT } from './run-bench.js';

test(
  'npm run bench -- sweep: a repository in which nothing has changed costs one request, that is answered by 304',
  async () => {
    const figures = await runSmall<SweepFigures>('sweep');
    expect(figures).toMatchObject({ repositories: 120, pullRequests: 3 });
    // The listing of repositories is two pages.
    expect(figures.unchanged).toMatchObject({ requests: 122, notModified: 122, nudges: 0 });
    expect(figures.first).toMatchObject({ requests: 122, notModified: 0, nudges: 0 });
    expect(Object.values(figures.aims)).toEqual(['met']);
  },
  TIME_LIMIT,
);
