/** Counts with prom-client and prints it as Prometheus reads it, in a registry of its own. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ForgeKind } from '../../core/ids.js';
import type { JobSubject } from '../../core/job.js';
import type { EntryCount } from '../../core/queue/count-entries.js';
import type { Clock } from '../../ports/clock.js';
import type { ForgeAnswer, JobCount, JobOutcome, Metrics, WebhookOutcome } from '../../ports/metrics.js';
import type { MergeOutcome } from '../../ports/pull-requests.js';
import { METRICS, type MetricDescription } from './metric-list.js';
import { RateLimits } from './rate-limits.js';

interface PrometheusOptions {
  readonly version: string;
  /** Of Node. */
  readonly node: string;
  readonly clock: Clock;
  /** `counted`: also what prom-client says of the process: memory, processor, event loop. */
  readonly process: 'counted' | 'left-out';
}

/** The merge queues of one forge. */
export interface QueueCounts {
  readonly forge: ForgeKind;
  readonly entries: readonly EntryCount[];
  readonly stopped: number;
}

/** What is not counted as it happens, but stands somewhere. */
export interface Standing {
  /** Null: the store could not be read. */
  readonly jobs: readonly JobCount[] | null;
  /** Null: they could not be read. */
  readonly queues: readonly QueueCounts[] | null;
}

export interface MetricsPage {
  readonly contentType: string;
  readonly text: string;
}

export class PrometheusMetrics implements Metrics {
  readonly #registry = new Registry();
  readonly #clock: Clock;
  readonly #limits = new Map<ForgeKind, RateLimits>();
  readonly #storeUp = this.#gauge(METRICS.storeUp);
  readonly #jobs = this.#gauge(METRICS.jobs);
  readonly #jobLanes = this.#gauge(METRICS.jobLanes);
  readonly #oldestJob = this.#gauge(METRICS.oldestJob);
  readonly #jobsEnded = this.#counter(METRICS.jobsEnded);
  readonly #jobSeconds = new Histogram({
    ...told(METRICS.jobSeconds),
    buckets: [...METRICS.jobSeconds.buckets],
    registers: [this.#registry],
  });
  readonly #entries = this.#gauge(METRICS.entries);
  readonly #oldestEntry = this.#gauge(METRICS.oldestEntry);
  readonly #stoppedQueues = this.#gauge(METRICS.stoppedQueues);
  readonly #merges = this.#counter(METRICS.merges);
  readonly #webhooks = this.#counter(METRICS.webhooks);
  readonly #forgeRequests = this.#counter(METRICS.forgeRequests);
  readonly #rateLimit = this.#gauge(METRICS.rateLimit);
  readonly #rateLimitRemaining = this.#gauge(METRICS.rateLimitRemaining);

  constructor({ version, node, clock, process }: PrometheusOptions) {
    this.#clock = clock;
    this.#gauge(METRICS.build).set({ version, node }, 1);
    if (process === 'counted') collectDefaultMetrics({ register: this.#registry });
  }

  jobEnded(kind: JobSubject['kind'], outcome: JobOutcome, duration: number): void {
    this.#jobsEnded.inc({ kind, outcome });
    this.#jobSeconds.observe({ kind }, duration / 1000);
  }

  webhookTaken(source: ForgeKind, outcome: WebhookOutcome): void {
    this.#webhooks.inc({ source, outcome });
  }

  forgeAnswered(forge: ForgeKind, { status, rateLimit }: ForgeAnswer): void {
    this.#forgeRequests.inc({ forge, status: status === null ? 'none' : String(status) });
    if (rateLimit === null) return;
    const limits = this.#limits.get(forge) ?? new RateLimits();
    this.#limits.set(forge, limits);
    limits.note(rateLimit, this.#clock.now());
  }

  mergeAsked(forge: ForgeKind, outcome: MergeOutcome['kind']): void {
    this.#merges.inc({ forge, outcome });
  }

  async page(standing: Standing): Promise<MetricsPage> {
    this.#setJobs(standing.jobs);
    this.#setQueues(standing.queues ?? []);
    this.#setRateLimits();
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  #setJobs(jobs: Standing['jobs']): void {
    this.#storeUp.set(jobs === null ? 0 : 1);
    for (const gauge of [this.#jobs, this.#jobLanes, this.#oldestJob]) gauge.reset();
    for (const { state, jobs: count, lanes, oldest } of jobs ?? []) {
      this.#jobs.set({ state }, count);
      this.#jobLanes.set({ state }, lanes);
      if (state !== 'later') this.#oldestJob.set({ state }, this.#secondsSince(oldest));
    }
  }

  #setQueues(queues: readonly QueueCounts[]): void {
    for (const gauge of [this.#entries, this.#oldestEntry, this.#stoppedQueues]) gauge.reset();
    for (const { forge, entries, stopped } of queues) {
      this.#stoppedQueues.set({ forge }, stopped);
      for (const { wait, entries: count, oldest } of entries) {
        this.#entries.set({ forge, waits_for: wait }, count);
        this.#oldestEntry.set({ forge, waits_for: wait }, this.#secondsSince(oldest));
      }
    }
  }

  #setRateLimits(): void {
    for (const gauge of [this.#rateLimit, this.#rateLimitRemaining]) gauge.reset();
    for (const [forge, limits] of this.#limits) {
      for (const { resource, limit, remaining } of limits.tightest(this.#clock.now())) {
        this.#rateLimit.set({ forge, resource }, limit);
        this.#rateLimitRemaining.set({ forge, resource }, remaining);
      }
    }
  }

  #secondsSince(at: number | null): number {
    return at === null ? 0 : Math.max(0, this.#clock.now() - at) / 1000;
  }

  #gauge(metric: MetricDescription): Gauge {
    return new Gauge({ ...told(metric), registers: [this.#registry] });
  }

  #counter(metric: MetricDescription): Counter {
    return new Counter({ ...told(metric), registers: [this.#registry] });
  }
}

function told({ name, help, labels }: MetricDescription): { name: string; help: string; labelNames: string[] } {
  return { name, help, labelNames: [...labels] };
}
