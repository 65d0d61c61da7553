import { describe, expect, it } from 'vitest';
import type { Review } from '../forge-objects.js';
import { evaluatePolicy } from './evaluate-policy.js';
import type { OwnedPaths, PolicyFacts } from './policy-facts.js';
import { only } from './testing/judgement.js';
import { REST, policy } from './testing/policy-rules.js';
import { OLD, facts, review } from './testing/pull-request-facts.js';
import type { ApprovalsNode } from './verdict-node.js';

describe('who is left', () => {
  const SRE_ONLY = { teams: ['acme/sre'] };
  it('is nobody in an empty team, whoever approves', () => {
    expect(only([review('bob')], { from: SRE_ONLY }, { teams: { 'acme/sre': [] } })).toMatchObject({
      state: 'refused',
      whoCanStill: { people: 0 },
    });
  });
  it('is told by names, without those who count already or may not', () => {
    expect(only([review('bob')], { from: SRE_ONLY, count: 2 })).toMatchObject({
      state: 'pending',
      whoCanStill: { except: ['ann', 'bob'], people: 1 },
    });
    expect(only([], { from: SRE_ONLY, count: 3 })).toMatchObject({ state: 'refused', whoCanStill: { people: 2 } });
    const author = { author: { login: 'bob', kind: 'human' } } as const;
    expect(only([], { from: SRE_ONLY, count: 2 }, author)).toMatchObject({
      state: 'refused',
      whoCanStill: { people: 1 },
    });
  });
});

describe('CODEOWNERS', () => {
  const owned = (pattern: string, people: readonly string[], more: Partial<OwnedPaths> = {}): OwnedPaths => ({
    section: null,
    demand: 'required',
    line: 1,
    pattern,
    approvals: 1,
    owners: people.map((login) => `@${login}`),
    people,
    unreadable: [],
    ...more,
  });
  const ask = (codeOwners: PolicyFacts['codeOwners'], ...reviews: Review[]): ApprovalsNode =>
    only(reviews, { from: { codeowners: 'ask' } }, { codeOwners });
  const TWO = [owned('a/', ['bob', 'rita']), owned('b/', ['Dora'])];
  it.each([
    ['an owner of each', TWO, ['bob', 'dora'], 'passed'],
    ['an owner of one', TWO, ['rita'], 'pending'],
    ['nobody', TWO, [], 'pending'],
    ['one who owns nothing', TWO, ['carl'], 'pending'],
    ['optional owners alone', [owned('a/', ['bob']), owned('b/', ['dora'], { demand: 'optional' })], ['bob'], 'passed'],
    ['two of a section that wants two', [owned('a/', ['bob', 'rita'], { approvals: 2 })], ['bob', 'rita'], 'passed'],
    ['one of a section that wants two', [owned('a/', ['bob', 'rita'], { approvals: 2 })], ['bob'], 'pending'],
    ['files that nobody owns', [], ['bob'], 'refused'],
    ['files that only their author owns', [owned('a/', ['ann'])], ['bob'], 'refused'],
    ['another file that only the author owns', [owned('a/', ['bob']), owned('b/', ['ann'])], ['bob'], 'refused'],
    ['not readable', 'unknown', ['bob'], 'refused'],
  ] as const)('%s', (_, codeOwners, logins, state) => {
    expect(ask(codeOwners, ...logins.map((login) => review(login))).state).toBe(state);
  });

  it('can’t tell who an owner is whose people could not be read', () => {
    const team = [owned('a/', [], { owners: ['@acme/x'], unreadable: ['@acme/x'] })];
    expect(ask(team, review('bob'))).toMatchObject({
      state: 'refused',
      unknown: [{ kind: 'owner', owner: '@acme/x' }],
      discounted: [{ why: { kind: 'unknown', fact: { kind: 'owner', owner: '@acme/x' } } }],
    });
    expect(ask([...team, owned('b/', ['bob'])], review('bob')).state).toBe('pending');
  });

  it('asks them besides whom else the rule names', () => {
    const rules = { from: { users: ['carl'], codeowners: 'ask' }, not: [] } as const;
    expect(only([review('carl')], rules, { codeOwners: TWO }).state).toBe('pending');
    expect(only([review('carl'), review('bob'), review('dora')], rules, { codeOwners: TWO }).state).toBe('passed');
    expect(only([review('carl')], rules, { codeOwners: 'unknown' }).state).toBe('refused');
  });
});

describe('/approve as a comment', () => {
  const approveCommands = [review('bob', { at: 150 })];
  it('counts where the policy says so', () => {
    expect(only([], {}, { approveCommands }, 'counts')).toMatchObject({ state: 'passed' });
    expect(only([], {}, { approveCommands })).toMatchObject({
      state: 'pending',
      discounted: [{ login: 'bob', why: { kind: 'approve-command' } }],
    });
    expect(only([review('bob')], {}, { approveCommands })).toMatchObject({ state: 'passed', discounted: [] });
  });
  it('is held to the same rules as a review', () => {
    const of = (more: Partial<Review>): string =>
      only([], {}, { approveCommands: [review('bob', { ...more })] }, 'counts').state;
    expect([of({ commit: OLD }), of({ at: 49 }), of({ person: { login: 'ann', kind: 'human' } })]).toEqual(
      Array(3).fill('pending'),
    );
  });
  it('does not withdraw a request for changes', () => {
    const reviews = [review('bob', { state: 'changes-requested' })];
    const verdict = evaluatePolicy(facts({ reviews, approveCommands }), policy([REST], { approveCommand: 'counts' }));
    expect(verdict).toMatchObject({ state: 'refused', vetoes: [{ login: 'bob' }] });
  });
});
