/** How fast jobs go through lanes: many lanes, workers in processes of their own, on SQLite and on Redis, while one process enqueues. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { StorageSettings } from '../../src/cli/storage-settings.js';
import { startChild, stopChild } from '../child.js';
import { startRedis } from '../redis.js';
import type { DoneJob } from './lane-worker.js';
import { openLaneStore } from './open-lane-store.js';

export interface LaneRun {
  readonly store: 'sqlite' | 'redis';
  readonly workers: number;
  /** From the first that was enqueued to the last that was finished. */
  readonly jobsPerSecond: number;
  readonly enqueuedPerSecond: number;
  /** From enqueued to claimed, in ms. */
  readonly longestWait: number;
  readonly medianWait: number;
  /** Jobs that were claimed out of their lane's order, or while another of their lane ran; and jobs done twice or not at all. */
  readonly orderViolations: number;
  readonly lostOrDoubled: number;
}

export interface LanesFigures {
  readonly jobs: number;
  readonly lanes: number;
  readonly cores: number;
  readonly runs: readonly LaneRun[];
  readonly orderViolations: number;
  readonly lostOrDoubled: number;
  readonly ratios: Readonly<Record<string, number>>;
}

export async function benchLanes({ size }: { readonly size: 'full' | 'small' }): Promise<LanesFigures> {
  const [jobs, lanes, among] = size === 'full' ? [10_000, 200, [1, 2, 4]] : [60, 10, [1, 4]];
  const redis = await startRedis();
  const runs: LaneRun[] = [];
  try {
    for (const workers of among) {
      runs.push(await measure({ jobs, lanes, workers, redisUrl: null }));
      if (redis !== null) runs.push(await measure({ jobs, lanes, workers, redisUrl: redis.url }));
    }
  } finally {
    await redis?.close();
  }
  const sum = (of: (run: LaneRun) => number): number => runs.reduce((all, run) => all + of(run), 0);
  return {
    jobs,
    lanes,
    cores: availableParallelism(),
    runs,
    orderViolations: sum((run) => run.orderViolations),
    lostOrDoubled: sum((run) => run.lostOrDoubled),
    ratios: ratiosOf(runs),
  };
}

interface Order {
  readonly jobs: number;
  readonly lanes: number;
  readonly workers: number;
  readonly redisUrl: string | null;
}

async function measure(order: Order): Promise<LaneRun> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-lanes-'));
  const prefix = `bench-${order.workers}`;
  const redis = order.redisUrl === null ? null : { url: order.redisUrl, prefix };
  const settings: StorageSettings = { dataDirectory: directory, redis, keepDeliveries: 1_000 };
  const children: ChildProcess[] = [];
  try {
    // The store is made before several come to it together.
    const storage = await openLaneStore(settings);
    const worker = new URL('lane-worker.ts', import.meta.url);
    const started = await Promise.all(Array.from({ length: order.workers }, () => startChild(worker, settings)));
    children.push(...started.map(({ child }) => child));
    const enqueued = new Map<string, number>();
    const since = now();
    for (let number = 0; number < order.jobs; number += 1) {
      const [lane, key] = [`lane-${number % order.lanes}`, String(Math.floor(number / order.lanes))];
      const subject = { kind: 'sweep', repository: { forge: 'github', path: `acme/${lane}` } } as const;
      enqueued.set(`${lane}/${key}`, now());
      await storage.queue.enqueue({ lane, key, subject });
    }
    const enqueuing = now() - since;
    while ((await storage.queue.nextDue()) !== null) await pause(5);
    const done = (await Promise.all(children.map(collect))).flat();
    await storage.close();
    return report(order, { since, enqueuing, enqueued, done });
  } finally {
    await Promise.all(children.map(stopChild));
    await rm(directory, { recursive: true, force: true });
  }
}

async function collect(child: ChildProcess): Promise<readonly DoneJob[]> {
  const answer = once(child, 'message');
  child.send('over');
  const [done] = (await answer) as [readonly DoneJob[]];
  return done;
}

interface Measured {
  readonly since: number;
  readonly enqueuing: number;
  readonly enqueued: ReadonlyMap<string, number>;
  readonly done: readonly DoneJob[];
}

function report(order: Order, { since, enqueuing, enqueued, done }: Measured): LaneRun {
  const waits = done
    .map((job) => job.claimed - (enqueued.get(`${job.lane}/${job.place}`) ?? 0))
    .toSorted((a, b) => a - b);
  const seconds = (Math.max(...done.map((job) => job.finished)) - since) / 1000;
  const names = new Set(done.map((job) => `${job.lane}/${job.place}`));
  const run: LaneRun = {
    store: order.redisUrl === null ? 'sqlite' : 'redis',
    workers: order.workers,
    jobsPerSecond: Math.round(order.jobs / seconds),
    enqueuedPerSecond: Math.round(order.jobs / (enqueuing / 1000)),
    longestWait: Math.round(waits.at(-1) ?? 0),
    medianWait: Math.round(waits[Math.floor(waits.length / 2)] ?? 0),
    orderViolations: violations(done),
    lostOrDoubled: order.jobs - names.size + (done.length - names.size),
  };
  console.log(
    `${run.store}, workers: ${run.workers}: ${run.jobsPerSecond} jobs/s, longest wait ${run.longestWait} ms, order violations ${run.orderViolations}`,
  );
  return run;
}

/** By their fences, which grow from claim to claim, the jobs of a lane come in their order; and their times do not overlap. */
function violations(done: readonly DoneJob[]): number {
  const lanes = new Map<string, DoneJob[]>();
  for (const job of done) lanes.set(job.lane, [...(lanes.get(job.lane) ?? []), job]);
  let count = 0;
  for (const jobs of lanes.values()) {
    const inTurn = jobs.toSorted((a, b) => a.fence - b.fence);
    for (const [index, job] of inTurn.entries()) {
      const before = inTurn[index - 1];
      if (before !== undefined && (before.place >= job.place || before.claimed > job.finished)) count += 1;
    }
  }
  return count;
}

function ratiosOf(runs: readonly LaneRun[]): Readonly<Record<string, number>> {
  const rate = (store: LaneRun['store'], workers: number): number =>
    runs.find((run) => run.store === store && run.workers === workers)?.jobsPerSecond ?? Number.NaN;
  const all = {
    redisToSqliteWithOneWorker: rate('redis', 1) / rate('sqlite', 1),
    redisFourWorkersToOne: rate('redis', 4) / rate('redis', 1),
    sqliteFourWorkersToOne: rate('sqlite', 4) / rate('sqlite', 1),
  };
  return Object.fromEntries(
    Object.entries(all)
      .filter(([, ratio]) => Number.isFinite(ratio))
      .map(([name, ratio]) => [name, Math.round(ratio * 100) / 100]),
  );
}

/** In ms, comparable between processes of one machine. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
