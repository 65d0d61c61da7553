/**
 * Wakes one idle process when a lane has something due, now or later: a BullMQ job for each lane. Deduplicated by its lane, with
 * `keepLastIfActive`, so that a lane has at most one that waits, and a ring during a wake is heard after it.
 *
 * It carries nothing: whoever is woken asks the work queue.
 */
import { Queue, Worker, type ConnectionOptions } from 'bullmq';
import type { Instant } from '../../core/ids.js';
import type { Log } from '../../ports/log.js';
import type { RedisLocation } from './redis-connection.js';

const QUEUE = 'lanes';
/** Wakes at once in one process: more than it has idle workers would be noise. */
const CONCURRENCY = 8;

export class LaneBell {
  readonly #location: RedisLocation;
  readonly #log: Log;
  readonly #queue: Queue;
  readonly #listeners = new Set<() => void>();
  readonly #ringing = new Map<string, Promise<void>>();
  #worker: Worker | null = null;
  #silent = false;

  constructor(location: RedisLocation, log: Log) {
    this.#location = location;
    this.#log = log;
    this.#queue = new Queue(QUEUE, {
      ...this.#common({ enableOfflineQueue: false, maxRetriesPerRequest: 0 }),
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    });
    this.#queue.on('error', (error) => this.#note(error));
  }

  /** Does not wait: what is enqueued is enqueued, and found without a bell within a second. */
  ring(lane: string, due: Instant): void {
    // One that is on its way already is heard by somebody who then looks at everything that is due.
    if (this.#ringing.has(lane) && due <= Date.now()) return;
    const ringing = this.#add(lane, Math.max(0, due - Date.now())).finally(() => {
      if (this.#ringing.get(lane) === ringing) this.#ringing.delete(lane);
    });
    this.#ringing.set(lane, ringing);
  }

  /** Returns how to stop listening. The first listener makes this process one that is woken. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#worker ??= this.#startWorker();
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#silent = true;
    await Promise.all(this.#ringing.values());
    // By force: a wake that is cut off is repeated in another process, which is what is wanted of one that ends.
    await this.#worker?.close(true).catch((error: unknown) => this.#note(error));
    await this.#queue.close().catch((error: unknown) => this.#note(error));
  }

  async #add(lane: string, delay: number): Promise<void> {
    const deduplication = { id: lane, keepLastIfActive: true, reschedule: true };
    try {
      await this.#queue.add('wake', {}, { deduplication, ...(delay === 0 ? {} : { delay }) });
    } catch (error) {
      this.#note(error);
    }
  }

  #startWorker(): Worker {
    const wake = async (): Promise<void> => {
      for (const listener of this.#listeners) listener();
    };
    const worker = new Worker(QUEUE, wake, {
      ...this.#common({ maxRetriesPerRequest: null }),
      concurrency: CONCURRENCY,
      // What is woken answers within microseconds: nothing is ever active for long.
      stalledInterval: 30_000,
    });
    worker.on('error', (error) => this.#note(error));
    return worker;
  }

  #common(options: { readonly enableOfflineQueue?: boolean; readonly maxRetriesPerRequest: number | null }): {
    connection: ConnectionOptions;
    prefix: string;
    skipVersionCheck: boolean;
  } {
    const retryStrategy = (attempt: number): number => Math.min(1_000, 50 * attempt);
    return {
      connection: { url: this.#location.url, retryStrategy, ...options },
      prefix: `{${this.#location.prefix}}:bullmq`,
      // Done by who opens the store, with words of our own.
      skipVersionCheck: true,
    };
  }

  #note(error: unknown): void {
    if (this.#silent) return;
    const message = error instanceof Error ? error.message : String(error);
    this.#log.debug({ error: message }, 'The bell of the lanes failed; idle workers look by themselves');
  }
}
