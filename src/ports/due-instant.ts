/** When a job may be given out again, as every store can keep it. For work queue adapters. */
import type { Instant } from '../core/ids.js';

/** As far as a `Date` goes. */
const LAST_INSTANT = 8.64e15;

/**
 * The next whole millisecond: never before the instant that was asked for.
 *
 * @throws TypeError where it is none: a job that is due at no time would never be given out, and nobody would see why.
 */
export function dueInstant(at: Instant): Instant {
  if (Math.abs(at) <= LAST_INSTANT) return Math.ceil(at);
  throw new TypeError(`A job can’t be due at ${at}`);
}
