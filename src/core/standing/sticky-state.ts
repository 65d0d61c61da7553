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
  /** Heads that it had before, the newest last, each with its last plan's digest and since when; absent where older versions wrote. */
  readonly earlier?: readonly SeenHead[];
  /** A fork's head that someone with write allowed to be rendered, or null. */
  readonly trustedHead: Sha | null;
  /** While it is held it is not merged and does not join the queue. */
  readonly hold: Hold | null;
  /** Comments whose commands were answered, for when somebody deletes the answer; those of old comments are forgotten. */
  readonly answered: readonly string[];
}

/** Somebody said `/hold`; it lasts over pushes, until `/unhold`. */
export interface Hold {
  readonly by: string;
  readonly at: Instant;
  readonly reason: string | null;
}

/** A head, the digest of its plan, and since when reviews of it count. */
export type SeenHead = Pick<StickyState, 'head' | 'since'> & { readonly digest: string };

/** Heads that are remembered: what was approved longer ago has to be approved again. */
const MOST_EARLIER = 20;

/** Proof of having joined the queue; it holds for one head only. */
export interface Ticket {
  readonly by: string;
  readonly at: Instant;
  readonly head: Sha;
  /** `/merge now`: it goes before every entry that is not as urgent. */
  readonly urgency?: 'now';
  /** The target branch was merged into it while it was in the queue, for the forge demands that: nobody else goes before its turn. */
  readonly updated?: 'for-the-forge';
}

export function initialState(head: Sha): StickyState {
  return {
    head,
    digest: null,
    since: 0,
    ticket: null,
    left: null,
    refused: null,
    trustedHead: null,
    hold: null,
    answered: [],
  };
}

interface Observation {
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
  const here = state.head === head ? state : movedTo(head, state);
  if (digest === null || digest === here.digest) return here;
  if (here.digest === null) return { ...here, digest };
  return reviewedAnew({ ...here, digest }, reviews);
}

/** To a head that is new, or that it had before: what was known of that one then is known again. */
function movedTo(head: Sha, state: StickyState): StickyState {
  const { earlier = [], digest, since } = state;
  const left: readonly SeenHead[] = digest === null ? [] : [{ head: state.head, digest, since }];
  const before = earlier.find((seen) => seen.head === head);
  const others = earlier.filter((seen) => seen.head !== head && seen.head !== state.head);
  return {
    ...state,
    head,
    digest: before?.digest ?? null,
    since: before?.since ?? 0,
    earlier: [...others, ...left].slice(-MOST_EARLIER),
  };
}

/** The state in which none of these reviews counts. */
export function reviewedAnew(state: StickyState, reviews: Observation['reviews']): StickyState {
  return { ...state, since: reviews.reduce((since, { at }) => Math.max(since, at + 1), state.since) };
}
