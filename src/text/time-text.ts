/** Moments in words. */
import type { Instant } from '../core/ids.js';

/** UTC, to the minute: `2026-11-21 09:30 UTC`. */
export function timeText(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
