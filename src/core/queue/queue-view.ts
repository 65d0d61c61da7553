/** What people see of a merge queue: made at each round from the round itself, so that it says what was decided. */
import type { PullRequestKind } from '../configuration.js';
import type { Instant } from '../ids.js';
import type { GateResult } from '../promotion/gates.js';
import { unreachable } from '../unreachable.js';
import type { AheadBatch } from './plan-ahead.js';
import type { Batch, Round, RoundWait } from './plan-round.js';

export type EntryWait =
  /** It is merged next. */
  | { readonly kind: 'merging' }
  /** Its own plan, checks or people; its comment has the list. */
  | { readonly kind: 'itself' }
  /** A promotion's, judged again now. */
  | { readonly kind: 'gates'; readonly gates: GateResult }
  /** `because`: as {@link RoundWait} has it. */
  | { readonly kind: 'entry'; readonly entry: number; readonly because: 'meets' | 'in-turn' }
  /** The checks of this commit, which is the merge of all of these. `long-silent`: none has been reported, for {@link LONG_SILENCE}. */
  | {
      readonly kind: 'its-batch';
      readonly numbers: readonly number[];
      readonly commit: string;
      readonly checks: 'awaited' | 'long-silent';
    }
  | { readonly kind: 'next-batch' }
  /** It is verified already, as part of this commit, on what the branch will hold once `after` are merged. */
  | {
      readonly kind: 'ahead';
      readonly numbers: readonly number[];
      readonly after: readonly number[];
      readonly commit: string;
    };

/** In ms. CI that runs at all has begun by then, or at least said that it waits. */
export const LONG_SILENCE = 10 * 60_000;

export interface ViewedEntry {
  readonly number: number;
  readonly title: string;
  readonly kind: PullRequestKind;
  readonly by: string;
  readonly since: Instant;
  readonly urgency: 'now' | 'in-turn';
  /** From 1. */
  readonly position: number;
  readonly wait: EntryWait;
  /** When it may be merged, by what was measured here; it stays while the position does. Null: too little was measured, or it was too early. */
  readonly expected: Instant | null;
}

export interface QueueView {
  readonly branch: string;
  readonly at: Instant;
  readonly entries: readonly ViewedEntry[];
  /** Nothing is merged until somebody says `/retry`; the pull request whose merge was not what had been planned, where it is known. */
  readonly stopped: { readonly pullRequest: number | null } | null;
}

export interface ViewFacts {
  readonly branch: string;
  readonly now: Instant;
  /** `gates`: those that have not passed, or null. */
  readonly entries: readonly (Omit<ViewedEntry, 'position' | 'wait' | 'expected'> & {
    readonly gates: GateResult | null;
  })[];
  readonly round: Round | null;
  /** `silentSince`: when it was made, while no check of others has been reported on it. */
  readonly batch: (Batch & { readonly commit: string; readonly silentSince: Instant | null }) | null;
  readonly ahead: (AheadBatch & { readonly commit: string }) | null;
  readonly stopped: QueueView['stopped'];
  /** From joining to being merged, in ms. */
  readonly median: number | null;
  readonly before: QueueView | null;
}

export function viewQueue(facts: ViewFacts): QueueView {
  const { branch, now, stopped } = facts;
  const entries = facts.entries.map(({ gates, ...entry }, index): ViewedEntry => {
    const wait: EntryWait = gates === null ? waitOf(entry.number, facts) : { kind: 'gates', gates };
    const viewed = { ...entry, position: index + 1, wait };
    return { ...viewed, expected: expectedFor(viewed, facts) };
  });
  return { branch, at: now, entries, stopped };
}

function waitOf(number: number, facts: ViewFacts): EntryWait {
  const { round, ahead } = facts;
  if (round?.merges.some((merge) => merge.number === number) === true) return { kind: 'merging' };
  const wait = round?.waits.find((each) => each.number === number);
  if (ahead?.entries.some((each) => each.number === number) === true && wait?.for !== 'itself')
    return { kind: 'ahead', numbers: numbersOf(ahead.entries), after: numbersOf(ahead.after), commit: ahead.commit };
  return wait === undefined ? { kind: 'itself' } : roundWait(wait, facts);
}

function roundWait(wait: RoundWait, { batch, now }: ViewFacts): EntryWait {
  switch (wait.for) {
    case 'entry':
      return { kind: 'entry', entry: wait.entry, because: wait.because };
    case 'its-batch':
      return {
        kind: 'its-batch',
        numbers: numbersOf(batch?.entries ?? []),
        commit: batch?.commit ?? '',
        checks: now - (batch?.silentSince ?? now) >= LONG_SILENCE ? 'long-silent' : 'awaited',
      };
    case 'next-batch':
      return { kind: 'next-batch' };
    case 'itself':
      return { kind: 'itself' };
    default:
      return unreachable(wait);
  }
}

function numbersOf(members: Batch['entries']): readonly number[] {
  return members.map(({ number }) => number);
}

/**
 * Whoever stands where they stood is told the same as before: an estimate that moves with the clock tells nothing. Once its time has come
 * it was wrong, and none is told.
 */
function expectedFor(
  { number, since, position }: Pick<ViewedEntry, 'number' | 'since' | 'position'>,
  { before, median, now }: ViewFacts,
): Instant | null {
  const known = before?.entries.find((entry) => entry.number === number && entry.since === since);
  const estimated = median === null ? null : since + median;
  const expected = known !== undefined && known.position === position ? known.expected : estimated;
  return expected !== null && expected > now ? expected : null;
}

/** Those whose words are different now: what they were told is to be told anew. Far places are told alike. */
export function changedEntries(before: QueueView | null, after: QueueView): readonly number[] {
  const told = (entry: ViewedEntry, view: QueueView) =>
    JSON.stringify([toldPosition(entry.position), entry.wait, entry.urgency, entry.expected === null, view.stopped]);
  return after.entries
    .filter((entry) => {
      const known = before?.entries.find(({ number, since }) => number === entry.number && since === entry.since);
      return known === undefined || before === null || told(known, before) !== told(entry, after);
    })
    .map(({ number }) => number);
}

/** Positions are told so far; a comment is not edited for each step that something far behind makes. */
export const MOST_TOLD = 10;

export function toldPosition(position: number): number | 'far' {
  return position <= MOST_TOLD ? position : 'far';
}
