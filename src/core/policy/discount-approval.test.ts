import { describe, expect, it } from 'vitest';
import { EVERYONE_WITH_WRITE } from '../configuration.js';
import type { CommitRole, Committer, EarlierHead, PolicyFacts } from './policy-facts.js';
import { only } from './testing/judgement.js';
import { HEAD, OLD, review } from './testing/pull-request-facts.js';

describe('which approvals count', () => {
  it.each([
    ['one with write', review('bob'), {}, {}, null],
    ['login in other letters', review('BOB'), {}, {}, null],
    ['named, with read only', review('rita'), { from: { users: ['Rita'] } }, {}, null],
    ['of the team', review('dora'), { from: { teams: ['acme/sre'] } }, {}, null],
    ['the author where the rule allows it', review('ann'), { not: [] }, {}, null],
    ['a committer where the rule allows it', review('carl'), {}, {}, null],
    ['another commit', review('bob', { commit: OLD }), {}, {}, { kind: 'not-current-head' }],
    ['commit not told', review('bob', { commit: null }), {}, {}, { kind: 'not-current-head' }],
    ['before the plan changed', review('bob', { at: 49 }), {}, {}, { kind: 'before-plan-changed' }],
    ['the author', review('Ann'), {}, {}, { kind: 'author' }],
    ['a committer', review('carl'), { not: [{ kind: 'committers' }] }, {}, { kind: 'committer' }],
    ['a bot', review('bot', { person: { login: 'bot', kind: 'bot' } }), {}, {}, { kind: 'bot' }],
    ['dismissed', review('bob', { state: 'dismissed' }), {}, {}, { kind: 'dismissed' }],
    ['no access', review('noel'), {}, {}, { kind: 'no-permission' }],
    ['named, without access', review('noel'), { from: { users: ['noel'] } }, {}, { kind: 'no-permission' }],
    ['too little permission', review('rita'), {}, {}, { kind: 'not-among' }],
    ['not of the team', review('carl'), { from: { teams: ['acme/sre'] } }, {}, { kind: 'not-among' }],
  ] as const)('%s', (_, given, require, more, why) => {
    const result = only([given], require, more);
    expect(result.countedApprovals).toHaveLength(why === null ? 1 : 0);
    expect(result.state).toBe(why === null ? 'passed' : 'pending');
    if (why !== null) expect(result.discounted).toMatchObject([{ login: given.person.login, why }]);
  });

  it.each([
    ['author', review('bob'), {}, { author: 'unknown' }, { kind: 'author' }],
    ['committers', review('bob'), { not: [{ kind: 'committers' }] }, { committers: 'unknown' }, { kind: 'committers' }],
    [
      'who approved another environment',
      review('bob'),
      { not: [{ kind: 'approvers-of', environment: 'test' }] },
      {},
      { kind: 'approvers-of', environment: 'test' },
    ],
    ['CODEOWNERS', review('rita'), { from: { codeowners: 'ask' } }, {}, { kind: 'code-owners' }],
    ['plan', review('bob'), {}, { planSince: 'unknown' }, { kind: 'plan-since' }],
    [
      'team',
      review('carl'),
      { from: { teams: ['acme/sre'] } },
      { teams: { 'acme/sre': 'unknown' } },
      { kind: 'team', team: 'acme/sre' },
    ],
  ] as const)('refuses while unknown: %s', (_, given, require, more, fact) => {
    const result = only([given], require, more as Partial<PolicyFacts>);
    expect(result).toMatchObject({ state: 'refused', countedApprovals: [], missing: 1, unknown: [fact] });
    expect(result.discounted).toMatchObject([{ why: { kind: 'unknown', fact } }]);
  });

  it.each([
    ['permission', review('bob'), {}, { permissions: { bob: 'unknown' } }, { kind: 'permission', login: 'bob' }],
    ['permission never asked for', review('constructor'), {}, {}, { kind: 'permission', login: 'constructor' }],
    [
      'a team beside others',
      review('carl'),
      { from: { users: ['dora'], teams: ['acme/sre'] } },
      { teams: { 'acme/sre': 'unknown' } },
      { kind: 'team', team: 'acme/sre' },
    ],
    [
      'an earlier head',
      review('bob', { commit: OLD }),
      {},
      { earlierHeads: [{ head: OLD, digest: 'd', since: 0, after: 'unknown' }] },
      { kind: 'earlier-head', commit: OLD },
    ],
  ] as const)('does not count, and somebody else’s may, while unknown: %s', (_, given, require, more, fact) => {
    const result = only([given], require, more as Partial<PolicyFacts>);
    expect(result).toMatchObject({ state: 'pending', countedApprovals: [], missing: 1 });
    expect(result.discounted).toMatchObject([{ why: { kind: 'unknown', fact } }]);
  });

  it('does not mind an unknown fact that it does not need', () => {
    expect(only([review('bob'), review('dora')], { count: 1 }, { permissions: { bob: 'write' } }).state).toBe('passed');
    expect(only([review('bob')], { not: [] }, { author: 'unknown', committers: 'unknown' }).state).toBe('passed');
  });

  it('counts each person once and says how many are missing and who can still help', () => {
    const result = only([review('bob'), review('BOB', { at: 120 })], {
      count: 2,
      not: [{ kind: 'author' }, { kind: 'committers' }],
    });
    expect(result).toMatchObject({
      state: 'pending',
      required: 2,
      countedApprovals: [{ login: 'BOB', commit: HEAD, at: 120 }],
      missing: 1,
      whoCanStill: { approvers: EVERYONE_WITH_WRITE, except: ['ann', 'carl', 'BOB'], people: null },
    });
  });

  it('keeps an approval through comments, and loses it by a later word', () => {
    expect(only([review('bob'), review('bob', { state: 'commented', at: 101 })]).state).toBe('passed');
    expect(only([review('bob'), review('bob', { state: 'dismissed', at: 101 })]).state).toBe('pending');
    expect(only([review('bob', { state: 'dismissed' }), review('bob', { at: 101 })]).state).toBe('passed');
  });
});

