/** One immutable snapshot of a pull request: everything its decisions rest on, read once. */
import type { PullRequestKind } from '../../core/configuration.js';
import type { Check, Comment, Person, PullRequest, RequiredChecks, Review } from '../../core/forge-objects.js';
import type { Plan } from '../../core/plan/plan.js';
import { evaluatePolicy } from '../../core/policy/evaluate-policy.js';
import type { Verdict } from '../../core/policy/verdict.js';
import { mergeMode } from '../../core/queue/merge-mode.js';
import { evaluateReadiness, type Readiness } from '../../core/standing/readiness.js';
import { rememberedState } from '../../core/standing/remembered-state.js';
import { observed, type StickyState } from '../../core/standing/sticky-state.js';
import { usablePlan } from '../../core/standing/usable-plan.js';
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

/** `listed`: what this job has read of it already. */
export async function gatherPullRequest(
  app: App,
  repository: ConfiguredRepository,
  pullRequest: PullRequest,
  listed: Pick<Snapshot, 'comments'> | null = null,
): Promise<Snapshot> {
  const { forge } = repository;
  const self = await forge.people.self();
  const { comments } = listed ?? {
    comments: await forge.comments.list(pullRequest.repository, pullRequest.number),
  };
  const sticky = readSticky(app, pullRequest, { comments, self });
  const head = pullRequest.head.sha;
  const plan = usablePlan(await cachedPlan(app, pullRequest, repository.tip), head, sticky?.state.trustedHead ?? null);
  const reviews = await forge.pullRequests.reviews(pullRequest.repository, pullRequest.number);
  const kind = await gatherKind(app, repository, pullRequest, self);
  const [checks, required] = await Promise.all([
    forge.checks.list(pullRequest.repository, pullRequest.head.sha),
    forge.checks.required(pullRequest.repository, pullRequest.base),
  ]);
  const remembered = rememberedState({ sticky: sticky?.state ?? null, head, checks, reviews });
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
    merge: mergeMode({ environments: repository.configuration.environments, kind, plan }),
  };
}
