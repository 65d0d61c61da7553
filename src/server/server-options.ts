/** What the HTTP server is given by the composition root. */
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Metrics } from '../ports/metrics.js';
import type { Delivery, Inbox } from '../ports/store.js';
import type { DeadJob } from '../ports/work-queue.js';
import type { WebhookReader } from '../ports/webhooks.js';
import type { ReadPlanPage } from './plan-pages.js';
import type { ReadQueues } from './read-queues.js';

export interface ServerOptions {
  /** One for each forge that is configured. */
  readonly readers: readonly WebhookReader[];
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly log: Log;
  /** Most bytes of a webhook's body; absent for 25 MiB, more than which GitHub does not send. */
  readonly bodyLimit?: number;
  /** The bearer token of `/api/v1`, or null: then that part answers 403. */
  readonly apiToken: string | null;
  /**
   * Makes a delivery and its work durable; the sender is told that it was accepted once this resolves. If it rejects, the sender is told to
   * try again. Must be safe to repeat. `duplicate`: it was recorded before.
   */
  takeIn(delivery: Delivery): Promise<'recorded' | 'duplicate'>;
  /** What `/readyz` shows. Rejecting counts as not ready. */
  readiness(): Promise<readonly ReadinessPart[]>;
  readonly version: string;
  /** Reads a plan's page; absent where the bot has no public address. */
  readonly planPage?: ReadPlanPage;
  /** Counts webhooks, and prints what was counted; absent where nobody counts. */
  readonly metrics?: ServedMetrics;
  /** Reads the merge queues. */
  readonly queues?: ReadQueues;
  /** Reads the jobs that were given up, oldest first. */
  buriedJobs?(): Promise<readonly DeadJob[]>;
  /** `health`: nothing but `/healthz` and `/readyz`, for a process that only works. Absent for all. */
  readonly serves?: 'all' | 'health';
}

export interface ServedMetrics extends Pick<Metrics, 'webhookTaken'> {
  /** As Prometheus reads it. */
  page(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** One thing that the bot needs for its work: the store, a forge. */
export interface ReadinessPart {
  readonly name: string;
  readonly state: 'ready' | 'failing';
  /** One sentence for operators; shown to anyone who asks, so nothing secret. */
  readonly detail: string;
}

/** 25 MiB. */
export const DEFAULT_BODY_LIMIT = 26_214_400;
