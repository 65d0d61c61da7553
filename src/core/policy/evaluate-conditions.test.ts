import { describe, expect, it } from 'vitest';
import { parseWeeklyWindow, type WeeklyWindow } from '../time/weekly-window.js';
import { conditionsOn, type Fit } from './evaluate-conditions.js';
import { NOTHING_KNOWN, type PolicyFacts, type TargetFacts } from './policy-facts.js';
import { ANYTHING, type ConditionName, type Conditions } from './policy-rules.js';
import type { Part } from './verdict.js';

const PROD = { app: 'api', env: 'prod' };
const TARGET: Part = { kind: 'target', target: PROD };
const OUTSIDE: Part = { kind: 'outside' };
/** 2026-11-19 is a Thursday. */
const NOW = Date.parse('2026-11-19T10:00:00Z');
const HOUR = 3_600_000;

const facts = (more: Partial<PolicyFacts> = {}): PolicyFacts => ({ ...NOTHING_KNOWN, head: 'h', now: NOW, ...more });
const target = (more: Partial<TargetFacts>): Partial<PolicyFacts> => ({
  targets: { 'api/prod': { kinds: 'unknown', versionStep: 'unknown', provenSince: {}, ...more } },
});
const fit = (when: Partial<Conditions>, more: Partial<PolicyFacts>, part: Part = TARGET): Fit =>
  conditionsOn({ ...ANYTHING, ...when }, facts(more))(part);
const files = (paths: readonly string[], extent: 'all' | 'some' = 'all'): Partial<PolicyFacts> => ({
  files: { paths, extent },
});
const window = (text: string): WeeklyWindow => {
  const reading = parseWeeklyWindow(text);
  if (reading.kind === 'refused') throw new Error(reading.why);
  return reading.window;
};
const ann = (kind: 'human' | 'bot' = 'human'): Partial<PolicyFacts> => ({ author: { login: 'Ann', kind } });
const cost = (before: number, after: number): Partial<PolicyFacts> => ({ cost: { before, after } });
const more = (value: number, unit: 'money' | 'percent', operator: '>' | '<' = '>'): Partial<Conditions> => ({
  costIncrease: { operator, value, unit },
});
const labels = (given: Partial<NonNullable<Conditions['labels']>>): Partial<Conditions> => ({
  labels: { any: [], all: [], none: [], ...given },
});
const size = (given: Partial<NonNullable<Conditions['size']>>): Partial<Conditions> => ({
  size: { files: null, lines: null, ...given },
});
const proven = (since: number | null | 'unknown'): Partial<PolicyFacts> => target({ provenSince: { test: since } });
const DAY_IN_TEST: Partial<Conditions> = { provenIn: { environment: 'test', for: 24 * HOUR } };

type Row = readonly [Partial<Conditions>, Partial<PolicyFacts>];

/** Of each condition: facts by which it holds, by which it does not, by which it can't be told. */
const TABLE: Readonly<
  Record<ConditionName, { readonly yes: readonly Row[]; readonly no: readonly Row[]; readonly unknown: readonly Row[] }>
