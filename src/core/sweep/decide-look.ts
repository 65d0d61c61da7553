/**
 * The sweep's look at one repository: what has to be looked at again, as far as one listing of the forge tells?
 *
 * Worked example. Yesterday's full look left pull requests 7 and 9 at rest and 8 waiting for a check. The listing shows 7 and 9 as they
 * were and no branch moved: only 8 is attended. Had anybody commented on 9, its time of change would be another and it would be attended
 * too, with whatever rests on pull requests. Had a branch moved, everything would be looked at.
 *
 * A listing does not show everything (checks, permissions, teams, protections, deleted comments): what waits for such things is never at
 * rest, and every so often everything is looked at anyway.
 */
import type { PullRequest } from '../forge-objects.js';
import type { Instant } from '../ids.js';

/** What is remembered of a repository between two looks. Losing it costs a full look. */
export interface SweepRecord {
  /** When everything was looked at last. */
  readonly everythingAt: Instant;
  /** How the branches stood then; null where that could not be told for certain. */
  readonly branches: string | null;
  /** `not-ours`: it has no configuration, and none of its pull requests is any business of the bot's. */
  readonly business: 'ours' | 'not-ours';
  /** Stamps of those at rest, by number; null for those that wait for what no listing shows. */
  readonly pullRequests: Readonly<Record<string, string | null>>;
  readonly promotions: 'at-rest' | 'waiting';
}

/** What one listing shows. */
interface Seen {
  /** In any state, the one touched last first. */
  readonly pullRequests: readonly PullRequest[];
  /** `all`: there are no others. */
  readonly extent: 'all' | 'latest';
  readonly branches: string | null;
}

export type LookDecision =
  | { readonly kind: 'everything'; readonly why: 'no-record' | 'due' | 'branches-moved' | 'too-much-news' }
  /** `news`: of what others did; then what rests on all pull requests of the repository is looked at too. */
  | {
      readonly kind: 'some';
      readonly attend: readonly number[];
      readonly news: 'some' | 'none';
      readonly promote: boolean;
    };

export interface LookFacts {
  readonly record: SweepRecord | null;
  readonly seen: Seen;
  readonly now: Instant;
  /** Between two looks at everything, in ms, of this repository. */
  readonly interval: number;
}

/** Closed pull requests are looked at again for this long after their last touch, in ms: somebody may have commented `/promote` there. */
export const RECENT = 24 * 60 * 60 * 1000;

export function decideLook({ record, seen, now, interval }: LookFacts): LookDecision {
  if (record === null) return { kind: 'everything', why: 'no-record' };
  if (now >= record.everythingAt + interval || now < record.everythingAt) return { kind: 'everything', why: 'due' };
  if (seen.branches === null || seen.branches !== record.branches) return { kind: 'everything', why: 'branches-moved' };
  if (record.business === 'not-ours') return { kind: 'some', attend: [], news: 'none', promote: false };
  const concerned = seen.pullRequests.filter(
    ({ number, state, updatedAt }) =>
      state === 'open' || updatedAt >= now - RECENT || record.pullRequests[number] !== undefined,
  );
  const news = concerned.filter((each) => isNews(record, each)).map(({ number }) => number);
  // Whatever else was touched would not be on this page.
  if (seen.extent === 'latest' && news.length === seen.pullRequests.length)
    return { kind: 'everything', why: 'too-much-news' };
  const waiting = Object.entries(record.pullRequests).flatMap(([number, stamp]) =>
    stamp === null ? [Number(number)] : [],
  );
  return {
    kind: 'some',
    attend: [...new Set([...news, ...waiting])].sort((a, b) => a - b),
    news: news.length > 0 ? 'some' : 'none',
    promote: record.promotions === 'waiting',
  };
}

/** One that waits is attended anyway: that is no news of what others did. */
function isNews({ pullRequests }: SweepRecord, pullRequest: PullRequest): boolean {
  const known = pullRequests[pullRequest.number];
  return known !== null && known !== stampOf(pullRequest);
}

/** Equal while a listing shows a pull request as it was. */
export function stampOf({ updatedAt, state, base, head, readiness }: PullRequest): string {
  return JSON.stringify([updatedAt, state, base, head.sha, readiness]);
}

/**
 * Forges tell times in seconds, cut off, and by clocks of their own: what was touched this lately, in ms, may have been touched again
 * since it was read without showing it.
 */
export const UNSETTLED = 60 * 1000;

export function isSettled(touched: Instant, now: Instant): boolean {
  return touched < now - UNSETTLED;
}

/** Between two looks at everything, in ms. */
const EVERYTHING = 6 * 60 * 60 * 1000;

/** Somewhat more or less for each repository, always the same for one, so that not all are due at once. */
export function everythingInterval(repository: string): number {
  const spread = [...repository].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 1000, 7);
  return Math.round(EVERYTHING * (0.75 + spread / 2000));
}
