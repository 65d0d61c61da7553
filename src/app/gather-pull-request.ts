/** One immutable snapshot of a pull request: everything its decisions rest on, read once. */
import type { Configuration, PullRequestKind } from '../core/configuration.js';
import type { Check, Comment, Permission, Person, PullRequest, RequiredChecks, Review } from '../core/forge-objects.js';
import type { Instant } from '../core/ids.js';
import type { Plan } from '../core/plan/plan.js';
import { evaluatePolicy } from '../core/policy/evaluate-policy.js';
import {
  loginOfNoreplyAddress,
  NOTHING_KNOWN,
  reviewersOf,
  type Committer,
  type PolicyFacts,
} from '../core/policy/policy-facts.js';
import { needsOfPolicy } from '../core/policy/needs-of-policy.js';
import type { Verdict } from '../core/policy/verdict.js';
import { Forbidden, Unavailable } from '../core/problem.js';
import { evaluateReadiness, PLAN_CHECK, type Readiness } from '../core/standing/readiness.js';
import { initialState, observed, reviewedAnew, type StickyState } from '../core/standing/sticky-state.js';
import type { App } from './app.js';
import type { ConfiguredRepository } from './gather-repository.js';
import { readFreezes } from './freeze-book.js';
import { gatherKind } from './gather-kind.js';
import { cachedPlan } from './plan-pull-request.js';
import { readSticky, type Sticky } from './sticky-comment.js';

export interface Snapshot {
  readonly repository: ConfiguredRepository;
  readonly pullRequest: PullRequest;
  readonly kind: PullRequestKind;
  readonly self: Person;
  readonly comments: readonly Comment[];
  readonly sticky: Sticky | null;
  /** The sticky's state brought to this head and plan. */
  readonly state: StickyState;
  /** Null while it is made. */
  readonly plan: Plan | null;
  readonly reviews: readonly Review[];
  readonly checks: readonly Check[];
  readonly required: RequiredChecks;
  readonly verdict: Verdict;
  readonly readiness: Readiness;
  /** `auto` only for the bot's own pull requests all of whose environments say so. */
  readonly merge: 'auto' | 'manual';
}

export async function gatherPullRequest(
  app: App,
  repository: ConfiguredRepository,
  pullRequest: PullRequest,
): Promise<Snapshot> {
  const { forge } = repository;
  const self = await forge.people.self();
  const comments = await forge.comments.list(pullRequest.repository, pullRequest.number);
  const sticky = readSticky(app, pullRequest, { comments, self });
  const head = pullRequest.head.sha;
  const plan = usable(await cachedPlan(app, pullRequest, repository.tip), head, sticky);
  const reviews = await forge.pullRequests.reviews(pullRequest.repository, pullRequest.number);
  const kind = await gatherKind(app, repository, pullRequest, self);
  const [checks, required] = await Promise.all([
    forge.checks.list(pullRequest.repository, pullRequest.head.sha),
    forge.checks.required(pullRequest.repository, pullRequest.base),
  ]);
  const remembered = sticky?.state ?? stateWithoutSticky(head, checks, reviews);
  const state = observed(remembered, { head, digest: plan?.digest ?? null, reviews });
  const facts = await gatherPolicyFacts(repository, pullRequest, { plan, state, reviews, now: app.clock.now() });
  const verdict = evaluatePolicy(facts, repository.configuration.policy);
  return {
    repository,
    pullRequest,
    kind,
    self,
    comments,
    sticky,
    state,
    plan,
    reviews,
    checks,
    required,
    verdict,
    readiness: evaluateReadiness({
      pullRequest,
      plan,
      verdict,
      checks,
      required,
      hold: state.hold,
      freezes: await readFreezes(app, repository),
      now: app.clock.now(),
    }),
    merge: mergeMode(repository.configuration, kind, plan),
  };
}

/** A plan that says "this is a fork" is none any more once somebody has allowed this head to be rendered. */
function usable(plan: Plan | null, head: string, sticky: Sticky | null): Plan | null {
  const untrusted = plan?.problems.some((problem) => problem.kind === 'fork') ?? false;
  return untrusted && sticky?.state.trustedHead === head ? null : plan;
}

