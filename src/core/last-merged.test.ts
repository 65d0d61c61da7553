import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lastMerged, needsMore, type MergedPullRequest } from './last-merged.js';

const merged = (number: number, mergedAt: number, updatedAt = mergedAt): MergedPullRequest =>
  ({ number, mergedAt, updatedAt, state: 'merged' }) as MergedPullRequest;

it('is in the order of the merges, each once', () => {
  const listed = [merged(1, 10, 90), merged(2, 30), merged(1, 10, 90), merged(3, 20)];
  expect(lastMerged(listed, 2).map(({ number }) => number)).toEqual([2, 3]);
});

it('never misses one that was merged later than one it names, however they are paged', () => {
  const times = fc.record({ mergedAt: fc.nat(50), touchedLater: fc.nat(30) });
  fc.assert(
    fc.property(fc.array(times, { maxLength: 40 }), fc.integer({ min: 1, max: 6 }), (all, most) => {
      const byTouch = all
        .map(({ mergedAt, touchedLater }, number) => merged(number, mergedAt, mergedAt + touchedLater))
        .toSorted((a, b) => b.updatedAt - a.updatedAt);
      const listed: MergedPullRequest[] = [];
      for (let from = 0; from < byTouch.length; from += 3) {
        const page = byTouch.slice(from, from + 3);
        listed.push(...page);
        if (!needsMore(listed, { most, touched: page.at(-1)?.updatedAt ?? 0 })) break;
      }
      const times = (found: readonly MergedPullRequest[]) => found.map(({ mergedAt }) => mergedAt);
      expect(times(lastMerged(listed, most))).toEqual(times(lastMerged(byTouch, most)));
    }),
  );
});
