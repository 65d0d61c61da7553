/** Puts on the queue's branches what a round wants verified, and takes away what nobody waits for. */
import type { AheadPlan, SortedBatches } from '../../core/queue/plan-ahead.js';
import type { Sha } from '../../core/ids.js';
import type { Round, Verification } from '../../core/queue/plan-round.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import type { App } from '../app.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';
import { batchBranches, dropBatch, makeBatch, type BatchRequest, type StandingBatch } from './queue-batch.js';
import type { StandingEntry } from './queue-entries.js';

interface WantedBatches {
  /** What is there. */
  readonly batches: SortedBatches<StandingBatch>;
  readonly round: Round;
  readonly ahead: AheadPlan;
  readonly queue: readonly StandingEntry[];
}

/** `made`: something is verified now that the round did not know of yet. */
export async function performBatches(
  app: App,
  lock: LaneLock,
  repository: ConfiguredRepository,
  { batches, round, ahead, queue }: WantedBatches,
): Promise<'made' | 'nothing-new'> {
  for (const each of batches.over) await dropBatch(lock, repository, each);
  // First, so that nothing is on the branch that the batch itself might be put on.
  if (ahead.kind === 'drop' && batches.ahead !== null) await dropBatch(lock, repository, batches.ahead);
  const [first, second] = batchBranches(repository.branch);
  const on = batches.batch?.on ?? first;
  const now = await performBatch(app, lock, repository, { batch: batches.batch, round, on, queue });
  if (ahead.kind !== 'make') return now;
  const { verification, after } = ahead;
  const other = on === first ? second : first;
  const next = await makeBatch(app, lock, repository, {
    verification,
    after,
    failed: failedBefore(verification, batches.batch),
    on: other,
    queue,
  });
  return next === 'made' ? next : now;
}

async function performBatch(
  app: App,
  lock: LaneLock,
  repository: ConfiguredRepository,
  { batch, round, on, queue }: Pick<WantedBatches, 'round' | 'queue'> & Pick<BatchRequest, 'on'> & Standing,
): Promise<'made' | 'nothing-new'> {
  const { verify, culprit } = round;
  if (verify !== null) {
    const made = await makeBatch(app, lock, repository, {
      verification: verify,
      after: [],
      failed: failedBefore(verify, batch),
      on,
      queue,
    });
    return made === 'made' ? made : 'nothing-new';
  }
  if (batch !== null && culprit === null && !isWaitedFor(batch, queue)) await dropBatch(lock, repository, batch);
  return 'nothing-new';
}

function failedBefore({ suspects }: Verification, batch: StandingBatch | null): Sha | null {
  return suspects.length === 0 ? null : (batch?.failed ?? null);
}

/** By those it is of, and by those among whom a culprit is sought. */
function isWaitedFor({ entries, suspects }: StandingBatch, queue: readonly StandingEntry[]): boolean {
  const concerned = [...entries.map(({ number }) => number), ...(entries.length > 0 ? suspects : [])];
  return queue.some(({ number }) => concerned.includes(number));
}

interface Standing {
  readonly batch: StandingBatch | null;
}
