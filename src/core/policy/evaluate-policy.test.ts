import { describe, expect, it } from 'vitest';
import type { Review } from '../forge-objects.js';
import { evaluatePolicy } from './evaluate-policy.js';
import type { PolicyFacts } from './policy-facts.js';
import type { PolicyRule } from './policy-rules.js';
import { evaluate, states } from './testing/judgement.js';
import { BUMPS, REST, RULES, SRE, policy, rule } from './testing/policy-rules.js';
import { DEV, OLD, PROD, facts, review } from './testing/pull-request-facts.js';

describe('which rule decides', () => {
  const affected = (...targets: (typeof DEV)[]): Partial<PolicyFacts> => ({ affected: { targets, outside: [] } });
  const withReadme = { affected: { targets: [DEV], outside: ['README.md'] } };
  it.each([
    [
      'an image bump of dev',
      { ...affected(DEV), changes: 'image-only' },
      { sre: 'skipped', bumps: 'passed', rest: 'skipped' },
      'passed',
    ],
    ['another change of dev', { ...affected(DEV) }, { sre: 'skipped', bumps: 'skipped', rest: 'pending' }, 'pending'],
    [
      'an image bump of dev and prod',
      { ...affected(DEV, PROD), changes: 'image-only' },
      { sre: 'pending', bumps: 'passed', rest: 'skipped' },
      'pending',
    ],
    [
      'a bump that also touches a file of no target',
      { ...withReadme, changes: 'image-only' },
      { sre: 'skipped', bumps: 'passed', rest: 'pending' },
      'pending',
    ],
    [
      'nothing but files of no target',
      { affected: { targets: [], outside: ['README.md'] } },
      { sre: 'skipped', bumps: 'skipped', rest: 'pending' },
      'pending',
    ],
    [
      'nothing at all',
      { ...affected(), changes: 'none' },
      { sre: 'skipped', bumps: 'skipped', rest: 'pending' },
      'pending',
    ],
    [
      'prod, whatever kind of change',
      { ...affected(PROD), changes: 'unknown' },
      { sre: 'pending', bumps: 'skipped', rest: 'skipped' },
      'pending',
    ],
  ] as const)('%s', (_, more, expected, state) => {
    const verdict = evaluate(facts(more), RULES);
    expect(states(verdict)).toEqual(expected);
    expect(verdict.state).toBe(state);
    expect(verdict.undecided).toEqual([]);
  });

  it.each([
    ['environments', { environments: ['prod'] }, { environments: ['dev'] }],
    ['applications', { applications: ['web'] }, { applications: ['api'] }],
    ['changes', { changes: ['image-only'] as const }, {}],
    ['other changes', { changes: ['replicas-only'] as const }, {}],
  ] as const)('%s: a rule that does not fit is passed over, one that fits decides', (_, other, fitting) => {
    const rules = [rule('other', other, 'none'), rule('fitting', fitting)];
    expect(states(evaluate(facts(), rules))).toEqual({ other: 'skipped', fitting: 'pending' });
  });

  it('refuses while the affected targets are unknown', () => {
    const verdict = evaluate(facts({ affected: 'unknown' }), [rule('free', {}, 'none')]);
    expect(verdict).toMatchObject({ state: 'refused', undecided: [{ kind: 'affected-unknown' }] });
    expect(states(verdict)).toEqual({ free: 'skipped' });
  });

  it('refuses while the kind of change is unknown and would tell the rules apart', () => {
    const verdict = evaluate(facts({ changes: 'unknown' }), [BUMPS, rule('free', {}, 'none')]);
    expect(verdict.state).toBe('refused');
    expect(verdict.undecided).toEqual([
      { kind: 'condition-unknown', part: { kind: 'target', target: DEV }, rule: 'bumps', conditions: ['changes'] },
    ]);
  });

  it('refuses what no rule fits, also what lies outside of all targets', () => {
    const verdict = evaluate(facts({ affected: { targets: [DEV], outside: ['x'] } }), [
      SRE,
      rule('dev', { applications: ['api'] }, 'none'),
    ]);
    expect(verdict.state).toBe('refused');
    expect(verdict.undecided).toEqual([{ kind: 'no-rule-fits', part: { kind: 'outside' } }]);
    expect(evaluate(facts(), []).state).toBe('refused');
  });
});

