/** The ground that the contracts of the forge ports stand on: a forge, the lane’s lock held and lost, and the faults there are. */
import { expect } from 'vitest';
import type { PullRequest } from '../../../src/core/forge-objects.js';
import { Unavailable } from '../../../src/core/problem.js';
import { grantLaneLock } from '../../../src/ports/lane-lock.js';
import { seed, type Fault, type ForgeWorld } from '../forge-harness.js';

export const lock = grantLaneLock('lane', 1, async () => true);
export const lostLock = grantLaneLock('lane', 1, async () => false);
export const missing = '0123456789012345678901234567890123456789';
export const { defaultBranch } = seed;

/** After these the act has happened although no good answer came. */
export const doneUnsaid: readonly Fault[] = [{ kind: 'answer-lost' }, { kind: 'done-then-500' }];
/** After these nothing has happened. */
export const notDone: readonly Fault[] = [
  { kind: 'unavailable' },
  { kind: 'rate-limited', retryAfter: 7 },
  { kind: 'reset' },
  { kind: 'no-answer' },
];

export type Here = () => ForgeWorld;

/** Mergeability is computed late: read until it is known. */
export async function readSettled(world: ForgeWorld, number: number): Promise<PullRequest> {
  for (let reads = 0; reads < 5; reads += 1) {
    const read = await world.forge.pullRequests.read(world.repository, number);
    if (read !== null && read.mergeability !== 'unknown') return read;
  }
  throw new Error('the forge never said whether it can be merged');
}

export async function problemOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return error;
  }
}

export function expectSoon(problem: unknown, at: number): void {
  const retryAt = problem instanceof Unavailable ? problem.retryAt : null;
  expect(retryAt).toBeGreaterThanOrEqual(at);
  expect(retryAt).toBeLessThan(at + 5000);
}
