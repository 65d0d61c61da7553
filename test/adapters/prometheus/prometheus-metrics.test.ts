import { beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../../src/adapters/memory/testing/manual-clock.js';
import { METRICS } from '../../../src/adapters/prometheus/metric-list.js';
import { PrometheusMetrics, type Standing } from '../../../src/adapters/prometheus/prometheus-metrics.js';
import { countEntries } from '../../../src/core/queue/count-entries.js';
import type { QueueView, ViewedEntry } from '../../../src/core/queue/queue-view.js';

let clock: ManualClock;
let metrics: PrometheusMetrics;
beforeEach(() => {
  clock = new ManualClock(100_000);
  metrics = new PrometheusMetrics({ version: '1.2.3', node: 'v20.19.0', clock, process: 'left-out' });
});

const NOTHING: Standing = { jobs: null, queues: null };

/** Samples without comments, of which every name begins so. */
async function samples(begins: string, standing: Standing = NOTHING): Promise<readonly string[]> {
  const { text } = await metrics.page(standing);
  return text.split('\n').filter((line) => line.startsWith(`lockkeeper_${begins}`));
}

test('says what runs', async () => {
  expect(await samples('build')).toEqual(['lockkeeper_build_info{version="1.2.3",node="v20.19.0"} 1']);
  expect((await metrics.page(NOTHING)).contentType).toContain('version=0.0.4');
});

test('counts what happens', async () => {
  metrics.jobEnded('plan', 'finished', 2_500);
  metrics.jobEnded('plan', 'retried', 500);
  metrics.webhookTaken('gitlab', 'bad-signature');
  metrics.mergeAsked('github', 'merged');
  metrics.mergeAsked('github', 'merged');
  expect(await samples('jobs_ended')).toEqual([
    'lockkeeper_jobs_ended_total{kind="plan",outcome="finished"} 1',
    'lockkeeper_jobs_ended_total{kind="plan",outcome="retried"} 1',
  ]);
  expect(await samples('job_seconds_sum')).toEqual(['lockkeeper_job_seconds_sum{kind="plan"} 3']);
  expect(await samples('webhooks')).toEqual(['lockkeeper_webhooks_total{source="gitlab",outcome="bad-signature"} 1']);
  expect(await samples('merges')).toEqual(['lockkeeper_merges_total{forge="github",outcome="merged"} 2']);
});

test('tells jobs as they stand, and leaves them out where the store can’t be read', async () => {
  const jobs = [
    { state: 'due', jobs: 3, lanes: 2, oldest: 40_000 },
    { state: 'later', jobs: 1, lanes: 1, oldest: null },
    { state: 'buried', jobs: 0, lanes: 0, oldest: null },
  ] as const;
  expect(await samples('job', { ...NOTHING, jobs })).toEqual([
    'lockkeeper_jobs{state="due"} 3',
    'lockkeeper_jobs{state="later"} 1',
    'lockkeeper_jobs{state="buried"} 0',
    'lockkeeper_job_lanes{state="due"} 2',
    'lockkeeper_job_lanes{state="later"} 1',
    'lockkeeper_job_lanes{state="buried"} 0',
    'lockkeeper_jobs_oldest_seconds{state="due"} 60',
    'lockkeeper_jobs_oldest_seconds{state="buried"} 0',
  ]);
  expect(await samples('store_up', { ...NOTHING, jobs })).toEqual(['lockkeeper_store_up 1']);
  expect(await samples('store_up')).toEqual(['lockkeeper_store_up 0']);
  expect(await samples('jobs')).toEqual([]);
});

test('tells merge queues by what their entries wait for', async () => {
  const entry = (kind: 'merging' | 'itself', since: number) => ({ wait: { kind }, since }) as ViewedEntry;
  const queues: readonly QueueView[] = [
    { branch: 'main', at: 0, stopped: null, entries: [entry('merging', 90_000), entry('itself', 70_000)] },
    { branch: 'next', at: 0, stopped: { pullRequest: 7 }, entries: [entry('itself', 80_000)] },
  ];
  const told = await samples('merge_queue', {
    ...NOTHING,
    queues: [{ forge: 'github', entries: countEntries(queues), stopped: 1 }],
  });
  expect(told.filter((line) => !line.endsWith(' 0'))).toEqual([
    'lockkeeper_merge_queue_entries{forge="github",waits_for="itself"} 2',
    'lockkeeper_merge_queue_entries{forge="github",waits_for="merging"} 1',
    'lockkeeper_merge_queue_oldest_seconds{forge="github",waits_for="itself"} 30',
    'lockkeeper_merge_queue_oldest_seconds{forge="github",waits_for="merging"} 10',
    'lockkeeper_merge_queues_stopped{forge="github"} 1',
  ]);
  // Every wait is there from the start, so that a rule can be written for it.
  expect(told).toHaveLength(15);
});

test('tells the tightest limit of a forge, of windows that have not ended', async () => {
  const answer = (remaining: number, resetAt: number, resource = 'core') =>
    metrics.forgeAnswered('github', { status: 200, rateLimit: { resource, limit: 5_000, remaining, resetAt } });
  // Two installations, whose windows end at different times.
  answer(40, 200_000);
  answer(4_000, 300_000);
  answer(3_999, 300_000);
  answer(10, 300_000, 'named by somebody');
  metrics.forgeAnswered('github', { status: null, rateLimit: null });
  expect(await samples('forge_requests')).toEqual([
    'lockkeeper_forge_requests_total{forge="github",status="200"} 4',
    'lockkeeper_forge_requests_total{forge="github",status="none"} 1',
  ]);
  const remaining = () => samples('forge_rate_limit_remaining');
  expect(await remaining()).toEqual([
    'lockkeeper_forge_rate_limit_remaining{forge="github",resource="core"} 40',
    'lockkeeper_forge_rate_limit_remaining{forge="github",resource="other"} 10',
  ]);
  clock.advance(100_000);
  expect(await remaining()).toContain('lockkeeper_forge_rate_limit_remaining{forge="github",resource="core"} 3999');
  clock.advance(100_000);
  expect(await remaining()).toEqual([]);
});

test('every metric that is documented is there, with its help', async () => {
  const { text } = await metrics.page(NOTHING);
  for (const { name, help, type } of Object.values(METRICS))
    expect(text).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`);
});
