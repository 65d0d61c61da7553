import { describe, expect, it, test } from 'vitest';
import type { Check } from '../forge-objects.js';
import { NO_FREEZES, type Freeze, type FreezeBook } from '../standing/freeze.js';
import { check, commit } from '../testing/forge-objects.js';
import { evaluateGates, type GateFacts } from './gates.js';

const source = commit({ committedAt: 1000 });

describe('gates', () => {
  const at = (checks: string[], soak: number, facts: Partial<GateFacts>) =>
    evaluateGates(
      { checks, soak },
      { source, checks: [], now: 1000, others: [], destination: 'prod', freezes: NO_FREEZES, ...facts },
    );

  test.each<[string, Check[], string]>([
    ['none reported', [], 'pending'],
    ['none that matches', [check('cd/x', 'success')], 'pending'],
    ['green', [check('ci/a', 'success')], 'passed'],
    ['green beside another that failed', [check('ci/a', 'success'), check('cd/x', 'failure')], 'passed'],
    ['one running', [check('ci/a', 'success'), check('ci/b', 'pending')], 'pending'],
    ['one failed', [check('ci/a', 'success'), check('ci/b', 'failure')], 'failed'],
    ['one failed, one running', [check('ci/a', 'pending'), check('ci/b', 'failure')], 'failed'],
    ['one without a verdict', [check('ci/a', 'success'), check('ci/b', 'neutral')], 'passed'],
    ['only one without a verdict', [check('ci/b', 'neutral')], 'pending'],
    ['a name that goes deeper than the glob', [check('ci/a/b', 'success')], 'pending'],
  ])('checks: %s', (_what, checks, state) => {
    expect(at(['ci/*'], 0, { checks }).state).toBe(state);
  });

  test.each<[number, number, string, number | null]>([
    [0, 1000, 'passed', null],
    [500, 1000, 'pending', 1500],
    [500, 1499, 'pending', 1500],
    [500, 1500, 'passed', null],
    [500, 900, 'pending', 1500],
  ])('soak of %i at %i is %s', (soak, now, state, recheckAt) => {
    expect(at([], soak, { now })).toMatchObject({ state, recheckAt });
  });

  it('waits while the destination is frozen, or nobody knows whether it is', () => {
    const freeze = { env: 'prod', by: 'alice', at: 0, until: 1200, reason: 'audit' };
    const frozen = (over: Partial<Freeze>): FreezeBook => ({ kind: 'read', freezes: [{ ...freeze, ...over }] });
    expect(at([], 500, { freezes: frozen({}) })).toMatchObject({ state: 'pending', recheckAt: 1200 });
    expect(at([], 0, { freezes: frozen({ until: null }) })).toMatchObject({ state: 'pending', recheckAt: null });
    expect(at([], 0, { freezes: frozen({ env: 'test' }) }).state).toBe('passed');
    expect(at([], 0, { freezes: frozen({}), now: 1500 }).state).toBe('passed');
    expect(at([], 0, { freezes: { kind: 'unreadable', why: 'deleted' } }).state).toBe('pending');
  });

  it('waits for other sources, and says each condition for itself', () => {
    const result = at(['ci/*', 'cd/*'], 500, {
      checks: [check('ci/a', 'failure')],
      others: [
        { environment: 'perf', holds: 'other' },
        { environment: 'qa', holds: 'same' },
      ],
    });
    expect(result.state).toBe('failed');
    expect(result.conditions.map((each) => `${each.kind} ${each.state}`)).toEqual([
      'checks failed',
      'checks pending',
      'soak pending',
      'agreement pending',
      'agreement passed',
    ]);
    expect(at([], 0, {})).toEqual({ state: 'passed', conditions: [], recheckAt: null });
  });
});
