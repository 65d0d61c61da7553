import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVERYONE_WITH_WRITE } from '../configuration.js';
import type { Review } from '../forge-objects.js';
import { evaluatePolicy } from './evaluate-policy.js';
import { needsOfPolicy } from './needs-of-policy.js';
import { loginOfNoreplyAddress, NOTHING_KNOWN, reviewersOf, type PolicyFacts } from './policy-facts.js';
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
  const anyFacts = fc
    .record({
      targets: fc.subarray([DEV, PROD]),
      outside: fc.subarray(['README.md']),
      changes: fc.constantFrom<PolicyFacts['changes']>('none', 'image-only', 'replicas-only', 'other', 'unknown'),
      reviews: fc.array(anyReview, { maxLength: 8 }),
      planSince: fc.constantFrom(50, 'unknown' as const),
    })
    .map(({ targets, outside, ...more }) => facts({ affected: { targets, outside }, ...more }));

  it('an added approval never takes a pass away', () => {
    fc.assert(
      fc.property(anyFacts, anyReview, (before, added) => {
        const after = { ...before, reviews: [...before.reviews, { ...added, state: 'approved' as const }] };
        if (evaluate(before, RULES).state === 'passed') expect(evaluate(after, RULES).state).toBe('passed');
      }),
      { numRuns: 3000 },
    );
  });

  it('the order of reviews of different people does not matter', () => {
    fc.assert(
      fc.property(anyFacts, fc.infiniteStream(fc.nat()), (given, numbers) => {
        const order = new Map(given.reviews.map(({ person }) => [person.login, numbers.next().value ?? 0]));
        const regrouped = given.reviews.toSorted(
          (a, b) => (order.get(a.person.login) ?? 0) - (order.get(b.person.login) ?? 0),
        );
        expect(evaluate({ ...given, reviews: regrouped }, RULES)).toEqual(evaluate(given, RULES));
      }),
    );
  });

  it('a fact made unknown never makes it pass', () => {
    const hide = fc.constantFrom<Partial<PolicyFacts>>(
      { author: 'unknown' },
      { committers: 'unknown' },
      { affected: 'unknown' },
      { changes: 'unknown' },
      { planSince: 'unknown' },
      { permissions: {} },
      { teams: {} },
    );
    fc.assert(
      fc.property(anyFacts, hide, (given, hidden) => {
        const after = evaluate({ ...given, ...hidden }, RULES);
        if (evaluate(given, RULES).state !== 'passed') expect(after.state).not.toBe('passed');
      }),
      { numRuns: 3000 },
    );
  });
});

describe('what must be gathered', () => {
  it('names reviewers and teams once', () => {
    expect(reviewersOf([review('Bob'), review('bob'), review('x', { state: 'commented' })])).toEqual(['bob']);
    expect(needsOfPolicy(policy([SRE, SRE, BUMPS])).teams).toEqual(['acme/sre']);
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