> = {
  environments: {
    yes: [[{ environments: ['dev', 'prod'] }, {}]],
    no: [[{ environments: ['dev'] }, {}]],
    unknown: [],
  },
  applications: {
    yes: [[{ applications: ['api'] }, {}]],
    no: [[{ applications: ['web'] }, {}]],
    unknown: [],
  },
  kinds: {
    yes: [[{ kinds: ['Role', 'Service'] }, target({ kinds: ['Service'] })]],
    no: [
      [{ kinds: ['Role'] }, target({ kinds: ['Service'] })],
      [{ kinds: ['Role'] }, target({ kinds: [] })],
    ],
    unknown: [
      [{ kinds: ['Role'] }, target({})],
      [{ kinds: ['Role'] }, {}],
    ],
  },
  versionStep: {
    yes: [[{ versionStep: ['patch', 'minor'] }, target({ versionStep: 'minor' })]],
    no: [
      [{ versionStep: ['patch'] }, target({ versionStep: 'downgrade' })],
      [{ versionStep: ['patch', 'minor', 'major', 'downgrade'] }, target({ versionStep: 'none' })],
    ],
    unknown: [
      [{ versionStep: ['patch'] }, target({})],
      [{ versionStep: ['patch'] }, {}],
    ],
  },
  provenIn: {
    yes: [[DAY_IN_TEST, proven(NOW - 24 * HOUR)]],
    no: [
      [DAY_IN_TEST, proven(NOW - 24 * HOUR + 1)],
      [DAY_IN_TEST, proven(null)],
    ],
    unknown: [
      [DAY_IN_TEST, proven('unknown')],
      [DAY_IN_TEST, target({})],
      [DAY_IN_TEST, {}],
    ],
  },
  files: {
    yes: [
      [{ files: ['docs/**', '*.md'] }, files(['a', 'README.md'])],
      [{ files: ['docs/**'] }, files(['docs/a'], 'some')],
    ],
    no: [
      [{ files: ['docs/**'] }, files(['a'])],
      [{ files: ['**'] }, files([])],
    ],
    unknown: [
      [{ files: ['docs/**'] }, files(['a'], 'some')],
      [{ files: ['docs/**'] }, {}],
    ],
  },
  onlyFiles: {
    yes: [[{ onlyFiles: ['docs/**', '*.md'] }, files(['docs/a', 'README.md'])]],
    no: [
      [{ onlyFiles: ['docs/**'] }, files(['docs/a', 'b'])],
      [{ onlyFiles: ['docs/**'] }, files(['b'], 'some')],
      [{ onlyFiles: ['**'] }, files([])],
    ],
    unknown: [
      [{ onlyFiles: ['docs/**'] }, files(['docs/a'], 'some')],
      [{ onlyFiles: ['docs/**'] }, {}],
    ],
  },
  branches: {
    yes: [[{ branches: ['main', 'release-*'] }, { base: 'release-1' }]],
    no: [[{ branches: ['release-*'] }, { base: 'main' }]],
    unknown: [[{ branches: ['main'] }, {}]],
  },
  author: {
    yes: [[{ author: ['bob', 'ann'] }, ann()]],
    no: [[{ author: ['bob'] }, ann()]],
    unknown: [[{ author: ['ann'] }, {}]],
  },
  authorTeams: {
    yes: [
      [{ authorTeams: ['a/b', 'a/c'] }, { ...ann(), teams: { 'a/c': ['ann'] } }],
      [{ authorTeams: ['a/b'] }, { ...ann('bot'), teams: { 'a/b': ['Ann'] } }],
    ],
    no: [[{ authorTeams: ['a/b'] }, { ...ann(), teams: { 'a/b': [] } }]],
    unknown: [
      [{ authorTeams: ['a/b', 'a/c'] }, { ...ann(), teams: { 'a/b': [], 'a/c': 'unknown' } }],
      [{ authorTeams: ['constructor'] }, ann()],
      [{ authorTeams: ['a/b'] }, { teams: { 'a/b': ['ann'] } }],
    ],
  },
  bots: {
    yes: [
      [{ bots: true }, ann('bot')],
      [{ bots: false }, ann()],
    ],
    no: [
      [{ bots: true }, ann()],
      [{ bots: false }, ann('bot')],
    ],
    unknown: [[{ bots: false }, {}]],
  },
  labels: {
    yes: [
      [labels({ any: ['a', 'b'] }), { labels: ['b'] }],
      [labels({ all: ['a', 'b'], none: ['c'] }), { labels: ['a', 'b', 'd'] }],
      [labels({ none: ['c'] }), { labels: [] }],
    ],
    no: [
      [labels({ any: ['a'] }), { labels: ['A'] }],
      [labels({ all: ['a', 'b'] }), { labels: ['a'] }],
      [labels({ any: ['a'], none: ['c'] }), { labels: ['a', 'c'] }],
    ],
    unknown: [[labels({ none: ['c'] }), {}]],
  },
  title: {
    yes: [[{ title: 'OPS-[0-9]+' }, { title: 'Fix OPS-12' }]],
    no: [[{ title: '^OPS' }, { title: 'Fix OPS-12' }]],
    unknown: [[{ title: '.*' }, {}]],
  },
  draft: {
    yes: [[{ draft: false }, { draft: false }]],
    no: [[{ draft: false }, { draft: true }]],
    unknown: [[{ draft: false }, {}]],
  },
  size: {
    yes: [
      [size({ files: { operator: '<=', value: 2 } }), { size: { files: 2, lines: 'unknown' } }],
      [size({ lines: { operator: '>=', value: 2 } }), { size: { files: 9, lines: 2 } }],
    ],
    no: [
      [size({ files: { operator: '<', value: 2 } }), { size: { files: 2, lines: 'unknown' } }],
      [
        size({ files: { operator: '>', value: 2 }, lines: { operator: '<', value: 9 } }),
        { size: { files: 2, lines: 'unknown' } },
      ],
    ],
    unknown: [
      [size({ files: { operator: '<', value: 2 } }), {}],
      [
        size({ files: { operator: '<', value: 2 }, lines: { operator: '<', value: 9 } }),
        { size: { files: 1, lines: 'unknown' } },
      ],
    ],
  },
  changes: {
    yes: [
      [{ changes: ['image-only'] }, { changes: 'image-only' }],
      [{ changes: ['image-only', 'touches-rbac'] }, { changes: 'other', traits: ['touches-rbac'] }],
      [{ changes: ['image-only', 'touches-rbac'] }, { traits: ['touches-rbac'] }],
    ],
    no: [
      [{ changes: ['image-only'] }, { changes: 'replicas-only' }],
      [{ changes: ['image-only'] }, { changes: 'none', traits: [] }],
      [{ changes: ['deletes-data'] }, { traits: ['touches-rbac'] }],
      [{ changes: ['image-only', 'deletes-data'] }, { changes: 'other', traits: [] }],
    ],
    unknown: [
      [{ changes: ['image-only'] }, { traits: [] }],
      [{ changes: ['deletes-data'] }, { changes: 'other' }],
      [{ changes: ['image-only', 'deletes-data'] }, { changes: 'other' }],
      [{ changes: ['image-only', 'deletes-data'] }, { traits: [] }],
    ],
  },
  promotion: {
    yes: [[{ promotion: ['exact', 'none'] }, { promotion: 'none' }]],
    no: [[{ promotion: ['exact'] }, { promotion: 'modified' }]],
    unknown: [[{ promotion: ['none'] }, {}]],
  },
  costIncrease: {
    yes: [
      [more(10, 'money'), cost(100, 111)],
      [more(10, 'percent'), cost(100, 111)],
      [more(10, 'percent'), cost(0, 1)],
      [more(10, 'money', '<'), cost(100, 50)],
      [more(10, 'percent', '<'), cost(0, 0)],
    ],
    no: [
      [more(10, 'money'), cost(100, 110)],
      [more(10, 'percent'), cost(100, 110)],
      [more(10, 'percent', '<'), cost(0, 1)],
    ],
    unknown: [[more(10, 'money'), {}]],
  },
  at: {
    yes: [[{ at: [window('Fri 00:00-24:00 UTC'), window('Thu 11:00-12:00 Europe/Brussels')] }, {}]],
    no: [[{ at: [window('Thu 10:00-11:00 Europe/Brussels')] }, {}]],
    unknown: [],
  },
  signed: {
    yes: [[{ signed: true }, { signed: true }]],
    no: [[{ signed: true }, { signed: false }]],
    unknown: [[{ signed: true }, {}]],
  },
};

