import { describe, expect, it, test } from 'vitest';
import type { Plan } from '../plan/plan.js';
import type { Readiness } from '../standing/readiness.js';
import { firstGroupBranch, parseGroupBranch, partsOfGroup } from './group-branch.js';
import { judgePart, type PartFacts } from './judge-part.js';

const SHA = '929f8209d40f77f4abc622a499c93a83babdbe64';

describe('branches of merge groups', () => {
  test.each([
    [`gh-readonly-queue/main/pr-104-${SHA}`, { base: 'main', number: 104 }],
    [`gh-readonly-queue/release/1.x/pr-7-${SHA}`, { base: 'release/1.x', number: 7 }],
    [`gh-readonly-queue/main/pr-0-${SHA}`, null],
    [`gh-readonly-queue/main/pr-7-${SHA}/x`, null],
    [`gh-readonly-queue/main/pr-7`, null],
    [`gh-readonly-queue//pr-7-${SHA}`, null],
    [`other/main/pr-7-${SHA}`, null],
    ['main', null],
  ])('%s', (branch, expected) => {
    expect(parseGroupBranch(branch)).toEqual(expected);
  });

  it('names the first as GitHub does', () => {
    const branch = firstGroupBranch({ base: 'main', number: 104 }, SHA);
    expect(branch).toBe(`gh-readonly-queue/main/pr-104-${SHA}`);
    expect(parseGroupBranch(branch)).toEqual({ base: 'main', number: 104 });
  });
});

test.each([
  ['alone', ['a'], {}, [[3, 'base', 'a']]],
  ['by rebase, with commits of its own', ['c', 'b', 'a'], {}, [[3, 'base', 'c']]],
  [
    'on others',
    ['c', 'b', 'a'],
    { a: 1, b: 2 },
    [
      [1, 'base', 'a'],
      [2, 'a', 'b'],
      [3, 'b', 'c'],
    ],
  ],
  [
    'on one nobody told of: what it brings counts as its own',
    ['c', 'b', 'a'],
    { b: 2 },
    [
      [2, 'base', 'b'],
      [3, 'b', 'c'],
    ],
  ],
  ['whatever is said of its head', ['a'], { a: 9 }, [[3, 'base', 'a']]],
] as const)('a group %s', (_, commits, heads, expected) => {
  const parts = partsOfGroup({ base: 'base', commits, number: 3, heads: new Map(Object.entries(heads)) });
  expect(parts.map(({ number, from, to }) => [number, from, to])).toEqual(expected);
});

const plan = (digest: string, more: Partial<Plan> = {}): Plan =>
  ({ digest, problems: [], targets: [], ...more }) as unknown as Plan;
const target = (app: string, digestAfter: string) => ({ target: { app, env: 'prod' }, digestBefore: 'x', digestAfter });
const READY: Readiness = { state: 'ready', head: 'h', digest: 'd' };
const facts = (more: Partial<PartFacts> = {}): PartFacts => ({
  pullRequest: { state: 'open', base: 'main' },
  base: 'main',
  plan: plan('d'),
  verdict: 'passed',
  readiness: READY,
  groupPlan: plan('d'),
  rulesChangedBy: null,
  ...more,
});
const failed = plan('f', { problems: [{ kind: 'fork' }] });

test.each<[string, Partial<PartFacts>, object]>([
  ['what was approved', {}, { kind: 'holds', digest: 'd' }],
  ['nothing that is there', { pullRequest: null }, { kind: 'gone' }],
  ['what is closed', { pullRequest: { state: 'closed', base: 'main' } }, { kind: 'gone' }],
  ['what is for another branch', { pullRequest: { state: 'open', base: 'next' } }, { kind: 'gone' }],
  ['what comes after other rules', { rulesChangedBy: 2 }, { kind: 'rules-change', by: 2 }],
  ['what is being planned', { plan: null, groupPlan: null, verdict: 'pending' }, { kind: 'planning' }],
  ['what has no plan', { plan: failed, groupPlan: null }, { kind: 'plan-failed' }],
  ['what the group was not planned for', { groupPlan: null }, { kind: 'plan-failed' }],
  ['what can’t be planned there', { groupPlan: failed }, { kind: 'group-plan-failed', plan: failed }],
  ['what waits for people', { verdict: 'pending' }, { kind: 'policy', state: 'pending' }],
  ['what is refused', { verdict: 'refused' }, { kind: 'policy', state: 'refused' }],
  [
    'a draft',
    { readiness: { state: 'blocked', blockers: [{ kind: 'draft' }] } },
    { kind: 'stopped', blockers: [{ kind: 'draft' }] },
  ],
  [
    'what waits for checks of its own head, which are not the group’s',
    { readiness: { state: 'waiting', blockers: [{ kind: 'check-pending', name: 'ci' }] } },
    { kind: 'holds', digest: 'd' },
  ],
  [
    'something else than was approved',
    {
      plan: plan('d', { targets: [target('api', '1'), target('web', '1'), target('old', '1')] as never }),
      groupPlan: plan('e', { targets: [target('api', '2'), target('web', '1'), target('new', '1')] as never }),
    },
    {
      kind: 'other-plan',
      approved: 'd',
      group: 'e',
      differing: ['api', 'old', 'new'].map((app) => ({ app, env: 'prod' })),
    },
  ],
])('judges %s', (_, more, expected) => {
  expect(judgePart(facts(more))).toEqual(expected);
});
