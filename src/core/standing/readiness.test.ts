import { describe, expect, it, test } from 'vitest';
import type { Check, PullRequest, RequiredChecks } from '../forge-objects.js';
import type { Plan } from '../plan/plan.js';
import type { Verdict } from '../policy/verdict.js';
import { check } from '../testing/forge-objects.js';
import { NO_FREEZES, type Freeze, type FreezeBook } from './freeze.js';
import {
  evaluateChecks,
  evaluateReadiness,
  withHold,
  type Blocker,
  type Readiness,
  type ReadinessFacts,
  obstacles,
} from './readiness.js';

const pullRequest = {
  number: 7,
  state: 'open',
  readiness: 'ready',
  head: { branch: 'b', sha: 'h1', origin: 'same-repository' },
} as PullRequest;
const plan = { digest: 'd1', problems: [], targets: [{ target: { app: 'api', env: 'prod' } }] } as unknown as Plan;
const verdict = (state: Verdict['state']): Verdict => ({
  state,
  rules: [],
  undecided: [],
  vetoes: [],
  rego: null,
  reconsiderAt: null,
});
const required = (...names: string[]): RequiredChecks => ({ names, extent: 'named-only' });
const HOLD = { by: 'alice', at: 1, reason: null };
const FREEZE: Freeze = { env: 'prod', by: 'bob', at: 1, until: null, reason: 'audit' };
const frozen = (over: Partial<Freeze>): FreezeBook => ({ kind: 'read', freezes: [{ ...FREEZE, ...over }] });
const facts = (over: Partial<ReadinessFacts> = {}): ReadinessFacts => ({
  pullRequest,
  plan,
  verdict: verdict('passed'),
  checks: [],
  required: required(),
  hold: null,
  freezes: NO_FREEZES,
  now: 1000,
  ...over,
});

describe('evaluateReadiness', () => {
  it('is ready with the head and digest it was judged by', () => {
    expect(evaluateReadiness(facts())).toEqual({ state: 'ready', head: 'h1', digest: 'd1' });
  });

  const every: RequiredChecks = { names: ['ci'], extent: 'every-reported' };
  test.each<[string, Partial<ReadinessFacts>, 'ready' | 'waiting' | 'blocked', Blocker[]]>([
    ['closed', { pullRequest: { ...pullRequest, state: 'closed' } }, 'blocked', [{ kind: 'closed' }]],
    ['merged', { pullRequest: { ...pullRequest, state: 'merged' } }, 'blocked', [{ kind: 'closed' }]],
    ['a draft', { pullRequest: { ...pullRequest, readiness: 'draft' } }, 'blocked', [{ kind: 'draft' }]],
    ['held', { hold: HOLD }, 'blocked', [{ kind: 'held', hold: HOLD }]],
    [
      'frozen',
      { freezes: frozen({ env: 'prod' }) },
      'blocked',
      [{ kind: 'frozen', freeze: { ...FREEZE, env: 'prod' } }],
    ],
    ['another environment frozen', { freezes: frozen({ env: 'test' }) }, 'ready', []],
    ['frozen until now', { freezes: frozen({ until: 1000 }) }, 'ready', []],
    [
      'frozen for a moment',
      { freezes: frozen({ until: 1001 }) },
      'blocked',
      [{ kind: 'frozen', freeze: { ...FREEZE, until: 1001 } }],
    ],
    [
      'nobody knows what is frozen',
      { freezes: { kind: 'unreadable', why: 'deleted' } },
      'blocked',
      [{ kind: 'freezes-unknown', why: 'deleted' }],
    ],
    [
      'nobody knows, and it touches no environment',
      { freezes: { kind: 'unreadable', why: 'deleted' }, plan: { ...plan, targets: [] } },
      'ready',
      [],
    ],
    ['no plan yet', { plan: null }, 'waiting', [{ kind: 'plan-missing' }]],
    ['a failed plan', { plan: { ...plan, problems: [{ kind: 'fork' }] } }, 'blocked', [{ kind: 'plan-failed' }]],
    [
      'a conflict',
      { plan: { ...plan, problems: [{ kind: 'conflict', paths: [] }] } },
      'blocked',
      [{ kind: 'conflict' }],
    ],
    ['a pending policy', { verdict: verdict('pending') }, 'blocked', [{ kind: 'policy-pending' }]],
    ['a refusing policy', { verdict: verdict('refused') }, 'blocked', [{ kind: 'policy-refused' }]],
    ['a required check not reported', { required: required('ci') }, 'waiting', [{ kind: 'check-pending', name: 'ci' }]],
    [
      'a required check that runs',
      { required: required('ci'), checks: [check('ci', 'pending')] },
      'waiting',
      [{ kind: 'check-pending', name: 'ci' }],
    ],
    [
      'a required check that failed',
      { required: required('ci'), checks: [check('ci', 'failure')] },
      'blocked',
      [{ kind: 'check-failed', name: 'ci' }],
    ],
    ['a required check that succeeded', { required: required('ci'), checks: [check('ci', 'success')] }, 'ready', []],
    ['a required check without a verdict', { required: required('ci'), checks: [check('ci', 'neutral')] }, 'ready', []],
    [
      'another check that failed',
      { required: required('ci'), checks: [check('ci', 'success'), check('lint', 'failure')] },
      'ready',
      [],
    ],
    [
      'another check, where every one counts',
      { required: every, checks: [check('ci', 'success'), check('lint', 'failure'), check('e2e', 'pending')] },
      'blocked',
      [
        { kind: 'check-failed', name: 'lint' },
        { kind: 'check-pending', name: 'e2e' },
      ],
    ],
    [
      'its own checks, known better here',
      { required: required('lockkeeper/plan', 'lockkeeper/policy'), checks: [check('lockkeeper/plan', 'failure')] },
      'ready',
      [],
    ],
    [
      'its own checks, where every one counts',
      { required: { names: [], extent: 'every-reported' }, checks: [check('lockkeeper/policy', 'pending')] },
      'ready',
      [],
    ],
    [
      'what passes beside what does not',
      { plan: null, verdict: verdict('refused'), required: required('ci') },
      'blocked',
      [{ kind: 'policy-refused' }, { kind: 'plan-missing' }, { kind: 'check-pending', name: 'ci' }],
    ],
    [
      'what passes only',
      { plan: null, required: required('ci') },
      'waiting',
      [{ kind: 'plan-missing' }, { kind: 'check-pending', name: 'ci' }],
    ],
  ])('%s', (_what, over, state, blockers) => {
    const readiness = evaluateReadiness(facts(over));
    expect(readiness.state).toBe(state);
    expect('blockers' in readiness ? readiness.blockers : []).toEqual(blockers);
  });

  it('is held or not at once, as if judged anew', () => {
    const place = { head: 'h1', plan };
    for (const over of [{}, { required: required('ci') }, { verdict: verdict('refused') }] as const) {
      const free = evaluateReadiness(facts(over));
      const held = evaluateReadiness(facts({ ...over, hold: HOLD }));
      const sorted = (readiness: Readiness) => ({
        ...readiness,
        blockers: 'blockers' in readiness ? readiness.blockers.map(({ kind }) => kind).toSorted() : [],
      });
      expect(sorted(withHold(free, HOLD, place))).toEqual(sorted(held));
      expect(sorted(withHold(held, null, place))).toEqual(sorted(free));
      expect(withHold(free, null, place)).toEqual(free);
    }
  });
});

