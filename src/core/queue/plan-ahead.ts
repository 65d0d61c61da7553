/**
 * Verifying ahead: while the checks of a batch run, what would be verified next if they pass is verified already, on what the branch would
 * hold then. When the batch has been merged, the one ahead takes its place, and part of its checks has run meanwhile.
 *
 * A presumption permits nothing: what is ahead is merged only once it is the batch, and then only if its evidence holds on the branch as it
 * is. If the batch fails, or one of it leaves, what was presumed of it is thrown away. After failures batches are small, which says that
 * the next may fail too: then nothing is presumed.
 *
 * Worked example. #1 to #8 are being verified. #9 to #20 wait for the next batch: they are merged after #1 to #8 and verified meanwhile.
 * #1 to #8 pass and are merged; the checks of #9 to #20 speak of just that branch, and are done at about the same time.
 */
import { mayStay, planRound, standingBatch, type Batch, type RoundEntry, type RoundFacts } from './plan-round.js';
import type { Round, Verification } from './plan-round.js';
import { overlap } from './touches.js';

/** A batch that was merged after others which are not on the branch yet. */
export interface AheadBatch extends Batch {
  /** In order. */
  readonly after: Batch['entries'];
}

export interface AheadFacts {
  readonly facts: RoundFacts;
  /** As planned on these facts. */
  readonly round: Round;
  readonly ahead: AheadBatch | null;
  /** `checks`: batches are verified ahead. `plans`: nothing is but plans. */
  readonly speculate: 'off' | 'plans' | 'checks';
}

export type AheadPlan =
  /** As it is, be there one or none. */
  | { readonly kind: 'keep' }
  | { readonly kind: 'drop' }
  /** In place of what is there. */
  | { readonly kind: 'make'; readonly verification: Verification; readonly after: Batch['entries'] };

export function planAhead(asked: AheadFacts): AheadPlan {
  const { facts, round, ahead, speculate } = asked;
  const none: AheadPlan = { kind: ahead === null ? 'keep' : 'drop' };
  const batch = standingBatch(facts);
  if (speculate !== 'checks' || batch === null || !isPromising(batch)) return none;
  // What is merged now changes what there is to be presumed: the next round sees it.
  if (batch.result === 'passed' || round.merges.length > 0) return { kind: 'keep' };
  if (ahead !== null && stands(ahead, batch, facts)) return { kind: 'keep' };
  const { verify } = planRound(presumed(facts, batch));
  return verify === null ? none : { kind: 'make', verification: verify, after: batch.entries };
}

/** While a culprit is sought, every other batch fails: it must have gone well for long before. */
const LEAST_SIZE = { verifying: 4, searching: 8 } as const;

/** Sizes tell how it went lately. With smaller ones `npm run bench -- queue` spends more than 1.3 check runs for each that is merged. */
function isPromising({ result, suspects, entries, size }: Batch): boolean {
  const least = suspects.length > 0 ? LEAST_SIZE.searching : LEAST_SIZE.verifying;
  return result !== 'failed' && entries.length > 0 && size >= least;
}

function stands(ahead: AheadBatch, batch: Batch, { entries }: RoundFacts): boolean {
  const same = (a: { number: number; head: string }, b: { number: number; head: string }) =>
    a.number === b.number && a.head === b.head;
  const members = entries.filter((entry) => ahead.entries.some((each) => same(entry, each)));
  return (
    members.length === ahead.entries.length &&
    members.every(mayStay) &&
    // What waits has not been seen whole: it is judged when it is ready.
    (ahead.evidence === 'holds' || members.some(({ standing }) => standing !== 'ready')) &&
    ahead.after.length === batch.entries.length &&
    ahead.after.every((each) => batch.entries.some((member) => same(member, each)))
  );
}

/** As it will be once the batch has passed and was merged. */
function presumed(facts: RoundFacts, batch: Batch): RoundFacts {
  const isMember = ({ number }: RoundEntry) => batch.entries.some((each) => each.number === number);
  const merged = facts.entries.filter(isMember);
  const entries = facts.entries
    .filter((entry) => !isMember(entry))
    .map((entry): RoundEntry => {
      if (!merged.some((member) => overlap(member.touches, entry.touches))) return entry;
      // Its plan will be another, so people would have to agree once more.
      const standing = entry.consent === 'of-this-plan' && entry.standing === 'ready' ? 'waiting' : entry.standing;
      return { ...entry, standing, evidence: 'stale' };
    });
  return { ...facts, entries, batch: { ...batch, entries: [], result: 'passed' } };
}

export interface SortedBatches<Each> {
  readonly batch: Each | null;
  readonly ahead: Each | null;
  /** Nothing is awaited of them any more. */
  readonly over: readonly Each[];
}

/** Of what stands on the queue's branches: what was ahead is the batch as soon as all that it was merged after is on the branch. */
export function sortBatches<Each extends AheadBatch>(standing: readonly Each[]): SortedBatches<Each> {
  const heads = standing.filter(({ after }) => after.length === 0);
  const batch = heads.find(({ entries }) => entries.length > 0) ?? heads[0] ?? null;
  const ahead = standing.find(({ after }) => after.length > 0) ?? null;
  return { batch, ahead, over: standing.filter((each) => each !== batch && each !== ahead) };
}
