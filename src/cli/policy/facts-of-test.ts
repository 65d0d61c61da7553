/** A policy test's pull request as the facts that the policy is decided from. What a test does not say is not known, or as documented. */
import type { PolicyTest } from '../../config/policy-test-shape.js';
import { ownerText, type CodeOwner, type CodeOwners } from '../../core/codeowners/code-owners.js';
import { ownersOfChange } from '../../core/codeowners/owner-demands.js';
import type { Permission, Person, Review } from '../../core/forge-objects.js';
import { targetKey } from '../../core/ids.js';
import { NOTHING_KNOWN, type OwnedPaths, type PolicyFacts, type TargetFacts } from '../../core/policy/policy-facts.js';
import { policyNeeds } from '../../core/policy/policy-needs.js';
import type { Policy, PlanTrait } from '../../core/policy/policy-rules.js';
import { trailersIn } from '../../core/policy/trailers.js';

export interface TestGround {
  readonly policy: Policy;
  readonly codeOwners: CodeOwners | null;
}

/** Shas of a test's heads, made to be told apart by people. */
export const HEAD = 'a'.repeat(40);
const SAME_PLAN = 'b'.repeat(40);
const EARLIER = 'c'.repeat(40);
/** 2026-01-05T12:00:00Z, a Monday. */
const USUAL_TIME = Date.UTC(2026, 0, 5, 12);
const HOUR = 3_600_000;
const DIGEST = 'plan-of-now';

export function factsOfTest(test: PolicyTest, ground: TestGround): PolicyFacts {
  const now = test.at ?? USUAL_TIME;
  const all = (test.reviews ?? []).map((review) => ({ review: reviewOf(review, now), by: review }));
  const reviews = all.filter(({ by }) => by['by-command'] !== true).map(({ review }) => review);
  const approveCommands = all.filter(({ by }) => by['by-command'] === true).map(({ review }) => review);
  return {
    ...NOTHING_KNOWN,
    ...pullRequestFacts(test),
    ...planFactsOf(test, ground.policy, now),
    now,
    reviews,
    approveCommands,
    planSince: now - HOUR,
    earlierHeads: [
      { head: SAME_PLAN, digest: DIGEST, since: 0, after: 'neutral' },
      { head: EARLIER, digest: 'plan-of-then', since: 0, after: 'work' },
    ],
    permissions: permissionsOf(test),
    teams: Object.fromEntries(test.teams ?? []),
    approversOf: Object.fromEntries(test['approvers-of'] ?? []),
    codeOwners: ownersOf(test, ground),
    checks: (test.checks ?? []).map(([name, state]) => ({ name, state, description: '', url: null })),
    rego: regoOf(test, ground.policy),
  };
}

function pullRequestFacts(test: PolicyTest): Partial<PolicyFacts> & Pick<PolicyFacts, 'head'> {
  const given = test['pull-request'];
  const author = authorOf(test);
  return {
    head: HEAD,
    author,
    base: or(given?.branch, 'main'),
    title: or(given?.title, ''),
    trailers: trailersIn(or(given?.description, '')).map(({ value }) => value),
    labels: or(given?.labels, []),
    draft: or(given?.draft, false),
    ...changeFacts(test),
    signed: or<boolean | 'unknown'>(given?.signed, 'unknown'),
    committers: or(given?.committers, [author.login]).map((login) => ({
      login,
      email: `${login}@example.test`,
      roles: ['author', 'committer'],
    })),
    promotion: or<PolicyFacts['promotion']>(given?.promotion, 'none'),
  };
}

function authorOf(test: PolicyTest): Person {
  const given = test['pull-request'];
  return { login: or(given?.author, 'author'), kind: given?.bot === true ? 'bot' : 'human' };
}

function changeFacts(test: PolicyTest): Pick<PolicyFacts, 'files' | 'size'> {
  const given = test['pull-request'];
  const lines = or<number | 'unknown'>(given?.lines, 'unknown');
  const files = given?.files ?? null;
  if (files === null) return { files: 'unknown', size: { files: 'unknown', lines } };
  return { files: { paths: files, extent: 'all' }, size: { files: files.length, lines } };
}

/** What a test says, or what holds where it is silent. */
function or<T>(said: T | null | undefined, otherwise: T): T {
  return said ?? otherwise;
}

