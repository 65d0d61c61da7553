import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVerdicts } from './compare-verdicts.js';
import { evaluatePolicy } from './evaluate-policy.js';
import type { PolicyFacts } from './policy-facts.js';
import type { PolicyRule } from './policy-rules.js';
import { asksTheSame, bothAsked, historyOf, type MergedJudgement } from './policy-history.js';
import { BUMPS, policy, REST, rule, SRE } from './testing/policy-rules.js';
import { DEV, facts, PROD, review } from './testing/pull-request-facts.js';

const compare = (before: readonly PolicyRule[], after: readonly PolicyRule[], more: Partial<PolicyFacts> = {}) =>
  compareVerdicts(facts(more), { before: policy(before), after: policy(after) });

const PRODUCTION = { affected: { targets: [PROD], outside: [] }, reviews: [review('bob')] };

describe('two policies on the same facts', () => {
  it('differ because of the rule that is stricter', () => {
    expect(compare([REST], [SRE, REST], PRODUCTION)).toMatchObject({
      kind: 'differs',
      before: 'passed',
      after: 'pending',
      because: { policy: 'after', rules: [{ name: 'sre', requirement: { missing: 1 } }], unfitted: [] },
    });
    expect(compare([SRE, REST], [REST], PRODUCTION)).toMatchObject({
      before: 'pending',
      after: 'passed',
      because: { policy: 'before', rules: [{ name: 'sre' }] },
    });
  });

  it('say the same where another rule decides to the same effect', () => {
    expect(compare([REST], [rule('all', {}), BUMPS], PRODUCTION)).toEqual({ kind: 'same', state: 'passed' });
    expect(compare([REST], [rule('two', {}, { count: 2 })])).toEqual({ kind: 'same', state: 'pending' });
  });

  it('differ where no rule is left for a part', () => {
    expect(compare([REST], [SRE], { reviews: [review('bob')] })).toMatchObject({
      after: 'refused',
      because: { policy: 'after', rules: [], unfitted: [{ kind: 'target', target: DEV }] },
    });
  });

  it('leave policies in Rego out', () => {
    const before = policy([REST], { rego: ['a/*.rego'] });
    const given = facts({ reviews: [review('bob')], rego: { kind: 'failed', message: 'not asked' } });
    expect(compareVerdicts(given, { before, after: policy([REST]) })).toEqual({ kind: 'same', state: 'passed' });
  });
});

