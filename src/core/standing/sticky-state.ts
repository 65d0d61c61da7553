/** What the bot's own comment on a pull request remembers, signed: with git and the forge's records it is all that survives. */
import type { Instant, Sha } from '../ids.js';

export interface StickyState {
  /** The head and plan digest last seen together. */
  readonly head: Sha;
  readonly digest: string | null;
  /** Since when this digest holds for this head: approvals given before it changed no longer count. 0: since the head came. */
  readonly since: Instant;
  /** Its place in the merge queue, or null. */
  readonly ticket: Ticket | null;
  /** Why it last left the queue without being merged, or null. */
  readonly left: string | null;
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
  return { head, digest: null, since: 0, ticket: null, left: null, trustedHead: null };
}

/** The state brought to a head and (once known) the digest of its plan. */
export function observed(state: StickyState, head: Sha, digest: string | null, now: Instant): StickyState {
  if (state.head !== head) return { ...state, head, digest, since: 0 };
  if (digest === null || digest === state.digest) return state;
  // The first plan of a head is what its approvals are about; a later, different one is news to those who approved.
  return { ...state, digest, since: state.digest === null ? state.since : now };
}
