import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVERYONE_WITH_WRITE } from '../configuration.js';
import type { Check, Review } from '../forge-objects.js';
import { approvalsIn } from './approvals-in.js';
import { evaluatePolicy } from './evaluate-policy.js';
import { policyNeeds } from './policy-needs.js';
import {
  loginOfNoreplyAddress,
  NOTHING_KNOWN,
  reviewersOf,
  type CommitRole,
  type Committer,
  type EarlierHead,
  type OwnedPaths,
  type PolicyFacts,
} from './policy-facts.js';
import { ANYTHING, type ApprovalsRequirement, type Policy, type PolicyRule, type Requirement } from './policy-rules.js';
import type { ApprovalsNode } from './verdict-node.js';
import type { Verdict } from './verdict.js';

const HEAD = 'h'.repeat(40);
const OLD = 'o'.repeat(40);
const DEV = { app: 'api', env: 'dev' };
const PROD = { app: 'api', env: 'prod' };

const review = (login: string, more: Partial<Review> = {}): Review => ({
  person: { login, kind: 'human' },
  state: 'approved',
  commit: HEAD,
  at: 100,
  url: null,
  ...more,
});

const facts = (more: Partial<PolicyFacts> = {}): PolicyFacts => ({
  ...NOTHING_KNOWN,
  now: 1000,
  head: HEAD,
  author: { login: 'ann', kind: 'human' },
  committers: [{ login: 'carl', email: 'carl@example.test', roles: ['author'] }],
  affected: { targets: [DEV], outside: [] },
  changes: 'other',
  reviews: [],
  planSince: 50,
  permissions: {
    ann: 'write',
    bob: 'write',
    carl: 'write',
    dora: 'maintain',
    rita: 'read',
    noel: 'none',
    bot: 'write',
  },
  teams: { 'acme/sre': ['bob', 'Dora'] },
  ...more,
});

type Approvals = Omit<Partial<ApprovalsRequirement>, 'from' | 'kind'> & {
  from?: Partial<ApprovalsRequirement['from']>;
};
const NOBODY = { users: [], teams: [], permission: null, codeowners: 'ignore' } as const;
const approvals = ({ from, ...more }: Approvals = {}): ApprovalsRequirement => ({
  kind: 'approvals',
  count: 1,
  from: from === undefined ? { ...EVERYONE_WITH_WRITE, codeowners: 'ignore' } : { ...NOBODY, ...from },
  not: [{ kind: 'author' }],
  ...more,
});
const rule = (
  name: string,
  when: Partial<PolicyRule['when']>,
  require: Approvals | Requirement | 'none' = {},
): PolicyRule => ({
  name,
  when: { ...ANYTHING, ...when },
  require: require === 'none' ? { kind: 'none' } : 'kind' in require ? require : approvals(require),
  veto: EVERYONE_WITH_WRITE,
});
const policy = (rules: readonly PolicyRule[], more: Partial<Policy> = {}): Policy => ({
  rules,
  rego: [],
  approveCommand: 'does-not-count',
  ...more,
});
const evaluate = (given: PolicyFacts, rules: readonly PolicyRule[]): Verdict => evaluatePolicy(given, policy(rules));

const REST = rule('rest', {});
const SRE = rule('sre', { environments: ['prod'] }, { count: 2, from: { teams: ['acme/sre'] } });
const BUMPS = rule('bumps', { environments: ['dev'], changes: ['image-only'] }, 'none');
const RULES = [SRE, BUMPS, REST];

const states = (verdict: Verdict): Readonly<Record<string, string>> =>
  Object.fromEntries(verdict.rules.map(({ name, state }) => [name, state]));
const only = (
  reviews: readonly Review[],
  rules: Approvals = {},
  more: Partial<PolicyFacts> = {},
  approveCommand: Policy['approveCommand'] = 'does-not-count',
): ApprovalsNode => {
  const [result] = evaluatePolicy(
    facts({ reviews, ...more }),
    policy([rule('one', {}, rules)], { approveCommand }),
  ).rules;
  if (result?.requirement?.kind !== 'approvals') throw new Error('one rule gives one result');
  return result.requirement;
};

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

