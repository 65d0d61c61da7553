/**
 * How many statuses a commit may still have in one context: GitHub takes 1,000 and refuses the rest, for good.
 * https://docs.github.com/en/rest/commits/statuses#create-a-commit-status
 *
 * Near the end the last ones are kept for what decides: first new words are left out, then all that neither gives nor takes a "success".
 */
import type { CheckState } from '../forge-objects.js';

export const MOST_STATUSES = 1000;
/** From here on words alone are not worth one any more. */
const WORDS_UP_TO = 900;
/** From here on only what ends in a result, or ends a success. */
const STATES_UP_TO = 950;

type StatusDecision =
  | { readonly kind: 'send' }
  /** The words that stand there are older than they could be; the state is what binds. */
  | { readonly kind: 'leave-out'; readonly posted: number }
  /** No status can be written on this commit any more. */
  | { readonly kind: 'used-up' };

export interface StatusFacts {
  /** By the bot on this commit in this context, as far as is known. */
  readonly posted: number;
  /** Null: none stands there. */
  readonly standing: CheckState | null;
  readonly wanted: CheckState;
}

export function decideStatus({ posted, standing, wanted }: StatusFacts): StatusDecision {
  if (posted >= MOST_STATUSES) return { kind: 'used-up' };
  if (posted < WORDS_UP_TO) return { kind: 'send' };
  if (standing === wanted) return { kind: 'leave-out', posted };
  const decides = wanted !== 'pending' || standing === 'success';
  return posted < STATES_UP_TO || decides ? { kind: 'send' } : { kind: 'leave-out', posted };
}
