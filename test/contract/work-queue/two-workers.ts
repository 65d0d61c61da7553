/** The ground that the contract of work queues stands on: two workers of one queue, and the clock they read. */
import type { ManualClock } from '../../../src/adapters/memory/testing/manual-clock.js';
import type { Claim, NewJob, WorkQueue } from '../../../src/ports/work-queue.js';
import { subject } from '../numbered-subject.js';

export interface WorkQueueUnderTest {
  readonly clock: ManualClock;
  /** In ms. */
  readonly lease: number;
  /** How many random sequences of operations to play. */
  readonly randomRuns: number;
  /** Another worker's view of the same jobs. */
  worker(): WorkQueue;
  close(): void | Promise<void>;
}

/** What each test is given anew. */
export interface TwoWorkers {
  readonly under: WorkQueueUnderTest;
  readonly clock: ManualClock;
  readonly queue: WorkQueue;
  readonly other: WorkQueue;
}

export type Here = () => TwoWorkers;

export const job = (lane: string, key: string, more: Partial<NewJob> & { readonly number?: number } = {}): NewJob => {
  const { number = 1, ...rest } = more;
  return { lane, key, subject: subject(number), ...rest };
};

export const keyOf = (claim: Claim | null): string | null => claim && `${claim.lane}/${claim.key}`;

export async function mustClaim(queue: WorkQueue): Promise<Claim> {
  const claim = await queue.claim();
  if (!claim) throw new Error('nothing to claim');
  return claim;
}

/** Claims and finishes until nothing is due: `lane/key` in the order given out. */
export async function drain(queue: WorkQueue): Promise<string[]> {
  const order: string[] = [];
  for (let claim = await queue.claim(); claim; claim = await queue.claim()) {
    order.push(`${claim.lane}/${claim.key}`);
    await queue.finish(claim);
  }
  return order;
}
