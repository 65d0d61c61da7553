/**
 * The pull requests that were merged last, out of listings that forges give by last touch: merging is a touch, so that what is not listed
 * yet was merged no later than the last one listed was touched.
 */
import type { PullRequest } from './forge-objects.js';
import type { Instant } from './ids.js';

export interface MergedPullRequest extends PullRequest {
  readonly state: 'merged';
  readonly mergedAt: Instant;
}

/** Newest first. */
export function lastMerged(listed: readonly MergedPullRequest[], most: number): readonly MergedPullRequest[] {
  // One that is touched while pages are read is listed twice.
  const each = [...new Map(listed.map((one) => [one.number, one])).values()];
  return each.toSorted((a, b) => b.mergedAt - a.mergedAt || b.number - a.number).slice(0, most);
}

/** Whether more pages could change the answer; `touched`: when the last one listed, merged or not, was touched last. */
export function needsMore(
  listed: readonly MergedPullRequest[],
  { most, touched }: { readonly most: number; readonly touched: Instant },
): boolean {
  const oldest = lastMerged(listed, most)[most - 1];
  return oldest === undefined || oldest.mergedAt < touched;
}

/** Pages of a hundred that are read for it, at most: where hundreds of old ones were touched since, some that were merged later are missed. */
export const MOST_PAGES = 5;