const rows = Object.entries(TABLE).flatMap(([name, answers]) =>
  Object.entries(answers).flatMap(([answer, all]) => all.map((row, index) => [name, answer, index, row] as const)),
);

describe('a condition', () => {
  it.each(rows)('%s: %s (%i)', (name, answer, _, [when, given]) => {
    const expected: Readonly<Record<string, object>> = {
      yes: { kind: 'fits' },
      no: { kind: 'does-not-fit', condition: name },
      unknown: { kind: 'unknown', conditions: [name] },
    };
    expect(fit(when, given)).toEqual(expected[answer]);
  });

  it.each([
    { environments: ['prod'] },
    { applications: ['api'] },
    { kinds: ['Role'] },
    { versionStep: ['patch'] as const },
    DAY_IN_TEST,
  ])('asked of a target never holds outside of all: %o', (when) => {
    expect(fit(when, {}, OUTSIDE)).toMatchObject({ kind: 'does-not-fit' });
  });

  it('that does not hold decides, whatever is unknown beside it', () => {
    expect(fit({ draft: false, signed: true }, { signed: false })).toEqual({
      kind: 'does-not-fit',
      condition: 'signed',
    });
    expect(fit({ draft: false, signed: true, title: 'a' }, { signed: true })).toEqual({
      kind: 'unknown',
      conditions: ['draft', 'title'],
    });
  });

  it('is not asked where none is given', () => {
    expect(fit({}, {})).toEqual({ kind: 'fits' });
    expect(fit({}, {}, OUTSIDE)).toEqual({ kind: 'fits' });
  });
});
