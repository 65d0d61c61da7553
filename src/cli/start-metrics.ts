/** The figures of one process, put together for `GET /metrics`. */
import { PrometheusMetrics, type MetricsPage, type QueueCounts } from '../adapters/prometheus/prometheus-metrics.js';
import type { App } from '../app/app.js';
import { countQueues } from '../app/queue/queue-views.js';
import type { Clock } from '../ports/clock.js';
import type { Storage } from './storage.js';

export function createMetrics(options: { readonly version: string; readonly clock: Clock }): PrometheusMetrics {
  return new PrometheusMetrics({ ...options, node: process.version, process: 'counted' });
}

/** Which repositories there are is asked of the forge, so not at every reading. In ms. */
const QUEUES_FRESH = 60_000;

/** Reads the page. What can't be read is left out of it and logged: the rest still tells what goes on. */
export function metricsReader(
  app: App,
  metrics: PrometheusMetrics,
  storage: Pick<Storage, 'jobCounts'>,
): () => Promise<MetricsPage> {
  let seen: { readonly at: number; readonly queues: readonly QueueCounts[] | null } | null = null;
  const orNull = <T>(reading: Promise<T>, what: string): Promise<T | null> =>
    reading.catch((err: unknown) => {
      app.log.warn({ err }, `The metrics leave out ${what}, which could not be read`);
      return null;
    });
  const standingQueues = async (): Promise<readonly QueueCounts[] | null> => {
    const now = app.clock.now();
    if (seen === null || now - seen.at >= QUEUES_FRESH)
      seen = { at: now, queues: await orNull(countQueues(app), 'the merge queues') };
    return seen.queues;
  };
  return async () =>
    metrics.page({ queues: await standingQueues(), jobs: await orNull(storage.jobCounts(), 'the jobs') });
}
