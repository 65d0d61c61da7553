/**
 * One round of the merge queue: of everything that waits, what is merged now, what is verified together, and who waits for what.
 *
 * Checks speak of a commit. They also speak of its merge into a later tip as long as nothing that came to the branch since touches what the
 * commit touches: such checks are *fresh*. Entries that touch different things therefore never wait for each other. With `verify: batch`,
 * those whose checks are stale are merged in the object database, in order, and put on a branch of the bot's own, the **batch**; the checks
 * of that one commit speak for all of them. If they fail, the first half is verified, and so on: the culprit of n is found in
 * ceil(log2 n) + 1 rounds, for what is left when the rest has passed needs no round of its own.
 *
 * Worked example. api#1 and web#2 touch nothing in common, api#3 touches what #1 does; all are green. The round merges #1 and #2. In the
 * next one #3 is stale, for #1 has come to the branch since its checks ran. With `verify: head` it is merged if its plan on the new tip
 * still is what was approved; with `verify: batch` its merge is verified first.
 */
import type { Sha } from '../ids.js';
import { overlap, type Touches } from './touches.js';

export interface RoundEntry {
  readonly number: number;
  readonly head: Sha;
  readonly touches: Touches;
  /**
   * On today's tip, its own checks among the rest. `planning`: it waits for nothing but its plan, which is made at once whenever the branch
   * moves. `blocked`: waiting alone will not help, it is about to leave.
   */
  readonly standing: 'ready' | 'planning' | 'waiting' | 'blocked';
  /** `stale`: something it touches has changed on the branch since its checks ran. */
  readonly evidence: 'fresh' | 'stale';
  /** `of-this-plan`: people agreed to the plan that it has on today's tip, so it can't follow what would change that plan. */
  readonly consent: 'none-needed' | 'of-this-plan';
  /** `spent`: it has waited so long that it holds up nobody any more. */
  readonly patience: 'left' | 'spent';
}

/** What is being verified together. */
export interface Batch {
  /** In order, and by their heads when the batch was made; those merged since are left out. */
  readonly entries: readonly { readonly number: number; readonly head: Sha }[];
  /** In order: known to fail together on what was merged before them. Empty while nothing is known to fail. */
  readonly suspects: readonly number[];
  /** Of the required checks of the batch's own commit. */
  readonly result: 'pending' | 'passed' | 'failed';
  /** `void`: merged on today's tip, something that they touch would not be what was verified. */
  readonly evidence: 'holds' | 'void';
  /** How many it could have been. */
  readonly size: number;
}

export interface RoundFacts {
  /** In the queue's order. */
  readonly entries: readonly RoundEntry[];
  /** `off`: strictly one after the other. */
  readonly parallel: 'on' | 'off';
  /** `head`: the checks of an entry's own head are enough. `batch`: never stale ones. */
  readonly verify: 'head' | 'batch';
  readonly batch: Batch | null;
}

export type RoundWait =
  /** For its own checks, plan or people. */
  | { readonly number: number; readonly for: 'itself' }
  /** `meets`: they touch something in common. `in-turn`: they don't, but one is merged at a time. */
  | { readonly number: number; readonly for: 'entry'; readonly entry: number; readonly because: 'meets' | 'in-turn' }
  /** For the checks of the batch that it is in. */
  | { readonly number: number; readonly for: 'its-batch' }
  /** For the batch before its own. */
  | { readonly number: number; readonly for: 'next-batch' };

export interface Verification {
  readonly numbers: readonly number[];
  readonly suspects: readonly number[];
  readonly size: number;
}

export interface Round {
  /** Back to back, in this order, each read anew before it is merged. */
  readonly merges: readonly { readonly number: number; readonly on: 'own-checks' | 'batch' }[];
  /** To be verified together, in place of what the batch's branch holds; null: leave that as it is. */
  readonly verify: Verification | null;
  /** What fails although everything before it passes: it leaves. */
  readonly culprit: number | null;
  readonly waits: readonly RoundWait[];
}

/** How many are verified together at first, and at most. */
export const FIRST_BATCH = 8;
export const LARGEST_BATCH = 64;

const NOTHING: Omit<Round, 'waits'> = { merges: [], verify: null, culprit: null };

export function planRound(facts: RoundFacts): Round {
  const batch = standingBatch(facts);
  const found = sortOut(facts, batch);
  const { waits } = found;
  const culprit = culpritOf(facts, batch);
  if (culprit !== null) return { ...NOTHING, culprit, waits };
  const passed = batch?.result === 'passed' ? batch.entries : [];
  const merges = [
    ...passed.map(({ number }) => ({ number, on: 'batch' as const })),
    ...found.merges.map((number) => ({ number, on: 'own-checks' as const })),
  ];
  // What is left is judged on the tip as it is after these.
  if (merges.length > 0 || batch?.result === 'pending') return { ...NOTHING, merges, waits };
  return {
    ...NOTHING,
    verify: nextVerification(found.candidates, { ...facts, batch, remembered: facts.batch }),
    waits,
  };
}

/** The batch as far as it still speaks for what it holds. While one of it waits, nothing can be told of it yet, and nothing is merged. */
export function standingBatch({ batch, entries, verify }: RoundFacts): Batch | null {
  if (batch === null || verify === 'head') return null;
  const members = batch.entries.map((each) =>
    entries.find(({ number, head }) => number === each.number && head === each.head),
  );
  if (!members.every((member) => member !== undefined && mayStay(member))) return null;
  if (members.some((member) => member?.standing !== 'ready')) return { ...batch, result: 'pending' };
  return batch.entries.length === 0 || batch.evidence === 'holds' ? batch : null;
}

