import { describe, expect, it } from 'vitest';
import { approvalsIn } from './approvals-in.js';
import type { PolicyFacts } from './policy-facts.js';
import type { Requirement } from './policy-rules.js';
import { check } from '../testing/forge-objects.js';
import { evaluate } from './testing/judgement.js';
import { approvals, rule } from './testing/policy-rules.js';
import { facts, review } from './testing/pull-request-facts.js';

describe('other requirements', () => {
  const stateOf = (require: Requirement, more: Partial<PolicyFacts> = {}): string =>
    evaluate(facts(more), [rule('one', {}, require)]).state;
  it.each([
    [[check('ci/a', 'success'), check('ci/b', 'success')], 'passed'],
    [[check('ci/a', 'success'), check('ci/b', 'neutral')], 'passed'],
    [[check('ci/a', 'success'), check('ci/b', 'pending')], 'pending'],
    [[check('ci/a', 'pending'), check('ci/b', 'failure')], 'refused'],
    [[check('ci/a', 'neutral')], 'pending'],
    [[check('other', 'success')], 'pending'],
    [[], 'pending'],
    ['unknown', 'refused'],
  ] as const)('checks: %j %s', (checks, state) => {
    expect(stateOf({ kind: 'checks', globs: ['ci/*'] }, { checks })).toBe(state);
  });
  it('checks of the bot itself never match', () => {
    const checks = [check('lockkeeper/plan', 'success'), check('lockkeeper/policy', 'failure')];
    expect(stateOf({ kind: 'checks', globs: ['**', 'lockkeeper/*'] }, { checks })).toBe('pending');
  });

  it.each([
    ['Fix OPS-12', 'unknown', 'passed'],
    ['Fix', ['OPS-12'], 'passed'],
    ['unknown', ['OPS-12'], 'passed'],
    ['Fix', ['OPS'], 'refused'],
    ['Fix', 'unknown', 'refused'],
    ['unknown', [], 'refused'],
  ] as const)('ticket in %s and %s: %s', (title, trailers, state) => {
    expect(stateOf({ kind: 'ticket', pattern: 'OPS-[0-9]+' }, { title, trailers })).toBe(state);
  });

  const P: Requirement = { kind: 'none' };
  const W: Requirement = approvals();
  const R: Requirement = { kind: 'ticket', pattern: 'x' };
  it.each([
    ['all', 2, [P, P], 'passed'],
    ['all', 2, [P, W], 'pending'],
    ['all', 3, [P, W, R], 'refused'],
    ['any', 1, [R, W, P], 'passed'],
    ['any', 1, [R, W], 'pending'],
    ['any', 1, [R, R], 'refused'],
    ['n-of', 2, [P, P, R], 'passed'],
    ['n-of', 2, [P, W, R], 'pending'],
    ['n-of', 2, [P, R, R], 'refused'],
    ['n-of', 2, [W, W, R], 'pending'],
  ] as const)('%s: %i of %#', (kind, needed, of, state) => {
    const group: Requirement = { kind, needed, of };
    expect(stateOf(group, { title: 'a', trailers: [] })).toBe(state);
    const [result] = evaluate(facts({ title: 'a', trailers: [] }), [rule('one', {}, group)]).rules;
    expect(result?.requirement).toMatchObject({ kind, state, needed, of: of.map((each) => ({ kind: each.kind })) });
  });

  it('names whose approvals counted wherever they stand, in the audit trail too', () => {
    const group: Requirement = { kind: 'any', needed: 1, of: [R, { kind: 'all', needed: 1, of: [W] }] };
    const verdict = evaluate(facts({ reviews: [review('bob')] }), [rule('one', {}, group)]);
    expect(approvalsIn(verdict).map(({ login }) => login)).toEqual(['bob']);
  });
});
