/**
 * What can go wrong outside a decision.
 *
 * Expected outcomes (a lost race, a refused merge) are values of closed unions beside the port or decision they belong to. The one thing
 * that is thrown on purpose is {@link Unavailable}: the world could not be read or written just now, the job is to be tried again later.
 */
import type { Instant } from './ids.js';

/** A transient failure of a forge, git or a tool. `message` never holds a secret and may be logged. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  constructor(
    message: string,
    /** When the other side asked to be called again, if it said so. */
    readonly retryAt: Instant | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The other side said that we may not: a permission or setting is missing, and trying again will not help. `message` may be logged. */
export class Forbidden extends Error {
  override readonly name = 'Forbidden';
}

/** One problem in a file that a person wrote. Lines and columns count from 1. */
export interface FileProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}
