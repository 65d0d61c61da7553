/**
 * What becomes of a pull request's ticket when somebody asks: `/merge`, `/merge now`, `/unqueue`. Whether they may is decided before.
 *
 * Worked example. bob says `/merge` while ci/build still runs: it joins and waits for the check. alice says `/merge now`: it keeps the time
 * at which it joined, goes before all that is not as urgent, and is hers to answer for. Somebody pushes: its ticket was for another head, so
 * the next `/merge` gives it a new one, at the end.
 */
import type { PullRequest } from '../forge-objects.js';
import type { Instant } from '../ids.js';
import type { Blocker, Readiness } from '../standing/readiness.js';
import type { StickyState, Ticket } from '../standing/sticky-state.js';
import { ticketFor } from './decide-ticket.js';
import type { LeaveReason } from './leave-reason.js';

export interface AskedFacts {
  readonly pullRequest: PullRequest;
  readonly state: StickyState;
  readonly readiness: Readiness;
  /** `auto`: it joins by itself. */
  readonly merge: 'auto' | 'manual';
}

interface MergeAsked {
  readonly by: string;
  readonly when: 'in-turn' | 'now';
  readonly now: Instant;
}

export type JoinDecision =
  | { readonly kind: 'not-open' | 'already' }
  | { readonly kind: 'refused'; readonly blockers: readonly Blocker[] }
  | { readonly kind: 'join'; readonly ticket: Ticket; readonly waitsFor: readonly Blocker[] };

export function decideJoin({ pullRequest, state, readiness }: AskedFacts, { by, when, now }: MergeAsked): JoinDecision {
  if (pullRequest.state !== 'open') return { kind: 'not-open' };
  const standing = state.ticket?.head === pullRequest.head.sha ? state.ticket : null;
  if (standing !== null && (when === 'in-turn' || standing.urgency === 'now')) return { kind: 'already' };
  if (readiness.state === 'blocked') return { kind: 'refused', blockers: readiness.blockers };
  const fresh = standing ?? ticketFor({ pullRequest, now }, by);
  // Whoever put it first answers for it.
  const ticket: Ticket = when === 'now' ? { ...fresh, by, urgency: when } : fresh;
  return { kind: 'join', ticket, waitsFor: readiness.state === 'ready' ? [] : readiness.blockers };
}

type LeaveDecision =
  | { readonly kind: 'not-open' | 'was-not-in' }
  /** `again`: whether it joins by itself once something about it changes. */
  | { readonly kind: 'leave'; readonly why: LeaveReason; readonly again: 'by-itself' | 'on-command' };

/** What joins by itself may be kept out before it has: so it leaves even where it was not in. */
export function decideLeave({ pullRequest, state, merge }: Omit<AskedFacts, 'readiness'>, by: string): LeaveDecision {
  if (pullRequest.state !== 'open') return { kind: 'not-open' };
  if (state.ticket === null && merge === 'manual') return { kind: 'was-not-in' };
  return { kind: 'leave', why: { kind: 'taken-out', by }, again: merge === 'auto' ? 'by-itself' : 'on-command' };
}
