import { describe, expect, it, test } from 'vitest';
import type { Check } from '../forge-objects.js';
import type { Plan } from '../plan/plan.js';
import type { ApprovalsNode, DiscountReason, VerdictNode } from '../policy/verdict-node.js';
import type { Verdict } from '../policy/verdict.js';
import { restOf, type RestFacts } from './at-rest.js';

const check = (name: string, state: Check['state']): Check => ({ name, state, description: '', url: null });

const approvals = (change: Partial<ApprovalsNode> = {}): ApprovalsNode => ({
  kind: 'approvals',
  state: 'pending',
  unknown: [],
  required: 1,
  countedApprovals: [],
  discounted: [],
  missing: 1,
  owners: [],
  whoCanStill: null,
  ...change,
});

const discounted = (why: DiscountReason) => approvals({ discounted: [{ login: 'bob', commit: null, at: 1, why }] });

function verdictWith(requirement: VerdictNode | null, undecided: Verdict['undecided'] = []): Verdict {
  return {
    state: 'pending',
    rules: [{ name: 'the rest', state: 'pending', decides: [], requirement, vetoes: [], passedOver: [] }],
    undecided,
    vetoes: [],
    rego: null,
    reconsiderAt: null,
  };
}

const planWith = (problems: Plan['problems']) => ({ problems }) as Plan;

const facts: RestFacts = {
  plan: planWith([]),
  ticket: 'not-queued',
  checks: [check('ci/build', 'success'), check('ci/docs', 'neutral')],
  readiness: { state: 'blocked', blockers: [{ kind: 'policy-pending' }] },
  verdict: verdictWith(approvals()),
};

test('one that waits for people alone is at rest', () => {
  expect(restOf(facts)).toBe('at-rest');
});

test('the bot’s own checks keep nothing awake', () => {
  const checks = [check('lockkeeper/policy', 'pending'), check('lockkeeper/plan', 'failure')];
  expect(restOf({ ...facts, checks })).toBe('at-rest');
});

describe('restless is one', () => {
  const cases: readonly [string, Partial<RestFacts>][] = [
    ['without a plan', { plan: null }],
    ['in the queue', { ticket: 'queued' }],
    ['with a check that runs', { checks: [check('ci/build', 'pending')] }],
    ['with a check that may be run again', { checks: [check('ci/build', 'failure')] }],
    [
      'with a required check that nobody reported',
      { checks: [], readiness: { state: 'waiting', blockers: [{ kind: 'check-pending', name: 'ci/build' }] } },
    ],
    ['whose policy could not be told', { verdict: verdictWith(null, [{ kind: 'affected-unknown' }]) }],
    ['with a fact that could not be read', { verdict: verdictWith(approvals({ unknown: [{ kind: 'committers' }] })) }],
    ['approved by somebody who may not yet', { verdict: verdictWith(discounted({ kind: 'no-permission' })) }],
    [
      'approved by somebody who is not in the team yet',
      { verdict: verdictWith(discounted({ kind: 'not-among', approvers: {} as never })) },
    ],
    [
      'whose policies in Rego could not be evaluated',
      { verdict: { ...verdictWith(null), rego: { kind: 'failed', message: 'It took too long.' } } },
    ],
    [
      'whose policy waits for a check',
      { verdict: verdictWith({ kind: 'checks', state: 'pending', globs: [], unknown: [] }) },
    ],
    [
      'where that stands deeper',
      {
        verdict: verdictWith({
          kind: 'any',
          state: 'pending',
          needed: 1,
          of: [approvals(), { kind: 'checks', state: 'refused', globs: [], unknown: [] }],
        }),
      },
    ],
  ];
  it.each(cases)('%s', (_name, change) => {
    expect(restOf({ ...facts, ...change })).toBe('restless');
  });
});

test('a conflict ends when a branch moves, whatever is unknown until then', () => {
  const plan = planWith([{ kind: 'conflict', paths: ['apps/api/envs/dev/deployment.yaml'] }]);
  const verdict = verdictWith(null, [{ kind: 'affected-unknown' }]);
  expect(restOf({ ...facts, plan, verdict })).toBe('at-rest');
});

test('an approval that only a push could mend is no reason', () => {
  expect(restOf({ ...facts, verdict: verdictWith(discounted({ kind: 'not-current-head' })) })).toBe('at-rest');
});