function planFactsOf(test: PolicyTest, policy: Policy, now: number): Partial<PolicyFacts> {
  // Where some environments are named, the others do not run it.
  const elsewhere = Object.fromEntries(policyNeeds(policy).provenIn.map((environment) => [environment, null] as const));
  const targets = (test.plan?.targets ?? []).map(({ app, env, ...facts }) => ({ name: { app, env }, facts }));
  return {
    digest: DIGEST,
    affected: { targets: targets.map(({ name }) => name), outside: test.plan?.outside ?? [] },
    targets: Object.fromEntries(
      targets.map(({ name, facts }): [string, TargetFacts] => {
        const proven = facts['proven-in']?.map(([environment, time]) => [environment, now - time] as const);
        return [
          targetKey(name),
          {
            kinds: facts.kinds ?? 'unknown',
            versionStep: facts['version-step'] ?? 'unknown',
            provenSince: proven === undefined ? {} : { ...elsewhere, ...Object.fromEntries(proven) },
          },
        ];
      }),
    ),
    changes: test.plan?.changes ?? 'other',
    traits: (test.plan?.traits ?? []).filter((trait): trait is PlanTrait => !/^(image|replicas)-only$/.test(trait)),
    cost: test.plan?.cost ?? 'unknown',
  };
}

type ReviewInTest = NonNullable<PolicyTest['reviews']>[number];

const COMMITS = { head: HEAD, 'same-plan': SAME_PLAN, 'earlier-head': EARLIER, 'earlier-plan': HEAD } as const;

function reviewOf({ by, state, bot, at }: ReviewInTest, now: number): Review {
  const when = at ?? 'head';
  return {
    person: { login: by, kind: bot === true ? 'bot' : 'human' },
    state: state ?? 'approved',
    commit: COMMITS[when],
    // The plan is as it is since an hour ago.
    at: now - (when === 'earlier-plan' ? 2 * HOUR : HOUR / 2),
    url: null,
  };
}

/** Everyone who is named may write, unless the test says otherwise. */
function permissionsOf(test: PolicyTest): Readonly<Record<string, Permission>> {
  const given = test['pull-request'];
  const named = [
    authorOf(test).login,
    ...(given?.committers ?? []),
    ...(test.reviews ?? []).map(({ by }) => by),
    ...(test.teams ?? []).flatMap(([, members]) => members),
    ...(test['approvers-of'] ?? []).flatMap(([, approvers]) => approvers),
  ];
  const pairs = [...named.map((login) => [login, 'write'] as const), ...(test.permissions ?? [])];
  return Object.fromEntries(pairs.map(([login, permission]) => [login.toLowerCase(), permission]));
}

function ownersOf(test: PolicyTest, { codeOwners }: TestGround): readonly OwnedPaths[] | 'unknown' {
  const files = test['pull-request']?.files ?? null;
  if (files === null) return 'unknown';
  if (codeOwners === null) return [];
  const teams = new Map(test.teams ?? []);
  return ownersOfChange(codeOwners, files).demands.map(({ owners, section, demand, line, pattern, approvals }) => {
    const meant = owners.map((owner) => ({ owner, people: peopleOf(owner, teams) }));
    return {
      section,
      demand,
      line,
      pattern,
      approvals,
      owners: owners.map(ownerText),
      people: [...new Set(meant.flatMap(({ people }) => people ?? []))],
      unreadable: meant.flatMap(({ owner, people }) => (people === null ? [ownerText(owner)] : [])),
    };
  });
}

/** Null: the test does not say who that is. */
function peopleOf(owner: CodeOwner, teams: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  switch (owner.kind) {
    case 'user':
      return [owner.login];
    case 'team':
      return teams.get(owner.team) ?? null;
    case 'user-or-team':
      return teams.get(owner.name) ?? [owner.name];
    case 'email':
    case 'role':
      return null;
  }
}

function regoOf({ denied }: PolicyTest, { rego }: Policy): PolicyFacts['rego'] {
  if (rego.length === 0) return null;
  const deny = (denied ?? []).map((message) => ({ package: 'test', rule: 'deny', message }));
  return { kind: 'evaluated', deny, warn: [] };
}