describe('other requirements', () => {
  const stateOf = (require: Requirement, more: Partial<PolicyFacts> = {}): string =>
    evaluate(facts(more), [rule('one', {}, require)]).state;
  const check = (name: string, state: Check['state']): Check => ({ name, state, description: '', url: null });
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

describe('properties', () => {
  const someone = fc.constantFrom('ann', 'bob', 'carl', 'dora', 'rita', 'noel', 'stranger');
  const anyReview = fc
    .record({
      login: someone,
      state: fc.constantFrom<Review['state']>('approved', 'changes-requested', 'commented', 'dismissed'),
      commit: fc.constantFrom(HEAD, OLD, null),
      at: fc.integer({ min: 0, max: 200 }),
    })
    .map(({ login, ...more }) => review(login, more));
  const orUnknown = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | 'unknown'> =>
    fc.oneof({ weight: 4, arbitrary: value }, fc.constant('unknown' as const));
  const anyOwned = fc.record({
    section: fc.constant(null),
    demand: fc.constantFrom('required' as const, 'optional' as const),
    line: fc.constant(1),
    pattern: fc.constant('*'),
    approvals: fc.integer({ min: 1, max: 2 }),
    owners: fc.constant(['@x']),
    people: fc.subarray(['ann', 'bob', 'Dora', 'rita']),
    unreadable: fc.subarray(['@acme/x']),
  });
  const anyCheck = fc.record({
    name: fc.constantFrom('ci/a', 'ci/b'),
    state: fc.constantFrom<Check['state']>('pending', 'success', 'failure', 'neutral'),
    description: fc.constant(''),
    url: fc.constant(null),
  });
  const anyTarget = fc.record({
    kinds: orUnknown(fc.subarray(['Role', 'Service'])),
    versionStep: fc.constantFrom('patch', 'major', 'none', 'unknown' as const),
    provenSince: fc.constantFrom({}, { test: 0 }, { test: null }, { test: 'unknown' as const }),
  });
  const anyFacts = fc
    .record({
      targets: fc.subarray([DEV, PROD]),
      ofTargets: fc.tuple(anyTarget, anyTarget),
      outside: fc.subarray(['README.md']),
      changes: fc.constantFrom<PolicyFacts['changes']>('none', 'image-only', 'replicas-only', 'other', 'unknown'),
      traits: orUnknown(fc.subarray(['touches-rbac', 'deletes-data'] as const)),
      reviews: fc.array(anyReview, { maxLength: 8 }),
      approveCommands: fc.array(
        anyReview.map((each) => ({ ...each, state: 'approved' as const })),
        { maxLength: 2 },
      ),
      planSince: fc.constantFrom(50, 'unknown' as const),
      digest: fc.constantFrom('d1', null),
      earlierHeads: fc.subarray([{ head: OLD, digest: 'd1', since: 20, after: 'neutral' as const }]),
      codeOwners: orUnknown(fc.array(anyOwned, { maxLength: 3 })),
      checks: orUnknown(fc.array(anyCheck, { maxLength: 3 })),
      title: fc.constantFrom('OPS-1', 'fix', 'unknown' as const),
      labels: orUnknown(fc.subarray(['hotfix'])),
      draft: fc.constantFrom(true, false, 'unknown' as const),
      approversOf: fc.constantFrom({}, { test: ['bob'] }, { test: 'unknown' as const }),
    })
    .map(({ targets, ofTargets: [dev, prod], outside, ...more }) =>
      facts({ affected: { targets, outside }, targets: { 'api/dev': dev, 'api/prod': prod }, trailers: [], ...more }),
    );
  const people = fc.constantFrom(
    { ...EVERYONE_WITH_WRITE, codeowners: 'ignore' as const },
    { ...NOBODY, users: ['rita', 'bob'] },
    { ...NOBODY, teams: ['acme/sre'] },
    { ...NOBODY, codeowners: 'ask' as const },
    { ...NOBODY, users: ['carl'], codeowners: 'ask' as const },
  );
  const { requirement: anyRequirement } = fc.letrec<{ requirement: Requirement }>((tie) => ({
    requirement: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.record({
        kind: fc.constant('approvals' as const),
        count: fc.integer({ min: 1, max: 3 }),
        from: people,
        not: fc.subarray([
          { kind: 'author' as const },
          { kind: 'committers' as const },
          { kind: 'approvers-of' as const, environment: 'test' },
        ]),
      }),
      fc.constant<Requirement>({ kind: 'none' }),
      fc.constant<Requirement>({ kind: 'checks', globs: ['ci/*'] }),
      fc.constant<Requirement>({ kind: 'ticket', pattern: 'OPS' }),
      fc.record({
        kind: fc.constantFrom('all' as const, 'any' as const, 'n-of' as const),
        needed: fc.integer({ min: 1, max: 3 }),
        of: fc.array(tie('requirement'), { minLength: 1, maxLength: 3 }),
      }),
    ),
  }));
  const anyWhen = fc.constantFrom<Partial<PolicyRule['when']>>(
    {},
    { environments: ['prod'] },
    { changes: ['image-only'] },
    { changes: ['touches-rbac'] },
    { labels: { any: ['hotfix'], all: [], none: [] } },
    { draft: false },
    { kinds: ['Role'] },
    { versionStep: ['patch'] },
    { provenIn: { environment: 'test', for: 10 } },
    { title: '^fix' },
  );
  const anyPolicy = fc
    .record({
      rules: fc.array(fc.tuple(anyWhen, anyRequirement), { minLength: 1, maxLength: 4 }),
      approveCommand: fc.constantFrom<Policy['approveCommand']>('counts', 'does-not-count'),
    })
    .map(({ rules, approveCommand }) =>
      policy(
        rules.map(([when, require], index) => rule(`r${index}`, when, require)),
        { approveCommand },
      ),
    );
  const RANK = { refused: 0, pending: 1, passed: 2 } as const;

  it('an added approval never makes it worse', () => {
    fc.assert(
      fc.property(anyFacts, anyPolicy, anyReview, fc.boolean(), (before, rules, added, comment) => {
        const approval = { ...added, state: 'approved' as const };
        const after = comment
          ? { ...before, approveCommands: [...before.approveCommands, approval] }
          : { ...before, reviews: [...before.reviews, approval] };
        const [was, is] = [evaluatePolicy(before, rules).state, evaluatePolicy(after, rules).state];
        expect(RANK[is], `${was} became ${is}`).toBeGreaterThanOrEqual(RANK[was]);
      }),
      { numRuns: 3000 },
    );
  });

  it('the order of events does not matter', () => {
    const shuffled = <T>(items: readonly T[], by: readonly number[]): readonly T[] =>
      items
        .map((item, index) => [by[index % by.length] ?? 0, item] as const)
        .toSorted(([a], [b]) => a - b)
        .map(([, item]) => item);
    fc.assert(
      fc.property(anyFacts, anyPolicy, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (given, rules, by) => {
        const after = {
          ...given,
          reviews: shuffled(given.reviews, by),
          approveCommands: shuffled(given.approveCommands, by),
        };
        expect(evaluatePolicy(after, rules)).toEqual(evaluatePolicy(given, rules));
      }),
      { numRuns: 1000 },
    );
  });

  it('a fact made unknown never makes it pass', () => {
    const hide = fc.constantFrom<Partial<PolicyFacts>>(
      ...(Object.keys(NOTHING_KNOWN) as (keyof typeof NOTHING_KNOWN)[])
        // What nobody said is not a fact that could be lost.
        .filter((name) => name !== 'reviews' && name !== 'approveCommands' && name !== 'rego')
        .map((name) => ({ [name]: NOTHING_KNOWN[name] })),
    );
    fc.assert(
      fc.property(anyFacts, anyPolicy, hide, (given, rules, hidden) => {
        const after = evaluatePolicy({ ...given, ...hidden }, rules);
        if (evaluatePolicy(given, rules).state !== 'passed') expect(after.state).not.toBe('passed');
      }),
      { numRuns: 3000 },
    );
  });
});

describe('what must be gathered', () => {
  it('names reviewers and teams once', () => {
    expect(reviewersOf([review('Bob'), review('bob'), review('x', { state: 'commented' })])).toEqual(['bob']);
    expect(policyNeeds(policy([SRE, SRE, BUMPS])).teams).toEqual(['acme/sre']);
  });

  it.each([
    ['12+alice@users.noreply.github.com', 'github', 'alice'],
    ['alice@users.noreply.github.com', 'github', 'alice'],
    ['12-alice@users.noreply.github.com', 'github', '12-alice'],
    ['9+keeper[bot]@users.noreply.github.com', 'github', 'keeper[bot]'],
    ['12-alice@users.noreply.gitlab.com', 'gitlab', 'alice'],
    ['alice@example.test', 'github', null],
  ] as const)('%s on %s is %s', (email, forge, login) => {
    expect(loginOfNoreplyAddress(email, forge)).toBe(login);
  });
});
