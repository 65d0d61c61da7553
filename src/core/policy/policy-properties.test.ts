/** What holds of every verdict, whatever the facts and the policy. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVERYONE_WITH_WRITE } from '../configuration.js';
import type { Check, Review } from '../forge-objects.js';
import { evaluatePolicy } from './evaluate-policy.js';
import { NOTHING_KNOWN, type PolicyFacts } from './policy-facts.js';
import type { Policy, PolicyRule, Requirement } from './policy-rules.js';
import { NOBODY, policy, rule } from './testing/policy-rules.js';
import { DEV, HEAD, OLD, PROD, facts, review } from './testing/pull-request-facts.js';

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
