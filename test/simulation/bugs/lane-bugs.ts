/** Bugs of the queue: lanes and claims. */
import type { NewJob } from '../../../src/ports/work-queue.js';
import { grantLaneLock, type LaneLock } from '../../../src/ports/lane-lock.js';
import { intercept } from '../world/intercept.js';
import { bug, type PlantedBug } from './planted-bug.js';

export const LANE_BUGS = {
  'lane-always-granted': bug('The queue gives out jobs of a lane in which one is at work.', () => ({
    queue: (queue) => intercept(queue, { enqueue: (job) => queue.enqueue(inLaneOfItsOwn(job)) }),
    inbox: (inbox) =>
      intercept(inbox, {
        record: (delivery, work) =>
          inbox.record(delivery, work && { ...work, jobs: work.jobs.map((job) => inLaneOfItsOwn(job)) }),
      }),
  })),
  'fence-ignored': bug('A worker whose claim is over still believes that it holds the lane.', () => ({
    queue: (queue) =>
      intercept(queue, {
        claim: async () => {
          const claim = await queue.claim();
          return claim === null ? null : { ...claim, lock: alwaysHeld(claim.lock) };
        },
      }),
  })),
} as const satisfies Readonly<Record<string, PlantedBug>>;

let lanes = 0;

function inLaneOfItsOwn(job: NewJob): NewJob {
  lanes += 1;
  return { ...job, lane: `${job.lane}~${lanes % 3}` };
}

function alwaysHeld(lock: LaneLock): LaneLock {
  return grantLaneLock(lock.lane, lock.fence, async () => true);
}
