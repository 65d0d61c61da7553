/** How an entry of the merge queue stands when its turn may come, and how long it is waited for. */
import type { Instant, Sha } from '../ids.js';
import type { Plan } from '../plan/plan.js';
import type { Blocker, Readiness } from '../standing/readiness.js';
import type { Ticket } from '../standing/sticky-state.js';
import type { RoundEntry, RoundFacts } from './plan-round.js';

export interface EntryFacts {
  readonly head: Sha;
  readonly ticket: Pick<Ticket, 'head'> | null;
  /** Of this head on today's tip; null while it is made. */
  readonly plan: Pick<Plan, 'digest'> | null;
  readonly readiness: Readiness;
}

/** With a ticket for another head it is about to leave the queue, or to be given one for this head. */
export function entryStanding({ head, ticket, plan, readiness }: EntryFacts): RoundEntry['standing'] {
  const isCurrent = ticket?.head === head;
  if (plan === null && isCurrent) return standingUnplanned(readiness);
  if (readiness.state === 'blocked') return 'blocked';
  return readiness.state === 'ready' && isCurrent ? 'ready' : 'waiting';
}

/** The policy refuses what is not planned, and says nothing with that: it keeps its place meanwhile, and holds up what comes after it. */
function standingUnplanned(readiness: Readiness): RoundEntry['standing'] {
  const blockers = readiness.state === 'ready' ? [] : readiness.blockers;
  const telling = blockers.filter(({ kind }) => !OF_THE_PLAN.includes(kind));
  if (telling.length === 0) return 'planning';
  return telling.every(({ kind }) => kind === 'check-pending') ? 'waiting' : 'blocked';
}

const OF_THE_PLAN: readonly Blocker['kind'][] = ['plan-missing', 'policy-pending', 'policy-refused'];

interface UpdateFacts {
  readonly ticket: Pick<Ticket, 'updated'> | null;
  /** What became of the head since the ticket was given: `updated` means that only the target branch was merged into it. */
  readonly headMove: 'none' | 'updated' | 'pushed';
}

/**
 * One of them was brought up to date for the forge, be it so lately that its ticket does not say so yet: whatever is merged before it would
 * put it behind again, and whatever is brought up to date beside it would be in vain.
 */
export function parallelBeside(
  entries: readonly UpdateFacts[],
  parallel: RoundFacts['parallel'],
): RoundFacts['parallel'] {
  const isUpdated = entries.some(
    ({ ticket, headMove }) => ticket?.updated === 'for-the-forge' || headMove === 'updated',
  );
  return isUpdated ? 'off' : parallel;
}

/** An entry that waits for its own checks holds up those that meet it for so long, in ms. */
const PATIENCE = 60 * 60 * 1000;

/** The first moment at which it holds up nobody any more. */
export function patienceEnds({ at }: Pick<Ticket, 'at'>): Instant {
  return at + PATIENCE + 1;
}

export function patienceWith(ticket: Pick<Ticket, 'at'>, now: Instant): RoundEntry['patience'] {
  return now >= patienceEnds(ticket) ? 'spent' : 'left';
}

/** An entry that the forge is not ready to merge keeps those behind it waiting for so long, in ms. */
const PATIENCE_WITH_FORGE = 10 * 60 * 1000;
/** How soon it is tried again: the later, the longer it has waited. In ms. */
const SOONEST_RETRY = 5000;
const LATEST_RETRY = 5 * 60 * 1000;

/** What follows when the forge was not ready to merge it. `next`: `look-again` keeps those behind it waiting. */
export function afterNotYet(
  ticket: Pick<Ticket, 'at'> | null,
  now: Instant,
): { readonly next: 'look-again' | 'passed-over'; readonly retryAt: Instant } {
  const waited = ticket === null ? 0 : now - ticket.at;
  const retryAt = now + Math.min(LATEST_RETRY, Math.max(SOONEST_RETRY, waited / 2));
  return { next: ticket !== null && waited <= PATIENCE_WITH_FORGE ? 'look-again' : 'passed-over', retryAt };
}
