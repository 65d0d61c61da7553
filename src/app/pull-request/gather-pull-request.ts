/** One immutable snapshot of a pull request: everything its decisions rest on, read once. */
import type { Configuration, PullRequestKind } from '../../core/configuration.js';
import type { Check, Comment, Person, PullRequest, RequiredChecks, Review } from '../../core/forge-objects.js';
import type { Plan } from '../../core/plan/plan.js';
import { evaluatePolicy } from '../../core/policy/evaluate-policy.js';
import type { Verdict } from '../../core/policy/verdict.js';
import { evaluateReadiness, PLAN_CHECK, type Readiness } from '../../core/standing/readiness.js';
import { initialState, observed, reviewedAnew, type StickyState } from '../../core/standing/sticky-state.js';
import type { App } from '../app.js';
import type { ConfiguredRepository } from './gather-repository.js';
import { readFreezes } from '../command/freeze-book.js';
import { gatherKind } from './gather-kind.js';
import { gatherPolicyFacts } from '../policy/gather-policy-facts.js';
import { cachedPlan } from '../plan/plan-pull-request.js';
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
  const now = app.clock.now();
  const known = { plan, state, reviews, comments, checks, self };
  const facts = await gatherPolicyFacts(app, repository, pullRequest, { ...known, now });
  const verdict = evaluatePolicy(facts, repository.configuration.policy);
  const freezes = await readFreezes(app, repository);
  const standing = { pullRequest, plan, verdict, checks, required, hold: state.hold, freezes, now };
  return {
    repository,
    pullRequest,
    kind,
    sticky,
    ...known,
    required,
    verdict,
    readiness: evaluateReadiness(standing),
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
