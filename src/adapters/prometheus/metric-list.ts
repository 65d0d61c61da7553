/** Every metric of the bot's own, in the order of docs/metrics.md, which is made of this. */

export interface MetricDescription {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Of a histogram: upper bounds in seconds. */
  readonly buckets?: readonly number[];
  /** `store`: the same in every process that shares the store; `process`: of this one since its start. */
  readonly of: 'process' | 'store';
}

export const METRICS = {
  build: {
    name: 'lockkeeper_build_info',
    type: 'gauge',
    help: 'Always 1; its labels say what runs.',
    labels: ['version', 'node'],
    of: 'process',
  },
  storeUp: {
    name: 'lockkeeper_store_up',
    type: 'gauge',
    help: '1 if the store could be read for this answer. If 0, what is of the store is left out.',
    labels: [],
    of: 'process',
  },
  jobs: {
    name: 'lockkeeper_jobs',
    type: 'gauge',
    help: 'Jobs: due, to be taken up later (after a failure, or at a time), running, and buried (given up).',
    labels: ['state'],
    of: 'store',
  },
  jobLanes: {
    name: 'lockkeeper_job_lanes',
    type: 'gauge',
    help: 'Lanes that have such jobs. A repository is a lane, and each plan that is made beside it.',
    labels: ['state'],
    of: 'store',
  },
  oldestJob: {
    name: 'lockkeeper_jobs_oldest_seconds',
    type: 'gauge',
    help: 'Age of the oldest: since it became due, or was buried. 0 where there is none; not told of those for later.',
    labels: ['state'],
    of: 'store',
  },
  jobsEnded: {
    name: 'lockkeeper_jobs_ended_total',
    type: 'counter',
    help: 'Runs of jobs by what became of them: finished, retried (it failed, and is tried again), buried, lost (its lease had ended).',
    labels: ['kind', 'outcome'],
    of: 'process',
  },
  jobSeconds: {
    name: 'lockkeeper_job_seconds',
    type: 'histogram',
    help: 'How long runs of jobs took.',
    labels: ['kind'],
    buckets: [0.1, 0.3, 1, 3, 10, 30, 100, 300],
    of: 'process',
  },
  entries: {
    name: 'lockkeeper_merge_queue_entries',
    type: 'gauge',
    help: 'Pull requests in merge queues, by what they wait for: as waitsFor.kind of GET /api/v1/queues, and gates. Read at most once a minute.',
    labels: ['forge', 'waits_for'],
    of: 'store',
  },
  oldestEntry: {
    name: 'lockkeeper_merge_queue_oldest_seconds',
    type: 'gauge',
    help: 'How long ago the first of them joined; 0 where there is none.',
    labels: ['forge', 'waits_for'],
    of: 'store',
  },
  stoppedQueues: {
    name: 'lockkeeper_merge_queues_stopped',
    type: 'gauge',
    help: 'Merge queues that are stopped, since a merge was not what had been planned.',
    labels: ['forge'],
    of: 'store',
  },
  merges: {
    name: 'lockkeeper_merges_total',
    type: 'counter',
    help: 'Merges that the forge was asked for, by what it made of them.',
    labels: ['forge', 'outcome'],
    of: 'process',
  },
  webhooks: {
    name: 'lockkeeper_webhooks_total',
    type: 'counter',
    help: 'Webhooks: recorded, duplicate, ignored (it concerns nothing here), unsigned, bad-signature, malformed, unavailable (it could not be stored).',
    labels: ['source', 'outcome'],
    of: 'process',
  },
  forgeRequests: {
    name: 'lockkeeper_forge_requests_total',
    type: 'counter',
    help: 'Requests to the forge by the status of the answer; none where no answer came.',
    labels: ['forge', 'status'],
    of: 'process',
  },
  rateLimit: {
    name: 'lockkeeper_forge_rate_limit',
    type: 'gauge',
    help: 'Requests that the forge takes within one of its windows, as its answers say.',
    labels: ['forge', 'resource'],
    of: 'process',
  },
  rateLimitRemaining: {
    name: 'lockkeeper_forge_rate_limit_remaining',
    type: 'gauge',
    help: 'What is left of it: the lowest of all installations whose window has not ended.',
    labels: ['forge', 'resource'],
    of: 'process',
  },
} as const satisfies Readonly<Record<string, MetricDescription>>;
