/** What is remembered of a pull request whose comment may have been deleted. */
import type { Check, Review } from '../forge-objects.js';
import type { Sha } from '../ids.js';
import { PLAN_CHECK } from './readiness.js';
import { initialState, reviewedAnew, type StickyState } from './sticky-state.js';

export interface RememberedFacts {
  /** What the comment remembers; null where there is none. */
  readonly sticky: StickyState | null;
  readonly head: Sha;
  readonly checks: readonly Pick<Check, 'name'>[];
  readonly reviews: readonly Pick<Review, 'at'>[];
}

/**
 * The comment that remembers which reviews saw which plan is written before the check: where there is only the check, somebody deleted
 * the comment. Then no review so far is known to be of this plan.
 */
export function rememberedState({ sticky, head, checks, reviews }: RememberedFacts): StickyState {
  if (sticky !== null) return sticky;
  const reported = checks.some(({ name }) => name === PLAN_CHECK);
  return reported ? reviewedAnew(initialState(head), reviews) : initialState(head);
}
