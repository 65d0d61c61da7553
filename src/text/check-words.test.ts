import { expect, test } from 'vitest';
import { endedQueueCheck, mergingCheck, planCheck, policyCheck } from './check-words.js';
import { blockers } from './testing/blockers.js';
import { verdict } from './testing/pending-verdict.js';
import { plan } from './testing/small-plan.js';

test('says of a plan that is made that it waits, and so does the policy', () => {
  expect(planCheck(null, null, 'bubblewrap')).toMatchObject({ state: 'pending', title: 'The plan is being made' });
  expect(policyCheck(null, verdict())).toMatchObject({ state: 'pending', title: 'Waits for the plan' });
});

test('fails a plan with any problem, and says what it was rendered in', () => {
  const { state, summary } = planCheck(plan(), null, 'limits-only');
  expect([state, summary]).toEqual(['success', expect.stringContaining('without a sandbox')]);
  expect(planCheck(plan({ problems: [{ kind: 'fork' }] }), null, 'bubblewrap').state).toBe('failure');
});

test.each([
  ['passed', 'success'],
  ['pending', 'pending'],
  ['refused', 'failure'],
] as const)('a policy that says %s is a check of state %s', (state, expected) => {
  expect(policyCheck(plan(), verdict({ state })).state).toBe(expected);
});

test('the queue’s check never waits for itself, and ends with how it ended', () => {
  const ticket = { by: 'alice', at: 0, head: 'e' };
  const readiness = { state: 'waiting', blockers: blockers.slice(7, 8) } as const;
  const story = { forge: 'github', number: 7, ticket, left: null, self: 'lockkeeper', readiness, view: null } as const;
  expect(mergingCheck(story)).toMatchObject({ state: 'success', title: 'It is being merged' });
  expect(endedQueueCheck('merged')).toMatchObject({ state: 'success', title: 'Merged' });
  expect(endedQueueCheck('closed')).toMatchObject({ state: 'neutral', title: 'Closed without being merged' });
});