/**
 * The comment that remembers which reviews saw which plan is written before the check: where there is only the check, somebody deleted
 * the comment. Then no review so far is known to be of this plan.
 */
function stateWithoutSticky(head: string, checks: readonly Check[], reviews: readonly Review[]): StickyState {
  const reported = checks.some((check) => check.name === PLAN_CHECK);
  return reported ? reviewedAnew(initialState(head), reviews) : initialState(head);
}

/** The bot's own promotions and bumps merge by themselves where every environment they touch says `merge: auto`. */
function mergeMode(configuration: Configuration, kind: PullRequestKind, plan: Plan | null): 'auto' | 'manual' {
  if (plan === null || plan.targets.length === 0 || (kind !== 'promotion' && kind !== 'bump')) return 'manual';
  const touched = new Set(plan.targets.map((target) => target.target.env));
  const rules = configuration.environments.filter((environment) => touched.has(environment.name));
  return rules.every((environment) => environment.merge === 'auto') ? 'auto' : 'manual';
}

interface PlanAndReviews {
  readonly reviews: readonly Review[];
  readonly plan: Plan | null;
  readonly state: StickyState;
  readonly now: Instant;
}

async function gatherPolicyFacts(
  repository: ConfiguredRepository,
  pullRequest: PullRequest,
  { plan, state, reviews, now }: PlanAndReviews,
): Promise<PolicyFacts> {
  const planned = plan !== null && plan.problems.length === 0;
  return {
    ...NOTHING_KNOWN,
    now,
    head: pullRequest.head.sha,
    author: pullRequest.author,
    committers: await gatherCommitters(repository, pullRequest),
    affected: planned ? { targets: plan.targets.map((target) => target.target), outside: plan.outside } : 'unknown',
    changes: planned ? plan.changes : 'unknown',
    reviews,
    planSince: planned ? state.since : 'unknown',
    permissions: await gatherPermissions(repository, reviews),
    teams: await gatherTeams(repository),
  };
}

/** Commits whose authors are told apart, at most: past it they are unknown, and a rule that asks fails closed. */
const MAX_COMMITS = 250;

async function gatherCommitters(
  repository: ConfiguredRepository,
  pullRequest: PullRequest,
): Promise<readonly Committer[] | 'unknown'> {
  const { mirror, tip } = repository;
  if (!(await mirror.has(pullRequest.head.sha))) throw new Unavailable(`${pullRequest.head.sha} is not fetched yet`);
  const commits = await mirror.log({
    from: tip,
    to: pullRequest.head.sha,
    paths: [],
    limit: MAX_COMMITS,
    walk: 'every-commit',
  });
  if (commits.length === MAX_COMMITS) return 'unknown';
  const emails = commits.flatMap((commit) => [commit.authorEmail, commit.committerEmail]);
  return [...new Set(emails)]
    .filter((email) => email !== FORGE_COMMITTER)
    .map((email) => ({
      email,
      roles: ['author', 'committer'],
      login: loginOfNoreplyAddress(email, pullRequest.repository.forge),
    }));
}

/** GitHub's own committer of commits made through its pages and API: nobody's account. */
const FORGE_COMMITTER = 'noreply@github.com';

async function gatherPermissions(
  repository: ConfiguredRepository,
  reviews: readonly Review[],
): Promise<Readonly<Record<string, Permission>>> {
  const { people } = repository.forge;
  const logins = reviewersOf(reviews);
  const found = await Promise.all(
    logins.map(async (login) => {
      try {
        return [[login, await people.permission(repository.repository, login)] as const];
      } catch (cause) {
        // Not known counts as unknown: only the rules that rest on this person wait.
        if (cause instanceof Forbidden) return [];
        throw cause;
      }
    }),
  );
  return Object.fromEntries(found.flat());
}

async function gatherTeams(repository: ConfiguredRepository): Promise<PolicyFacts['teams']> {
  const names = needsOfPolicy(repository.configuration.policy).teams;
  const found = await Promise.all(
    names.map(
      async (team) =>
        [team, (await repository.forge.people.team(repository.repository, team)) ?? ('unknown' as const)] as const,
    ),
  );
  return Object.fromEntries(found);
}
