/**
 * Freezes: environments into which nothing is merged until a time, or until somebody ends it.
 *
 * Worked example. alice writes `/freeze prod until 3d end of quarter` on any pull request. From then on every pull request whose plan touches
 * a target in prod is blocked and names alice, the reason and the day; promotions into prod wait; a rollback of prod waits too, until
 * `/unfreeze prod`. After three days the freeze ends by itself.
 */
import type { Instant } from '../ids.js';

export interface Freeze {
  readonly env: string;
  readonly by: string;
  readonly at: Instant;
  /** Null: until somebody ends it. */
  readonly until: Instant | null;
  readonly reason: string;
}

/** Every freeze of one repository. What can't be read or trusted counts as if everything were frozen. */
export type FreezeBook =
  | { readonly kind: 'read'; readonly freezes: readonly Freeze[] }
  | { readonly kind: 'unreadable'; readonly why: FreezeDoubt };

/** `not-as-signed`: somebody else wrote the record. `deleted`: there was one. `put-back`: it is an earlier one. */
export type FreezeDoubt = 'not-as-signed' | 'deleted' | 'put-back';

/** Where the record is kept, on the bot's own branch. */
export const FREEZE_FILE = 'lockkeeper-freezes.json';

export const NO_FREEZES: FreezeBook = { kind: 'read', freezes: [] };

export function freezesInForce(freezes: readonly Freeze[], now: Instant): readonly Freeze[] {
  return freezes.filter(({ until }) => until === null || until > now);
}

/** Longer is for the configuration or the policy, in ms. */
const LONGEST = 366 * 86_400_000;

/** An end at which nobody may ask for a freeze to end. */
export interface WrongEnd {
  readonly until: Instant;
  readonly why: 'past' | 'too-far';
}

/** Null where it is right, or there is none. */
export function wrongEnd(until: Instant | null, now: Instant): WrongEnd | null {
  if (until === null || (until > now && until <= now + LONGEST)) return null;
  return { until, why: until <= now ? 'past' : 'too-far' };
}

/** With this freeze in place of any other of its environment; what has ended is left out. */
export function withFreeze(freezes: readonly Freeze[], freeze: Freeze, now: Instant): readonly Freeze[] {
  return [...withoutFreeze(freezes, freeze.env, now), freeze].toSorted((a, b) => (a.env < b.env ? -1 : 1));
}

export function withoutFreeze(freezes: readonly Freeze[], env: string, now: Instant): readonly Freeze[] {
  return freezesInForce(freezes, now).filter((each) => each.env !== env);
}

/** When time alone next ends a freeze, or null. */
export function nextThaw(book: FreezeBook, now: Instant): Instant | null {
  const ends = book.kind === 'read' ? freezesInForce(book.freezes, now).flatMap(({ until }) => until ?? []) : [];
  return ends.length === 0 ? null : Math.min(...ends);
}
