import { describe, expect, it, test } from 'vitest';
import { planRound, type Batch, type RoundEntry, type RoundFacts } from './plan-round.js';
import { batch, entry, facts, numbersOf, on } from './testing/round-facts.js';
import type { Touches } from './touches.js';

const waiting = { standing: 'waiting' } as const;
const stale = { evidence: 'stale' } as const;
const web = { touches: on('web') };
const sameFile: Touches = { kind: 'known', targets: ['api'], files: ['values.yaml'], reads: [] };
const byPeople = { consent: 'of-this-plan' } as const;
const one = entry(1);

describe('planRound, by the checks of each head', () => {
  test.each<[string, readonly RoundEntry[], Partial<RoundFacts>, readonly number[], object]>([
    ['nothing waits', [], {}, [], []],
    ['what is disjoint goes together', [one, entry(2, web)], {}, [1, 2], []],
    ['what meets waits its turn', [one, entry(2)], {}, [1], [{ number: 2, for: 'entry', entry: 1, because: 'meets' }]],
    ['what waits for its checks', [entry(1, waiting)], {}, [], [{ number: 1, for: 'itself' }]],
    [
      'and holds up what meets it',
      [entry(1, waiting), entry(2)],
      {},
      [],
      [
        { number: 1, for: 'itself' },
        { number: 2, for: 'entry', entry: 1, because: 'meets' },
      ],
    ],
    ['but not what does not', [entry(1, waiting), entry(2, web)], {}, [2], [{ number: 1, for: 'itself' }]],
    ['nor for ever', [entry(1, { ...waiting, patience: 'spent' }), entry(2)], {}, [2], [{ number: 1, for: 'itself' }]],
    ['what is about to leave holds up nobody', [entry(1, { standing: 'blocked' }), entry(2)], {}, [2], []],
    [
      'what is not planned meets everything',
      [entry(1, { ...waiting, touches: { kind: 'everything' } }), entry(2, web)],
      {},
      [],
      [
        { number: 1, for: 'itself' },
        { number: 2, for: 'entry', entry: 1, because: 'meets' },
      ],
    ],
    [
      'off: strictly one after the other',
      [entry(1, waiting), entry(2, web)],
      { parallel: 'off' },
      [],
      [
        { number: 1, for: 'itself' },
        { number: 2, for: 'entry', entry: 1, because: 'in-turn' },
      ],
    ],
    [
      'off: one at a time',
      [one, entry(2, web)],
      { parallel: 'off' },
      [1],
      [{ number: 2, for: 'entry', entry: 1, because: 'in-turn' }],
    ],
    ['stale checks of its own are enough', [entry(1, stale)], {}, [1], []],
  ])('%s', (_what, entries, over, merges, waits) => {
    const round = planRound(facts(entries, over));
    expect(numbersOf(round.merges)).toEqual(merges);
    expect(round.waits).toEqual(waits);
    expect([round.verify, round.culprit]).toEqual([null, null]);
  });
});