/** It is ready, or will be before anybody's patience ends. */
export function mayStay({ standing, patience }: RoundEntry): boolean {
  return standing === 'ready' || (standing !== 'blocked' && patience === 'left');
}

interface SortedOut {
  readonly merges: readonly number[];
  /** Ready, but their checks say nothing of what they would be merged into. */
  readonly candidates: readonly RoundEntry[];
  readonly waits: readonly RoundWait[];
}

function sortOut(facts: RoundFacts, batch: Batch | null): SortedOut {
  const merges: number[] = [];
  const candidates: RoundEntry[] = [];
  const waits: RoundWait[] = [];
  const before: RoundEntry[] = [];
  for (const entry of facts.entries.filter(({ standing }) => standing !== 'blocked')) {
    const place = placeOf(entry, { facts, batch, before, candidates });
    if (place === 'merge') merges.push(entry.number);
    else if (place === 'candidate') candidates.push(entry);
    if (typeof place === 'object') waits.push(place);
    if (place === 'candidate' && batch?.result === 'pending') waits.push({ number: entry.number, for: 'next-batch' });
    if (mayStay(entry)) before.push(entry);
  }
  return { merges, candidates, waits };
}

interface Placing {
  readonly facts: RoundFacts;
  readonly batch: Batch | null;
  /** Those before it that hold up whatever meets them. */
  readonly before: readonly RoundEntry[];
  readonly candidates: readonly RoundEntry[];
}

function placeOf(entry: RoundEntry, placing: Placing): 'merge' | 'candidate' | 'in-batch' | RoundWait {
  const { facts, batch, before, candidates } = placing;
  const { number } = entry;
  if (batch?.entries.some((each) => each.number === number) === true)
    return batch.result === 'pending' ? { number, for: 'its-batch' } : 'in-batch';
  if (entry.standing !== 'ready') return { number, for: 'itself' };
  const holders = before.filter((each) => facts.parallel === 'off' || overlap(each.touches, entry.touches));
  const [holder] = holders;
  if (holder === undefined) return isProven(entry, facts) ? 'merge' : 'candidate';
  const follows =
    facts.parallel === 'on' &&
    facts.verify === 'batch' &&
    entry.consent === 'none-needed' &&
    holders.every((each) => candidates.includes(each) || batch?.entries.some((one) => one.number === each.number));
  if (follows) return 'candidate';
  const because = overlap(holder.touches, entry.touches) ? 'meets' : 'in-turn';
  return { number, for: 'entry', entry: holder.number, because };
}

/** A suspect's own checks are known not to tell. */
function isProven({ evidence, number }: RoundEntry, { verify, batch }: RoundFacts): boolean {
  return verify === 'head' || (evidence === 'fresh' && batch?.suspects.includes(number) !== true);
}

/** The one that is left of those that fail together, when all before it have passed or it was alone. */
function culpritOf({ entries }: RoundFacts, batch: Batch | null): number | null {
  if (batch === null || batch.result === 'pending') return null;
  const [first, ...others] = batch.entries;
  if (batch.result === 'failed') return first !== undefined && others.length === 0 ? first.number : null;
  if (first !== undefined) return null;
  const left = batch.suspects.filter((number) => entries.some((each) => each.number === number));
  // If others of them left of their own accord meanwhile, nothing is proven of the last one.
  return left.length === 1 && left[0] === batch.suspects.at(-1) ? (left[0] ?? null) : null;
}

/** `remembered`: the batch as it is, though it speaks for nothing any more. */
type NextFacts = RoundFacts & { readonly remembered: Batch | null };

function nextVerification(candidates: readonly RoundEntry[], facts: NextFacts): Verification | null {
  const numbers = candidates.map(({ number }) => number);
  const { batch, remembered } = facts;
  const size = batch === null ? (remembered?.size ?? FIRST_BATCH) : nextSize(batch);
  const left = batch === null ? [] : suspectsLeft(batch, facts);
  if (left.length > 0) return { numbers: left.slice(0, Math.ceil(left.length / 2)), suspects: left, size };
  const most = facts.parallel === 'off' ? 1 : size;
  // Those that are being planned could be verified with them, soon: a batch of the few that were first would cost the others a round.
  if (numbers.length < most && facts.entries.some((each) => each.standing === 'planning' && mayStay(each))) return null;
  return numbers.length === 0 ? null : { numbers: numbers.slice(0, most), suspects: [], size };
}

/** What is still known to fail together, once this batch is done. */
function suspectsLeft(batch: Batch, { entries }: RoundFacts): readonly number[] {
  const ready = (number: number) => entries.some((each) => each.number === number && each.standing === 'ready');
  if (batch.result === 'failed') return batch.entries.map(({ number }) => number).filter(ready);
  const left = batch.suspects.filter((number) => entries.some((each) => each.number === number));
  return left.length > 1 && left.at(-1) === batch.suspects.at(-1) ? left.filter(ready) : [];
}

/** Larger while batches pass, smaller when one fails; the rounds that look for the culprit tell nothing new. */
function nextSize(batch: Batch): number {
  if (batch.suspects.length > 0) return batch.size;
  return batch.result === 'failed' ? Math.max(1, Math.floor(batch.size / 2)) : Math.min(LARGEST_BATCH, batch.size * 2);
}
