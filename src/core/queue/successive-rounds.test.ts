/** What holds of rounds that follow each other until nothing is left to do. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRound, type RoundEntry } from './plan-round.js';
import { Play, type Change } from './testing/queue-play.js';
import { entry, facts, on } from './testing/round-facts.js';
import { overlap } from './touches.js';

const change = fc.record<Change>({
  target: fc.constantFrom('api', 'web', 'docs', 'db'),
  own: fc.constantFrom('green', 'green', 'green', 'red'),
  together: fc.constantFrom('works', 'works', 'works', 'breaks'),
});
const someChanges = fc.array(change, { maxLength: 24 });

describe('rounds, one after the other', () => {
  it('merges nothing whose own checks failed, and never breaks the branch', () => {
    fc.assert(
      fc.property(someChanges, fc.constantFrom('on', 'off'), (changes, parallel) => {
        const { merged, left } = new Play(changes, { parallel, verify: 'batch' });
        const red = changes.flatMap(({ own }, number) => (own === 'red' ? [number] : []));
        expect([...merged, ...left, ...red].sort((a, b) => a - b)).toEqual(changes.map((_, number) => number));
      }),
    );
  });

  it('merges what meets in the order of the queue', () => {
    fc.assert(
      fc.property(someChanges, fc.constantFrom('head', 'batch'), (changes, verify) => {
        const { merged } = new Play(changes, { parallel: 'on', verify });
        for (const target of new Set(changes.map((each) => each.target))) {
          const those = merged.filter((number) => changes[number]?.target === target);
          expect(those).toEqual(those.toSorted((a, b) => a - b));
        }
      }),
    );
  });

  it('finds the culprit of n within ceil(log2 n) + 1 rounds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(7), (n, at) => {
        const culprit = at % n;
        const rest: Change[] = Array.from({ length: n }, (_, number) => ({
          target: 'api',
          own: 'green',
          together: number === culprit ? 'breaks' : 'works',
        }));
        // The first of all is merged on its own checks and makes the others stale.
        const changes: Change[] = [{ target: 'api', own: 'green', together: 'works' }, ...rest];
        const { merged, left, foundIn } = new Play(changes, { parallel: 'on', verify: 'batch' });
        expect(left).toEqual([culprit + 1]);
        expect(merged).toHaveLength(n);
        expect(foundIn[0]).toBeLessThanOrEqual(Math.ceil(Math.log2(n)) + 1);
      }),
    );
  });

  it('never lets one wait for another that it does not meet', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ of: fc.constantFrom('api', 'web', 'db'), standing: fc.constantFrom('ready', 'waiting') })),
        (some) => {
          const entries = some.map(({ of, standing }, number) =>
            entry(number, { touches: on(of), standing } as Partial<RoundEntry>),
          );
          for (const wait of planRound(facts(entries)).waits) {
            if (wait.for !== 'entry') continue;
            const [waiter, holder] = [entries[wait.number], entries[wait.entry]];
            expect(waiter !== undefined && holder !== undefined && overlap(waiter.touches, holder.touches)).toBe(true);
          }
        },
      ),
    );
  });

  it('merges all that is disjoint and green in one round', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (n) => {
        const entries = Array.from({ length: n }, (_, number) => entry(number, { touches: on(`app${number}`) }));
        expect(planRound(facts(entries, { verify: 'batch' })).merges).toHaveLength(n);
      }),
    );
  });
});