describe('approvals of earlier heads', () => {
  const earlier = (more: Partial<EarlierHead> = {}): Partial<PolicyFacts> => ({
    digest: 'd1',
    earlierHeads: [{ head: OLD, digest: 'd1', since: 50, after: 'neutral', ...more }],
  });
  it.each([
    ['the same plan, nothing but the bot and the target branch since', {}, null],
    ['another plan', { digest: 'd0' }, { kind: 'before-plan-changed' }],
    ['no plan', { digest: null }, { kind: 'before-plan-changed' }],
    ['before that head had this plan', { since: 101 }, { kind: 'before-plan-changed' }],
    ['people pushed since', { after: 'work' }, { kind: 'not-current-head' }],
    [
      'what was pushed is not known',
      { after: 'unknown' },
      { kind: 'unknown', fact: { kind: 'earlier-head', commit: OLD } },
    ],
    ['another head', { head: 'x' }, { kind: 'not-current-head' }],
  ] as const)('%s', (_, head, why) => {
    const result = only([review('bob', { commit: OLD })], {}, earlier(head));
    expect(result.state).toBe(why === null ? 'passed' : 'pending');
    expect(result.discounted.map((each) => each.why)).toEqual(why === null ? [] : [why]);
  });

  it('count for nothing while the plan of now is not there', () => {
    expect(only([review('bob', { commit: OLD })], {}, { ...earlier(), digest: null }).discounted).toMatchObject([
      { why: { kind: 'unknown', fact: { kind: 'plan-since' } } },
    ]);
  });
});

describe('whose work it is', () => {
  const commit = (login: string | null, ...roles: CommitRole[]): Committer => ({ login, email: 'x@y', roles });
  const notCommitters = { not: [{ kind: 'committers' }] } as const;
  it('tells authors, committers and co-authors apart', () => {
    const committers = [commit('Bob', 'author'), commit('bob', 'committer'), commit('dora', 'co-author')];
    expect(only([review('bob'), review('dora')], notCommitters, { committers }).discounted).toMatchObject([
      { login: 'bob', why: { kind: 'committer', roles: ['author', 'committer'] } },
      { login: 'dora', why: { kind: 'committer', roles: ['co-author'] } },
    ]);
  });

  it('takes commits of no account for somebody else’s', () => {
    expect(only([review('bob')], notCommitters, { committers: [commit(null, 'author')] }).state).toBe('passed');
  });

  it('leaves out who approved what another environment runs', () => {
    const rules = { not: [{ kind: 'approvers-of', environment: 'test' }] } as const;
    const more = { approversOf: { test: ['Bob'] } };
    expect(only([review('bob')], rules, more)).toMatchObject({
      state: 'pending',
      discounted: [{ why: { kind: 'approver-of', environment: 'test' } }],
    });
    expect(only([review('dora')], rules, more).state).toBe('passed');
  });
});
