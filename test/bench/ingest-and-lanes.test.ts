/** These benchmarks are run small, so that they can't rot; how fast they say it is means nothing here, what they count does. */
import { expect, test } from 'vitest';
import type { IngestFigures } from '../../bench/ingest/bench-ingest.js';
import type { LanesFigures } from '../../bench/lanes/bench-lanes.js';
import { runSmall, TIME_LIMIT } from './run-bench.js';

test(
  'lanes: every job is done once, in its lane’s order, by any number of workers',
  async () => {
    const figures = await runSmall<LanesFigures>('lanes');
    expect(figures).toMatchObject({ jobs: 60, lanes: 10, orderViolations: 0, lostOrDoubled: 0 });
    expect(figures.runs.map(({ workers, store }) => `${workers} ${store}`)).toContain('4 sqlite');
    for (const run of figures.runs) expect(run.jobsPerSecond).toBeGreaterThan(0);
  },
  TIME_LIMIT,
);

test(
  'ingest: every delivery is taken',
  async () => {
    const figures = await runSmall<IngestFigures>('ingest');
    for (const rate of [figures.sqlite, figures.redis, figures.probot]) expect(rate?.refused ?? 0).toBe(0);
    for (const value of Object.values(figures.ratios)) expect(value).toBeGreaterThan(0);
    expect(Object.keys(figures.aims)).toHaveLength(2);
  },
  TIME_LIMIT,
);
