/** The last look at the lane before a write leaves for GitLab. */
import { Unavailable } from '../../core/problem.js';
import type { LaneLock } from '../../ports/lane-lock.js';

/** Rejects once another worker has the lane: what it does now must not be overwritten by us (I2). */
export async function requireLane(lock: LaneLock): Promise<void> {
  if (!(await lock.stillHeld())) throw new Unavailable('the lane was taken over');
}
