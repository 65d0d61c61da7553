/**
 * The write budget of one installation: whether a write may be sent now, or has to wait so that what matters more still can be.
 *
 * GitHub takes about 80 content-creating requests a minute and 500 an hour from one installation, and refuses everything beyond; which
 * requests it counts it does not say, so every write counts here.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 *
 * Worked example. 310 writes went out within the hour. New words for a comment may use three fifths of the 500, 300, and are put off until
 * enough of the earlier writes are an hour old. The result of a check may use four fifths and goes out; so do an answer and a merge, for
 * which the last hundred are kept.
 */
import type { Instant } from '../ids.js';

/** What a write is for, the least important first. */
export type WriteWeight =
  /** New words that say how it goes: they are said later, or others instead. */
  | 'progress'
  /** What checks came to, what the bot has to remember, pull requests of its own. */
  | 'result'
  /** Somebody asked and waits. */
  | 'answer'
  /** What leads to a merge: the merge itself, and what brings a branch up to date. */
  | 'merge';

export interface WriteLimit {
  readonly writes: number;
  /** In ms. */
  readonly within: number;
}

const MINUTE = 60_000;

export const GITHUB_LIMITS: readonly WriteLimit[] = [
  { writes: 80, within: MINUTE },
  { writes: 500, within: 60 * MINUTE },
];

/** How much of a limit may be used up when such a write goes out: what is left is kept for those that matter more. */
export const SHARES: Readonly<Record<WriteWeight, number>> = { progress: 0.6, result: 0.8, answer: 0.9, merge: 1 };

type WriteDecision =
  | { readonly kind: 'send' }
  /** `until`: when as much of the budget will be free again. */
  | {
      readonly kind: 'put-off';
      readonly until: Instant;
      readonly because: 'used-up';
      readonly limit: WriteLimit;
      readonly used: number;
    }
  /** The forge itself said until when. */
  | { readonly kind: 'put-off'; readonly until: Instant; readonly because: 'refused' };

export interface WriteFacts {
  readonly weight: WriteWeight;
  readonly now: Instant;
  /** When writes went out, in any order; those of the last hour at least. */
  readonly sent: readonly Instant[];
  /** Until when the forge itself said that it takes no more; null if it did not. */
  readonly refusedUntil: Instant | null;
  readonly limits: readonly WriteLimit[];
}

export function decideWrite({ weight, now, sent, refusedUntil, limits }: WriteFacts): WriteDecision {
  const delays = limits.flatMap((limit) => {
    // What bears a later time than now was sent by a process whose clock is ahead: it counts, and is not waited for longer than the limit.
    const counted = sent.filter((at) => at > now - limit.within).sort((a, b) => a - b);
    const most = Math.floor(limit.writes * SHARES[weight]);
    const last = counted[counted.length - most];
    if (last === undefined) return [];
    const until = Math.min(last, now) + limit.within;
    return [{ kind: 'put-off' as const, until, because: 'used-up' as const, limit, used: counted.length }];
  });
  const [longest] = delays.sort((a, b) => b.until - a.until);
  if (longest !== undefined) return longest;
  // Whatever it is for: who goes on asking before that time risks being shut out altogether.
  if (refusedUntil !== null && refusedUntil > now) return { kind: 'put-off', until: refusedUntil, because: 'refused' };
  return { kind: 'send' };
}

/** Those that still count, and no more than matter: longer lists say nothing more. */
export function countedWrites(
  sent: readonly Instant[],
  now: Instant,
  limits: readonly WriteLimit[],
): readonly Instant[] {
  const longest = Math.max(...limits.map(({ within }) => within));
  const most = Math.max(...limits.map(({ writes }) => writes));
  return sent.filter((at) => at > now - longest).slice(-2 * most);
}
