/**
 * Joining and leaving the merge queue.
 *
 * Worked example. A bump pull request into dev (`merge: auto`) whose policy passed and whose ci/build still runs joins by itself and waits
 * in the queue for the check. When somebody pushes to it, it leaves ("a new commit was pushed"), is planned and judged again, and joins
 * again if it may. A promotion to prod (`merge: manual`) joins on `/merge` only.
 */
import type { Instant } from '../ids.js';
import type { LeaveReason } from './leave-reason.js';
import type { Readiness } from '../standing/readiness.js';
import type { StickyState, Ticket } from '../standing/sticky-state.js';
import type { PullRequest } from '../forge-objects.js';

export interface TicketFacts {
  readonly pullRequest: PullRequest;
  readonly state: StickyState;
  readonly readiness: Readiness;
  /** What became of the head since the ticket was given: `updated` means that only the target branch was merged into it. */
  readonly headMove: 'none' | 'updated' | 'pushed';
  /** `auto`: it joins by itself. */
  readonly merge: 'auto' | 'manual';
  /** How it stands now, to compare with how it stood when the forge refused it. */
  readonly stamp: string;
  /** The bot's own login. */
  readonly self: string;
  readonly now: Instant;
}

type TicketDecision =
  | { readonly kind: 'keep'; readonly ticket: Ticket | null }
  | { readonly kind: 'join'; readonly ticket: Ticket }
  | { readonly kind: 'leave'; readonly why: LeaveReason };

export function decideTicket(facts: TicketFacts): TicketDecision {
  const { pullRequest, state, readiness, headMove } = facts;
  const { ticket } = state;
  if (ticket === null)
    return mayJoin(facts) ? { kind: 'join', ticket: ticketFor(facts, facts.self) } : { kind: 'keep', ticket };
  if (pullRequest.state !== 'open') return { kind: 'leave', why: { kind: 'merged-or-closed' } };
  if (headMove === 'pushed') return { kind: 'leave', why: { kind: 'head-moved' } };
  if (readiness.state === 'blocked') return { kind: 'leave', why: { kind: 'blocked', blockers: readiness.blockers } };
  if (headMove === 'none') return { kind: 'keep', ticket };
  return { kind: 'keep', ticket: { ...ticket, head: pullRequest.head.sha, updated: 'for-the-forge' } };
}

/** How it comes to be in the queue. `after-a-change`: not by itself while it stands as it did when it was refused or taken out. */
export type Joining = 'by-itself' | 'after-a-change' | 'on-command';

export function joining({ merge, state, stamp }: Pick<TicketFacts, 'merge' | 'stamp'> & RefusedState): Joining {
  if (merge === 'manual') return 'on-command';
  return state.refused === stamp ? 'after-a-change' : 'by-itself';
}

interface RefusedState {
  readonly state: Pick<StickyState, 'refused'>;
}

export function ticketFor(facts: Pick<TicketFacts, 'pullRequest' | 'now'>, by: string): Ticket {
  return { by, at: facts.now, head: facts.pullRequest.head.sha };
}

/** By itself only once the plan is there, for policy is judged on it; and not to be refused by the forge once more for the same reason. */
function mayJoin({ pullRequest, state, readiness, merge, stamp }: TicketFacts): boolean {
  if (state.refused === stamp) return false;
  if (merge === 'manual' || pullRequest.state !== 'open' || readiness.state === 'blocked') return false;
  return readiness.state === 'ready' || !readiness.blockers.some((blocker) => blocker.kind === 'plan-missing');
}
