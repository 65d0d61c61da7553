import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  planRound,
  type Batch,
  type Round,
  type RoundEntry,
  type RoundFacts,
  type Verification,
} from './plan-round.js';
import { overlap, type Touches } from './touches.js';

function on(...targets: string[]): Touches {
  return { kind: 'known', targets, files: [], reads: [] };
}

/** Each changes files of its own. */
function entry(number: number, over: Partial<RoundEntry> = {}): RoundEntry {
  const touches = over.touches ?? on('api');
  const files = touches.kind === 'known' && touches.files.length > 0 ? touches.files : [`${number}.yaml`];
  return {
    number,
    head: `h${number}`,
    standing: 'ready',
    evidence: 'fresh',
    consent: 'none-needed',
    patience: 'left',
    ...over,
    touches: touches.kind === 'known' ? { ...touches, files } : touches,
  };
}

function facts(entries: readonly RoundEntry[], over: Partial<RoundFacts> = {}): RoundFacts {
  return { entries, parallel: 'on', verify: 'head', batch: null, ...over };
}

function batch(numbers: readonly number[], over: Partial<Batch> = {}): Batch {
  const entries = numbers.map((number) => ({ number, head: `h${number}` }));
  return { entries, suspects: [], result: 'pending', evidence: 'holds', size: 8, ...over };
}

const waiting = { standing: 'waiting' } as const;
const stale = { evidence: 'stale' } as const;
const web = { touches: on('web') };
const sameFile: Touches = { kind: 'known', targets: ['api'], files: ['values.yaml'], reads: [] };
const byPeople = { consent: 'of-this-plan' } as const;
const one = entry(1);

const numbersOf = (each: readonly { readonly number: number }[]) => each.map(({ number }) => number);

describe('planRound, by the checks of each head', () => {
  test.each<[string, readonly RoundEntry[], Partial<RoundFacts>, readonly number[], object]>([
    ['nothing waits', [], {}, [], []],
    ['what is disjoint goes together', [one, entry(2, web)], {}, [1, 2], []],
    ['what meets waits its turn', [one, entry(2)], {}, [1], [{ number: 2, for: 'entry', entry: 1 }]],
    ['what waits for its checks', [entry(1, waiting)], {}, [], [{ number: 1, for: 'itself' }]],
    [
      'and holds up what meets it',
      [entry(1, waiting), entry(2)],
      {},
      [],
      [
        { number: 1, for: 'itself' },
        { number: 2, for: 'entry', entry: 1 },
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
        { number: 2, for: 'entry', entry: 1 },
      ],
    ],
    [
      'off: strictly one after the other',
      [entry(1, waiting), entry(2, web)],
      { parallel: 'off' },
      [],
      [
        { number: 1, for: 'itself' },
        { number: 2, for: 'entry', entry: 1 },
      ],
    ],
    ['off: one at a time', [one, entry(2, web)], { parallel: 'off' }, [1], [{ number: 2, for: 'entry', entry: 1 }]],
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
      'nor what changes the same file',
      [1, 2].map((number) => entry(number, { ...stale, touches: sameFile })),
      null,
      { verify: [1] },
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

/** A change in a world where some changes break what they meet, though their own checks are green. */
interface Change {
  readonly target: string;
  readonly own: 'green' | 'red';
  readonly together: 'works' | 'breaks';
}

type Manner = Pick<RoundFacts, 'parallel' | 'verify'>;

/** Rounds until nothing is left to do; a check run ends before the next round. Throws where the branch would break. */
class Play {
  readonly merged: number[] = [];
  readonly left: number[] = [];
  rounds = 0;
  /** Rounds it took until each of `left` was found. */
  readonly foundIn: number[] = [];
  #batch: Batch | null = null;

  constructor(
    private readonly changes: readonly Change[],
    private readonly manner: Manner,
  ) {
    while (this.#step(planRound({ ...manner, entries: this.#entries(), batch: this.#batch })) === 'goes-on');
  }

  #entries(): readonly RoundEntry[] {
    return this.changes.flatMap(({ target, own }, number) => {
      if (this.merged.includes(number) || this.left.includes(number)) return [];
      const standing = own === 'red' ? 'blocked' : 'ready';
      return [entry(number, { touches: on(target), standing, evidence: this.#evidence(number) })];
    });
  }

  #evidence(number: number): RoundEntry['evidence'] {
    const target = this.changes[number]?.target;
    return this.merged.some((other) => this.changes[other]?.target === target) ? 'stale' : 'fresh';
  }

  #breaks(numbers: readonly number[]): boolean {
    return numbers.some((number) => this.changes[number]?.together === 'breaks');
  }

  #step(round: Round): 'goes-on' | 'rests' {
    const [first] = round.merges;
    if (first !== undefined) this.#merge(first.number, first.on);
    else if (round.culprit !== null) this.#turnOut(round.culprit);
    else if (round.verify !== null) this.#verify(round.verify);
    else return 'rests';
    return 'goes-on';
  }

  #merge(number: number, on: 'own-checks' | 'batch'): void {
    if (this.changes[number]?.own === 'red') throw new Error(`#${number} was merged with red checks`);
    const unproven = on === 'batch' ? this.#breaks([number]) : this.#evidence(number) === 'stale';
    if (this.manner.verify === 'batch' && unproven) throw new Error(`#${number} may break the branch`);
    this.merged.push(number);
    if (this.#batch === null) return;
    this.#batch = { ...this.#batch, entries: this.#batch.entries.filter((each) => each.number !== number) };
  }

  #turnOut(culprit: number): void {
    if (!this.#breaks([culprit])) throw new Error(`#${culprit} is innocent`);
    this.left.push(culprit);
    this.foundIn.push(this.rounds);
  }

  #verify({ numbers, suspects, size }: Verification): void {
    this.rounds += 1;
    const result = this.#breaks(numbers) ? 'failed' : 'passed';
    this.#batch = batch(numbers, { suspects, size, result });
  }
}

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

describe('overlap', () => {
  const reads = { paths: new Set(['base/deployment.yaml']), directories: new Set(['charts/api']) };
  const api: Touches = { kind: 'known', targets: ['api/dev'], files: ['apps/api/values.yaml'], reads: [reads] };
  test.each<[string, string[], string[], boolean]>([
    ['another target, another file', ['web/dev'], ['apps/web/values.yaml'], false],
    ['the same target', ['api/dev'], ['apps/api/more.yaml'], true],
    ['the same file', ['web/dev'], ['apps/api/values.yaml'], true],
    ['a file that its target reads', ['web/dev'], ['base/deployment.yaml'], true],
    ['a file below a directory that its target reads', ['web/dev'], ['charts/api/templates/a.yaml'], true],
    ['the rules', [], ['.lockkeeper.yaml'], true],
    ['who owns what', [], ['.github/CODEOWNERS'], true],
    ['a note', [], ['README.md'], false],
  ])('%s', (_what, targets, files, meets) => {
    const other: Touches = { kind: 'known', targets, files, reads: [] };
    expect([overlap(api, other), overlap(other, api)]).toEqual([meets, meets]);
  });
});
