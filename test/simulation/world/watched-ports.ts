/** The bot's ports with the world in between: each call is a reach, at which the script may step in. */
import { laneAndKey } from '../../../src/core/job.js';
import type { Mirror } from '../../../src/ports/repository.js';
import type { Cache, Inbox } from '../../../src/ports/store.js';
import type { WorkQueue } from '../../../src/ports/work-queue.js';
import type { NearMirror } from '../git/near-mirror.js';
import { never, tasks } from './tasks.js';
import { intercept } from './intercept.js';

export interface Watcher {
  /** {@link World.moment} */
  readonly moment: number;
  /** The newest claim of each lane. */
  readonly fences: Map<string, number>;
  /** Where the mirror last saw the target branch. */
  lastTip: string;
  /** The call is made when the script lets it be. */
  port<T>(name: string, act: () => Promise<T>): Promise<T>;
}

export function watchQueue(watcher: Watcher, queue: WorkQueue): WorkQueue {
  const port = watcher.port.bind(watcher);
  return intercept(queue, {
    enqueue: (job) => port('enqueue', () => queue.enqueue(job)),
    claim: async () => {
      const claim = await port('claim', () => queue.claim());
      const task = tasks.getStore();
      if (claim !== null && task !== undefined) {
        const { lane } = laneAndKey(claim.subject);
        watcher.fences.set(lane, Math.max(claim.lock.fence, watcher.fences.get(lane) ?? 0));
        Object.assign(task, { name: claim.key, lane, fence: claim.lock.fence, began: watcher.moment });
      }
      return claim;
    },
    extend: (claim) => port('extend', () => queue.extend(claim)),
    finish: (claim) => port('finish', () => queue.finish(claim)),
    retry: (claim, at, why) => port('retry', () => queue.retry(claim, at, why)),
    bury: (claim, reason) => port('bury', () => queue.bury(claim, reason)),
  });
}

export function watchInbox(watcher: Watcher, inbox: Inbox): Inbox {
  const port = watcher.port.bind(watcher);
  return intercept(inbox, {
    record: (delivery, work) => port('record', () => inbox.record(delivery, work)),
    waiting: () => port('waiting', () => inbox.waiting()),
    settle: (source, id, outcome) => port('settle', () => inbox.settle(source, id, outcome)),
  });
}

export function watchCache(watcher: Watcher, cache: Cache): Cache {
  return intercept(cache, {
    // So many that nothing steps in between; but the dead read nothing, for the store may be another's by now.
    get: async (key) => (tasks.getStore()?.incarnation.isDead() === true ? never<null>() : cache.get(key)),
    put: (key, value, stay) => watcher.port('put', () => cache.put(key, value, stay)),
  });
}

/** So many that nothing steps in between, and of no use to the dead. */
export function watchAnswers(answers: Cache): Cache {
  const isDead = (): boolean => tasks.getStore()?.incarnation.isDead() === true;
  return intercept(answers, {
    get: async (key) => (isDead() ? never<null>() : answers.get(key)),
    put: async (key, value, stay) => (isDead() ? never<void>() : answers.put(key, value, stay)),
  });
}

export function watchMirror(watcher: Watcher, mirror: NearMirror): Mirror {
  return intercept<Mirror>(mirror, {
    fetch: () =>
      watcher.port('fetch', async () => {
        await mirror.fetch();
        watcher.lastTip = (await mirror.branch('main')) ?? '';
      }),
  });
}
