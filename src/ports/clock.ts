import type { Instant } from '../core/ids.js';

/** The only source of time for `app`. */
export interface Clock {
  now(): Instant;
}
