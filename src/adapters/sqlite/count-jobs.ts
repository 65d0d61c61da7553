/** How many jobs of lockkeeper.sqlite are in which state, and since when: for metrics. Reads only. */
import type { Instant } from '../../core/ids.js';
import { JOB_STATES, type JobCount } from '../../ports/metrics.js';
import type { SqliteConnection } from './sqlite-connection.js';

const COUNTS = `
  SELECT state, count(*) AS jobs, count(DISTINCT lane) AS lanes, min(since) AS oldest FROM (
    SELECT lane, due_at AS since,
      CASE WHEN state = 'claimed' THEN 'running' WHEN due_at <= ? THEN 'due' ELSE 'later' END AS state
    FROM jobs WHERE state IN ('waiting', 'claimed')
    UNION ALL
    SELECT lane, died_at, 'buried' FROM jobs WHERE state = 'dead')
  GROUP BY state`;

export function countJobs(store: Pick<SqliteConnection, 'rows'>, now: Instant): readonly JobCount[] {
  const rows = new Map(store.rows(COUNTS, now).map((row) => [row.text('state'), row]));
  return JOB_STATES.map((state) => {
    const row = rows.get(state);
    if (row === undefined) return { state, jobs: 0, lanes: 0, oldest: null };
    const oldest = state === 'later' ? null : row.integer('oldest');
    return { state, jobs: row.integer('jobs'), lanes: row.integer('lanes'), oldest };
  });
}