test.each<[string, readonly Blocker['kind'][], readonly Blocker['kind'][]]>([
  ['a hold, and not the check that still runs', ['held', 'check-pending'], ['held']],
  ['a conflict, and not the policy that can’t be judged for it', ['policy-refused', 'conflict'], ['conflict']],
  ['a plan that failed, likewise', ['policy-pending', 'plan-failed', 'check-failed'], ['plan-failed', 'check-failed']],
  ['the policy of what is planned', ['policy-refused', 'check-failed'], ['policy-refused', 'check-failed']],
  ['all there is, where it is nothing else', ['policy-pending', 'plan-missing'], ['policy-pending', 'plan-missing']],
])('what stands in the way: %s', (_what, kinds, telling) => {
  const blockers = kinds.map((kind) => ({ kind }) as Blocker);
  expect(obstacles(blockers).map(({ kind }) => kind)).toEqual(telling);
});

describe('the checks of a commit that is nobody’s head', () => {
  const every: RequiredChecks = { names: [], extent: 'every-reported' };
  const own = check('lockkeeper/queue', 'pending');
  test.each<[string, readonly Check[], RequiredChecks, string]>([
    ['nothing is required', [], required(), 'passed'],
    ['what is required is not reported', [check('lint', 'success')], required('ci'), 'pending'],
    ['it runs', [check('ci', 'pending')], required('ci'), 'pending'],
    ['it failed', [check('ci', 'failure'), check('e2e', 'pending')], required('ci', 'e2e'), 'failed'],
    ['it succeeded', [check('ci', 'success'), check('lint', 'failure')], required('ci'), 'passed'],
    ['whatever is reported counts, and nothing is', [own], every, 'pending'],
    ['whatever is reported counts', [own, check('lint', 'success')], every, 'passed'],
    ['whatever is reported counts, and failed', [check('lint', 'failure')], every, 'failed'],
  ])('%s', (_what, checks, demanded, result) => {
    expect(evaluateChecks({ checks, required: demanded, silence: 'pending' })).toBe(result);
  });
});
