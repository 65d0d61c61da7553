/** What one listing of the pull requests touched last makes needless to be listed apart. */
import type { PullRequest } from '../forge-objects.js';
import type { Instant } from '../ids.js';

interface Listing {
  /** In any state, the one touched last first. */
  readonly pullRequests: readonly PullRequest[];
  /** `all`: there are no others. */
  readonly extent: 'all' | 'latest';
}

/** Null where the listing does not hold all that are open. */
export function openIn({ pullRequests, extent }: Listing): readonly PullRequest[] | null {
  return extent === 'all' ? pullRequests.filter(({ state }) => state === 'open') : null;
}

/** Those touched at or after `since`; null where there may be more than the listing holds. Forges tell times in seconds, cut off. */
export function touchedSince({ pullRequests, extent }: Listing, since: Instant): readonly PullRequest[] | null {
  const from = Math.floor(since / 1000) * 1000;
  const touched = pullRequests.filter(({ updatedAt }) => updatedAt >= from);
  return extent === 'all' || touched.length < pullRequests.length ? touched : null;
}
