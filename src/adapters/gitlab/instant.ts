/** GitLab's times. */
import type { Instant } from '../../core/ids.js';

/** `2026-04-17T12:00:00.000Z` or with an offset. Throws on anything else: a time that we misread would reorder facts. */
export function toInstant(time: string): Instant {
  const instant = Date.parse(time);
  if (Number.isNaN(instant)) throw new Error(`GitLab sent a time that is none: ${JSON.stringify(time)}`);
  return instant;
}
