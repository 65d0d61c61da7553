/**
 * Whether a write may be sent by what a forge itself says, with each answer, that it still takes. GitLab does: its limits are settings of each
 * instance, and its answers count what all processes have asked, reads among them.
 *
 * The shares are those of the write budget: new words are put off once three fifths of a window are used up, and so on.
 */
import type { Instant } from '../ids.js';
import { SHARES, type WriteWeight } from './write-budget.js';

export interface SaidLimit {
  readonly limit: number;
  readonly remaining: number;
  /** When all of it is there again. */
  readonly resetAt: Instant;
}

export type SaidDecision =
  | { readonly kind: 'send' }
  /** `limit`: null where the forge refused something until then. */
  | { readonly kind: 'put-off'; readonly until: Instant; readonly limit: SaidLimit | null };

export interface SaidFacts {
  readonly weight: WriteWeight;
  readonly now: Instant;
  /** The latest of each limit. */
  readonly said: readonly SaidLimit[];
  /** Until when the forge said that it takes no more; null if it did not. */
  readonly refusedUntil: Instant | null;
}

/** A forge whose clock is ahead of ours must not hold up anything for longer than its windows are. In ms. */
const LONGEST = 60 * 60_000;

export function decideBySaidLimits({ weight, now, said, refusedUntil }: SaidFacts): SaidDecision {
  const used = said
    .filter(({ limit, remaining, resetAt }) => resetAt > now && limit - remaining >= Math.floor(limit * SHARES[weight]))
    .sort((a, b) => b.resetAt - a.resetAt);
  const [longest] = used;
  if (longest !== undefined)
    return { kind: 'put-off', until: Math.min(longest.resetAt, now + LONGEST), limit: longest };
  // Whatever it is for: who goes on asking before that time risks being shut out altogether.
  if (refusedUntil !== null && refusedUntil > now)
    return { kind: 'put-off', until: Math.min(refusedUntil, now + LONGEST), limit: null };
  return { kind: 'send' };
}
