import { describe, expect, it } from 'vitest';
import type { PullRequest } from '../forge-objects.js';
import { openIn, touchedSince } from './read-off-glance.js';

const pull = (number: number, state: PullRequest['state'], updatedAt: number): PullRequest =>
  ({ number, state, updatedAt }) as PullRequest;

/** As it is listed: what was touched last comes first. */
const pullRequests = [pull(3, 'open', 9_000), pull(1, 'merged', 8_000), pull(2, 'open', 2_000)];
const numbers = (found: readonly PullRequest[] | null) => found?.map(({ number }) => number) ?? null;

describe('openIn', () => {
  it('tells those that are open where there are no others', () => {
    expect(numbers(openIn({ pullRequests, extent: 'all' }))).toEqual([3, 2]);
  });

  it('tells nothing where there may be others', () => {
    expect(openIn({ pullRequests, extent: 'latest' })).toBeNull();
  });
});

describe('touchedSince', () => {
  it.each([
    ['all', 9_000, [3]],
    ['all', 0, [3, 1, 2]],
    // The forge says 8 s of whatever happened within that second.
    ['all', 8_900, [3, 1]],
    ['latest', 3_000, [3, 1]],
    ['latest', 10_000, []],
    // The one touched first is among them: there may be others.
    ['latest', 2_000, null],
  ] as const)('of a listing of %s, since %i', (extent, since, expected) => {
    expect(numbers(touchedSince({ pullRequests, extent }, since))).toEqual(expected);
  });
});