describe('what is not known of the past', () => {
  it.each<[string, readonly PolicyRule[], Partial<PolicyFacts>, unknown]>([
    ['which targets it touched', [REST], { affected: 'unknown' }, { kind: 'affected' }],
    [
      'a condition that tells which rule decides',
      [rule('draft', { draft: true }), REST],
      { draft: 'unknown' },
      { kind: 'condition', condition: 'draft' },
    ],
    [
      'whom an approval hangs on',
      [rule('x', {}, { not: [{ kind: 'committers' }] })],
      { committers: 'unknown' },
      { kind: 'fact', fact: { kind: 'committers' } },
    ],
    [
      'whether one approval counts',
      [REST],
      { reviews: [review('zoe')] },
      { kind: 'fact', fact: { kind: 'permission', login: 'zoe' } },
    ],
    [
      'what a group hangs on',
      [rule('g', {}, { kind: 'any', needed: 1, of: [{ kind: 'checks', globs: ['ci'] }] })],
      {},
      { kind: 'fact', fact: { kind: 'checks' } },
    ],
  ])('%s: it is not told', (_, after, more, unknown) => {
    const certain = [rule('free', {}, 'none')];
    const found = compare(certain, after, more);
    expect(found).toMatchObject({ kind: 'not-told' });
    expect(found.kind === 'not-told' && found.unknown).toContainEqual(unknown);
    expect(compare(after, certain, more)).toMatchObject({ kind: 'not-told' });
  });

  it('does not matter where it would be refused, or passes, whatever it is', () => {
    const vetoed = {
      affected: { targets: [DEV, PROD], outside: [] },
      teams: {},
      reviews: [review('bob', { state: 'changes-requested' })],
    };
    expect(compare([REST], [SRE, REST], vetoed)).toEqual({ kind: 'same', state: 'refused' });
    expect(compare([SRE, REST], [SRE], { ...vetoed, reviews: [] })).toMatchObject({ kind: 'not-told' });
    const nobodyFits = { ...vetoed, reviews: [], affected: { targets: [PROD], outside: ['x'] } };
    expect(compare([SRE], [SRE], nobodyFits)).toEqual({ kind: 'same', state: 'refused' });
    expect(compare([REST], [REST], { reviews: [review('bob')], committers: 'unknown' })).toMatchObject({
      kind: 'same',
    });
  });

  it('never hides that both are certain: what differs is what each says', () => {
    const rules = fc.subarray([SRE, BUMPS, REST, rule('free', { labels: { any: ['x'], all: [], none: [] } }, 'none')]);
    const known = fc.record({
      labels: fc.constantFrom<PolicyFacts['labels']>('unknown', [], ['x']),
      reviews: fc.subarray([review('bob'), review('dora'), review('zoe')]),
      teams: fc.constantFrom<PolicyFacts['teams']>({}, { 'acme/sre': ['bob', 'dora'] }),
      affected: fc.constantFrom<PolicyFacts['affected']>('unknown', { targets: [DEV, PROD], outside: [] }),
    });
    fc.assert(
      fc.property(rules, rules, known, (before, after, more) => {
        const found = compare(before, after, more);
        const [one, other] = [before, after].map((each) => evaluatePolicy(facts(more), policy(each)).state);
        if (found.kind === 'same') expect([one, other]).toEqual([found.state, found.state]);
        if (found.kind === 'differs') {
          expect([one, other]).toEqual([found.before, found.after]);
          expect(found.because.rules.length + found.because.unfitted.length).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe('the history', () => {
  const named = (number: number) => ({
    number,
    title: `Change ${String(number)}`,
    url: `https://x.test/${String(number)}`,
  });
  const both = { before: policy([REST]), after: policy([SRE, REST]) };

  it('counts what is the same, and names everything else', () => {
    const judgements: readonly MergedJudgement[] = [
      { ...named(1), kind: 'compared', comparison: { kind: 'same', state: 'passed' } },
      { ...named(2), kind: 'compared', comparison: compareVerdicts(facts(PRODUCTION), both) },
      { ...named(3), kind: 'compared', comparison: { kind: 'not-told', unknown: [{ kind: 'affected' }] } },
      { ...named(4), kind: 'not-judged', why: { kind: 'commits-gone' } },
    ];
    const history = historyOf(judgements, both);
    expect(history).toMatchObject({
      same: 1,
      differing: [{ ...named(2), before: 'passed', after: 'pending' }],
      notJudged: [
        { ...named(3), why: { kind: 'not-told' } },
        { ...named(4), why: { kind: 'commits-gone' } },
      ],
      rego: 'none',
    });
    expect(history.same + history.differing.length + history.notJudged.length).toBe(judgements.length);
    expect(historyOf([], { ...both, after: policy([REST], { rego: ['a.rego'] }) }).rego).toBe('not-asked');
  });

  it('is of two policies that ask for something else, wherever they stand', () => {
    expect(asksTheSame({ before: policy([REST]), after: policy([REST], { file: 'policy.yaml' }) })).toBe(true);
    expect(asksTheSame(both)).toBe(false);
    expect(asksTheSame({ before: policy([REST]), after: policy([REST], { approveCommand: 'counts' }) })).toBe(false);
    expect(bothAsked({ ...both, after: policy([SRE], { approveCommand: 'counts' }) })).toMatchObject({
      rules: [{ name: 'rest' }, { name: 'sre' }],
      approveCommand: 'counts',
    });
  });
});
