/** What holds of rounds that verify ahead, whatever ends first and whoever leaves. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AheadPlay, type AheadChange, type Happening } from './testing/ahead-play.js';

const changes = fc.array(
  fc.record<AheadChange>({
    target: fc.constantFrom('api', 'api', 'web', 'db'),
    together: fc.constantFrom('works', 'works', 'works', 'works', 'breaks'),
  }),
  { maxLength: 40 },
);
const happenings = fc.array(fc.constantFrom<Happening>('batch-ends', 'ahead-ends', 'somebody-leaves'), {
  maxLength: 30,
});

describe('rounds that verify ahead', () => {
  it('merge nothing on a presumption, turn out nobody who did not fail, and leave nothing behind', () => {
    fc.assert(
      fc.property(changes, fc.constantFrom('on', 'off'), happenings, (some, parallel, happening) => {
        const { merged, left } = new AheadPlay(some, parallel, happening);
        expect([...merged, ...left].sort((a, b) => a - b)).toEqual(some.map((_, number) => number));
        for (const target of ['api', 'web', 'db']) {
          const those = merged.filter((number) => some[number]?.target === target);
          expect(those).toEqual(those.toSorted((a, b) => a - b));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('use what was verified ahead where nothing fails', () => {
    const some: AheadChange[] = Array.from({ length: 40 }, () => ({ target: 'api', together: 'works' }));
    const play = new AheadPlay(some, 'on', []);
    expect(play.merged).toHaveLength(40);
    expect(play.used).toBeGreaterThanOrEqual(2);
  });
});
