/**
 * Recognises an entry of which the queue knows all there is to know: attending to its pull request then need not set the queue in motion.
 *
 * Worked example. Pull request 7 joins and waits for a check. The queue's round sees it wait, and has its comment say so; attending to it
 * for that finds head, tip, plan, ticket and readiness as the round did, so no further round is asked for. Had the check passed meanwhile,
 * its readiness would be another.
 *
 * Only of what waits by itself: a round can do nothing for it. What is ready may wait for others or for the forge, of which nothing here
 * tells.
 */
import type { PullRequestKind } from '../configuration.js';
import type { Review } from '../forge-objects.js';
import type { Sha } from '../ids.js';
import type { Plan } from '../plan/plan.js';
import type { Readiness } from '../standing/readiness.js';
import type { StickyState } from '../standing/sticky-state.js';
import { entryStanding } from './entry-standing.js';

export interface StampFacts {
  /** Of the target branch. */
  readonly tip: Sha;
  readonly head: Sha;
  readonly kind: PullRequestKind;
  readonly state: Pick<StickyState, 'ticket' | 'trustedHead'>;
  readonly plan: Pick<Plan, 'digest'> | null;
  readonly readiness: Readiness;
  readonly reviews: readonly Pick<Review, 'state'>[];
}

/** Equal while nothing has changed that a round rests on; null for what a round may have to do something for. */
export function entryStamp({ tip, head, kind, state, plan, readiness, reviews }: StampFacts): string | null {
  const { ticket, trustedHead } = state;
  if (entryStanding({ head, ticket, plan, readiness }) !== 'waiting') return null;
  const isApproved = reviews.some((review) => review.state === 'approved');
  return JSON.stringify([tip, head, kind, ticket, trustedHead, plan?.digest ?? null, readiness, isApproved]);
}
