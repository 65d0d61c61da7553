import { describe, expect, test } from 'vitest';
import { planAhead, type AheadBatch, type AheadPlan } from './plan-ahead.js';
import { planRound, type Batch, type RoundEntry, type RoundFacts } from './plan-round.js';
import { presumeQueue, MOST_PRESUMED } from './presume-queue.js';
import { batch, entry, facts, on } from './testing/round-facts.js';

const stale = { evidence: 'stale' } as const;
const [one, two, three, four] = [1, 2, 3, 4].map((number) => entry(number, stale)) as [
  RoundEntry,
  RoundEntry,
  RoundEntry,
  RoundEntry,
];
const members = (...numbers: readonly number[]) => batch(numbers).entries;

interface Given {
  readonly entries: readonly RoundEntry[];
  readonly batch: Batch | null;
  readonly ahead?: AheadBatch;
  readonly over?: Partial<RoundFacts>;
  readonly speculate?: 'off' | 'plans' | 'checks';
}

function plan({ entries, batch: standing, ahead, over = {}, speculate = 'checks' }: Given): AheadPlan {
  const given = facts(entries, { verify: 'batch', batch: standing, ...over });
  return planAhead({ facts: given, round: planRound(given), ahead: ahead ?? null, speculate });
}

const running = batch([1, 2]);
const next = (over: Partial<AheadBatch> = {}): AheadBatch => ({ ...batch([3, 4]), after: members(1, 2), ...over });
const made = (...numbers: readonly number[]) => ({ kind: 'make', verification: { numbers }, after: members(1, 2) });

describe('planAhead', () => {
  const all = [one, two, three, four];
  test.each<[string, Given, object]>([
    ['what would come next is verified on what the batch would leave', { entries: all, batch: running }, made(3, 4)],
    ['only where it is asked for', { entries: all, batch: running, speculate: 'plans' }, { kind: 'keep' }],
    [
      'and dropped where it is not any more',
      { entries: all, batch: running, ahead: next(), speculate: 'off' },
      { kind: 'drop' },
    ],
    ['nothing runs', { entries: all, batch: null }, { kind: 'keep' }],
    ['it stands', { entries: all, batch: running, ahead: next() }, { kind: 'keep' }],
    [
      'whatever its own checks say',
      { entries: all, batch: running, ahead: next({ result: 'failed' }) },
      { kind: 'keep' },
    ],
    ['the batch passed', { entries: all, batch: batch([1, 2], { result: 'passed' }), ahead: next() }, { kind: 'keep' }],
    ['the batch failed', { entries: all, batch: batch([1, 2], { result: 'failed' }), ahead: next() }, { kind: 'drop' }],
    [
      'what it touches has changed',
      { entries: all, batch: batch([1, 2], { evidence: 'void' }), ahead: next() },
      { kind: 'drop' },
    ],
    ['one of the batch left', { entries: all.slice(1), batch: running, ahead: next() }, { kind: 'drop' }],
    ['one of it left', { entries: [one, two, four], batch: running, ahead: next() }, made(4)],
    [
      'one of it has another head',
      { entries: [one, two, { ...three, head: 'x' }, four], batch: running, ahead: next() },
      made(3, 4),
    ],
    [
      'one of it is planned anew',
      {
        entries: [one, two, { ...three, standing: 'planning' }, four],
        batch: running,
        ahead: next({ evidence: 'void' }),
      },
      { kind: 'keep' },
    ],
    [
      'one of the batch is planned anew',
      { entries: [one, { ...two, standing: 'planning' }, three, four], batch: running, ahead: next() },
      { kind: 'keep' },
    ],
    ['it follows others', { entries: all, batch: running, ahead: next({ after: members(1) }) }, made(3, 4)],
    [
      'what meets the batch is stale then',
      { entries: [one, two, entry(3), entry(4, { touches: on('web'), ...stale })], batch: running },
      made(3, 4),
    ],
    [
      'what is disjoint and fresh is merged at once, and looked at anew',
      { entries: [one, two, entry(3, { touches: on('web') }), four], batch: running },
      { kind: 'keep' },
    ],
    [
      'what people agreed to will have another plan',
      { entries: [one, two, { ...three, consent: 'of-this-plan' }], batch: running },
      { kind: 'keep' },
    ],
    [
      'what waits for its own checks holds up what meets it',
      { entries: [one, two, { ...three, standing: 'waiting' }, four], batch: running },
      { kind: 'keep' },
    ],
    ['nothing is presumed after failures', { entries: all, batch: batch([1, 2], { size: 2 }) }, { kind: 'keep' }],
    [
      'nor where a culprit is sought after some',
      { entries: all, batch: batch([1], { size: 4, suspects: [1, 2, 3] }) },
      { kind: 'keep' },
    ],
    [
      'else the search goes on ahead',
      { entries: all, batch: batch([1, 2], { suspects: [1, 2, 3, 4] }) },
      { kind: 'make', verification: { numbers: [3], suspects: [3, 4] } },
    ],
    [
      'one after the other, one ahead',
      { entries: all, batch: batch([1]), over: { parallel: 'off' } },
      {
        kind: 'make',
        verification: { numbers: [2] },
      },
    ],
  ])('%s', (_what, given, expected) => {
    expect(plan(given)).toMatchObject(expected);
  });
});

describe('presumeQueue', () => {
  const web = (number: number) => entry(number, { touches: on('web') });
  test.each<[string, readonly RoundEntry[], readonly string[]]>([
    ['nothing', [], []],
    ['nothing meets', [entry(1), web(2)], []],
    [
      'what meets something before it, with all that comes before',
      [entry(1), web(2), entry(3), entry(4, { touches: on('db') })],
      ['h1 the-same', 'h2 the-same', 'h3 another'],
    ],
    [
      'what waits, too',
      [entry(1, { standing: 'waiting' }), entry(2, { standing: 'waiting' })],
      ['h1 the-same', 'h2 another'],
    ],
    ['not what is about to leave', [entry(1, { standing: 'blocked' }), entry(2)], []],
  ])('%s', (_what, entries, expected) => {
    expect(presumeQueue(entries).map(({ head, plan: which }) => `${head} ${which}`)).toEqual(expected);
  });

  test('so many and no more', () => {
    const many = Array.from({ length: 30 }, (_, number) => entry(number));
    expect(presumeQueue(many)).toHaveLength(MOST_PRESUMED + 1);
  });
});