describe('planRound, by batches', () => {
  const stales = [1, 2, 3, 4].map((number) => entry(number, stale));
  test.each<
    [
      string,
      readonly RoundEntry[],
      Batch | null,
      { merges?: number[]; verify?: number[]; suspects?: number[]; culprit?: number },
    ]
  >([
    ['fresh checks need no batch', [one, entry(2, web)], null, { merges: [1, 2] }],
    ['stale ones do', stales, null, { verify: [1, 2, 3, 4] }],
    ['those that meet follow those before them into it', [entry(1, stale), entry(2)], null, { verify: [1, 2] }],
    ['unless people agreed to the plan as it is', [entry(1, stale), entry(2, byPeople)], null, { verify: [1] }],
    [
      'of the same file, too',
      [1, 2].map((number) => entry(number, { ...stale, touches: sameFile })),
      null,
      { verify: [1, 2] },
    ],
    ['merges come first', [entry(1, web), entry(2, stale)], null, { merges: [1] }],
    ['while it is verified nothing else is', stales, batch([1, 2]), {}],
    ['but what is disjoint and fresh is merged', [...stales, entry(5, web)], batch([1, 2]), { merges: [5] }],
    ['passed', stales, batch([1, 2], { result: 'passed' }), { merges: [1, 2] }],
    [
      'passed for another head',
      stales.map((each) => ({ ...each, head: 'x' })),
      batch([1, 2], { result: 'passed' }),
      { verify: [1, 2, 3, 4] },
    ],
    ['passed for another tip', stales, batch([1, 2], { result: 'passed', evidence: 'void' }), { verify: [1, 2, 3, 4] }],
    [
      'one of it is not ready any more',
      [entry(1, { ...stale, ...waiting, patience: 'spent' }), entry(2, stale)],
      batch([1, 2], { result: 'passed' }),
      { verify: [2] },
    ],
    [
      'one of it is planned anew: nothing is told of it yet',
      [entry(1, { ...stale, standing: 'planning' }), entry(2, stale), entry(3, stale)],
      batch([1, 2], { result: 'passed', evidence: 'void' }),
      {},
    ],
    [
      'a batch waits for what is being planned',
      [entry(1, stale), entry(2, { ...stale, standing: 'planning' })],
      null,
      {},
    ],
    [
      'but not without end',
      [entry(1, stale), entry(2, { ...stale, standing: 'planning', patience: 'spent' })],
      null,
      { verify: [1] },
    ],
    [
      'failed: the first half, knowing that something in it fails',
      stales,
      batch([1, 2, 3, 4], { result: 'failed' }),
      { verify: [1, 2], suspects: [1, 2, 3, 4] },
    ],
    [
      'the first half failed too',
      stales,
      batch([1, 2], { result: 'failed', suspects: [1, 2, 3, 4] }),
      { verify: [1], suspects: [1, 2] },
    ],
    [
      'the first half was merged',
      stales.slice(2),
      batch([], { result: 'passed', suspects: [1, 2, 3, 4] }),
      { verify: [3], suspects: [3, 4] },
    ],
    ['failed alone', stales, batch([1], { result: 'failed', suspects: [1, 2] }), { culprit: 1 }],
    [
      'what is left of those that fail',
      stales.slice(1),
      batch([], { result: 'passed', suspects: [1, 2] }),
      { culprit: 2 },
    ],
    ['it left by itself', stales.slice(2), batch([], { result: 'passed', suspects: [1, 2] }), { verify: [3, 4] }],
  ])('%s', (_what, entries, standing, expected) => {
    const round = planRound(facts(entries, { verify: 'batch', batch: standing }));
    expect(numbersOf(round.merges)).toEqual(expected.merges ?? []);
    expect(round.verify?.numbers ?? []).toEqual(expected.verify ?? []);
    expect(round.verify?.suspects ?? []).toEqual(expected.suspects ?? []);
    expect(round.culprit).toBe(expected.culprit ?? null);
  });

  it('says who is in the batch and who is after it', () => {
    const { waits } = planRound(facts(stales, { verify: 'batch', batch: batch([1, 2]) }));
    expect(waits.map((wait) => wait.for)).toEqual(['its-batch', 'its-batch', 'next-batch', 'next-batch']);
  });

  it('makes batches larger while they pass and smaller when one fails', () => {
    const many = Array.from({ length: 40 }, (_, at) => entry(at, stale));
    const size = (standing: Batch | null) => planRound(facts(many, { verify: 'batch', batch: standing })).verify?.size;
    expect([size(null), size(batch([], { result: 'passed' })), size(batch([0, 1], { result: 'failed' }))]).toEqual([
      8, 16, 4,
    ]);
    expect(size(batch([0, 1], { result: 'failed', suspects: [0, 1, 2, 3], size: 4 }))).toBe(4);
    expect(size(batch([0], { evidence: 'void', size: 2 }))).toBe(2);
  });

  it('verifies one at a time where parallel is off', () => {
    const { verify } = planRound(facts(stales, { verify: 'batch', parallel: 'off' }));
    expect(verify?.numbers).toEqual([1]);
  });
});