describe('Rego', () => {
  const says = { package: 'main', rule: 'deny', message: 'no' };
  const evaluated = { kind: 'evaluated', deny: [], warn: [says] } as const;
  it.each([
    [[], null, 'passed'],
    [[], { kind: 'failed', message: 'm' }, 'passed'],
    [['p/*.rego'], evaluated, 'passed'],
    [['p/*.rego'], { ...evaluated, deny: [says] }, 'refused'],
    [['p/*.rego'], { kind: 'failed', message: 'm' }, 'refused'],
    [['p/*.rego'], { kind: 'tool-missing', tool: 'opa', install: 'i' }, 'refused'],
    [['p/*.rego'], null, 'refused'],
  ] as const)('%j says %j: %s', (rego, outcome, state) => {
    expect(evaluatePolicy(facts({ rego: outcome }), policy([rule('free', {}, 'none')], { rego })).state).toBe(state);
  });
});

describe('when to look again', () => {
  const since = (at: number): Partial<PolicyFacts> => ({
    targets: { 'api/dev': { kinds: [], versionStep: 'none', provenSince: { test: at } } },
  });
  const provenIn = { environment: 'test', for: 500 };
  it('is when something has been proven for long enough, or a window opens', () => {
    const again = (when: Partial<PolicyRule['when']>, more: Partial<PolicyFacts> = {}): number | null =>
      evaluate(facts(more), [rule('first', when, 'none'), REST]).reconsiderAt;
    expect(again({ provenIn }, since(900))).toBe(1400);
    expect(again({ provenIn }, since(100))).toBeNull();
    expect(again({ at: [{ text: '', days: [3], from: 60, to: 120, zone: 'UTC' }] })).toBe(3_600_000);
    expect(again({})).toBeNull();
  });
});

describe('vetoes', () => {
  const wants = (login: string, more: Partial<Review> = {}): Review =>
    review(login, { state: 'changes-requested', ...more });
  const state = (...reviews: Review[]): string => evaluate(facts({ reviews, changes: 'image-only' }), RULES).state;

  it('refuse, even where nothing else is required, whatever head they were given for', () => {
    expect(state(wants('bob'))).toBe('refused');
    expect(state(wants('bob', { commit: OLD }))).toBe('refused');
    expect(evaluate(facts({ reviews: [wants('bob')] }), RULES).vetoes).toEqual([{ login: 'bob', at: 100, url: null }]);
  });

  it('refuse when it is unknown what the person may', () => {
    expect(state(wants('stranger'))).toBe('refused');
  });

  it('count for nothing without write permission, or once withdrawn', () => {
    expect(state(wants('rita'))).toBe('passed');
    expect(state(wants('bob'), review('bob', { at: 101 }))).toBe('passed');
    expect(state(wants('bob'), review('bob', { state: 'dismissed', at: 101 }))).toBe('passed');
    expect(state(wants('bob'), review('bob', { state: 'commented', at: 101 }))).toBe('refused');
  });

  it('are for those whom the deciding rule names, where it names any', () => {
    const by = (veto: PolicyRule['veto'], login: string, more: Partial<PolicyFacts> = {}): string =>
      evaluate(facts({ reviews: [wants(login)], ...more }), [{ ...rule('free', {}, 'none'), veto }]).state;
    const readers = { users: ['rita'], teams: ['acme/sre'], permission: null };
    expect([by(readers, 'rita'), by(readers, 'bob'), by(readers, 'carl')]).toEqual(['refused', 'refused', 'passed']);
    expect(by(readers, 'carl', { teams: { 'acme/sre': 'unknown' } })).toBe('refused');
    const skipped = { ...rule('other', { draft: true }, 'none'), veto: readers };
    expect(evaluate(facts({ reviews: [wants('rita')], draft: false }), [skipped, rule('free', {}, 'none')]).state).toBe(
      'passed',
    );
  });
});
