/** What the bot's own comment on a pull request remembers, signed: with git and the forge's records it is all that survives. */
import type { Review } from '../forge-objects.js';
import type { Instant, Sha } from '../ids.js';

export interface StickyState {
  /** The head and plan digest last seen together. */
  readonly head: Sha;
  readonly digest: string | null;
  /** Reviews given before this no longer count, for the plan of this head has changed since. 0: it has not. */
  readonly since: Instant;
  /** Its place in the merge queue, or null. */
  readonly ticket: Ticket | null;
  /** Why it last left the queue without being merged, or null. */
  readonly left: string | null;
  /** How it stood when the forge refused to merge it: while it stands so, it does not join again by itself. Null: it was not refused. */
  readonly refused: string | null;
  /** A fork's head that someone with write allowed to be rendered, or null. */
  readonly trustedHead: Sha | null;
}

/** Proof of having joined the queue; it holds for one head only. */
export interface Ticket {
  readonly by: string;
  readonly at: Instant;
  readonly head: Sha;
}

export function initialState(head: Sha): StickyState {
  return { head, digest: null, since: 0, ticket: null, left: null, refused: null, trustedHead: null };
}

export interface Observation {
  readonly head: Sha;
  /** Of the plan for this head, once it is known. */
  readonly digest: string | null;
  readonly reviews: readonly Pick<Review, 'at'>[];
}

/**
 * The state brought to what is seen now. When the plan of a head changes, whoever has reviewed it so far has reviewed something else: only
 * later reviews count. The times compared are all the forge's, so that no two clocks have to agree.
 */
export function observed(state: StickyState, { head, digest, reviews }: Observation): StickyState {
  if (state.head !== head) return { ...state, head, digest, since: 0 };
  if (digest === null || digest === state.digest) return state;
  if (state.digest === null) return { ...state, digest };
  return reviewedAnew({ ...state, digest }, reviews);
}

/** The state in which none of these reviews counts. */
export function reviewedAnew(state: StickyState, reviews: Observation['reviews']): StickyState {
  return { ...state, since: reviews.reduce((since, { at }) => Math.max(since, at + 1), state.since) };
}
