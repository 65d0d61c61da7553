/** One worker in a process of its own: claims and finishes, and remembers when. Its jobs do nothing. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Storage } from '../../src/cli/storage.js';
import type { StorageSettings } from '../../src/cli/storage-settings.js';
import { Unavailable } from '../../src/core/problem.js';
import { openLaneStore } from './open-lane-store.js';

export interface DoneJob {
  readonly lane: string;
  /** Its place in the lane, from 0. */
  readonly place: number;
  readonly fence: number;
  readonly claimed: number;
  readonly finished: number;
}

process.once('message', (settings: StorageSettings) => void start(settings));

async function start(settings: StorageSettings): Promise<void> {
  const storage = await openLaneStore(settings);
  let phase: 'working' | 'over' = 'working';
  process.on('message', () => (phase = 'over'));
  process.once('disconnect', () => void storage.close().then(() => process.exit(0)));
  process.send?.('ready');
  const done: DoneJob[] = [];
  while (phase === 'working') {
    const job = await workOnce(storage);
    if (job === null) await pause(2);
    else done.push(job);
  }
  process.send?.(done);
}

async function workOnce({ queue }: Storage): Promise<DoneJob | null> {
  const claim = await unlessAway(queue.claim());
  if (claim === null) return null;
  const claimed = performance.timeOrigin + performance.now();
  while ((await unlessAway(queue.finish(claim))) === null) await pause(2);
  const finished = performance.timeOrigin + performance.now();
  return { lane: claim.lane, place: Number(claim.key), fence: claim.lock.fence, claimed, finished };
}

/** Null where others kept the store from answering: a worker of the bot goes on, too. */
async function unlessAway<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (cause) {
    if (cause instanceof Unavailable) return null;
    throw cause;
  }
}
