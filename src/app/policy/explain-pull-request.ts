/** What the policy says of one pull request, and why: as it stands, or as it would if somebody approved or it were another time. Writes nothing. */
import type { PullRequest, Review } from '../../core/forge-objects.js';
import type { Instant, RepositoryId, Sha } from '../../core/ids.js';
import type { MergedPullRequest } from '../../core/last-merged.js';
import type { PlanProblem } from '../../core/plan/plan.js';
import { evaluatePolicy } from '../../core/policy/evaluate-policy.js';
import type { NotJudged } from '../../core/policy/policy-history.js';
import type { Verdict } from '../../core/policy/verdict.js';
import type { FileProblem } from '../../core/problem.js';
import type { NoExplanation } from '../../text/no-explanation-text.js';
import { forgeOf, type App } from '../app.js';
import { planNow } from '../plan/plan-pull-request.js';
import { gatherPullRequest } from '../pull-request/gather-pull-request.js';
import { gatherRepository, type ConfiguredRepository } from '../pull-request/gather-repository.js';
import { gatherMergedFacts, RenderBudget } from './gather-merged-facts.js';
import { gatherPermissions } from './gather-people.js';
import { gatherPolicyFacts } from './gather-policy-facts.js';

export interface Supposition {
  /** Logins of whom approve besides, now. */
  readonly approvedBy: readonly string[];
  /** When it is judged; null: now, or when it was merged. */
  readonly at: Instant | null;
}

export type Explanation =
  | {
      readonly kind: 'explained';
      readonly pullRequest: PullRequest;
      readonly verdict: Verdict;
      /** Of the target branch, whose policy it is. */
      readonly tip: Sha;
      readonly problems: readonly PlanProblem[];
    }
  | { readonly kind: 'impossible'; readonly why: NoExplanation }
  | { readonly kind: 'broken'; readonly branch: string; readonly problems: readonly FileProblem[] }
  | { readonly kind: 'not-judged'; readonly why: NotJudged };

/** What was merged is judged as it stood then, by the policy of now. Rejects with `Unavailable` or `Forbidden`. */
export async function explainPullRequest(
  app: App,
  repository: RepositoryId,
  number: number,
  supposition: Supposition,
): Promise<Explanation> {
  const { pullRequests } = forgeOf(app, repository);
  const pullRequest = await pullRequests.read(repository, number);
  if (pullRequest === null) return impossible({ kind: 'no-pull-request', number, repository: repository.path });
  if (pullRequest.state === 'closed') return impossible({ kind: 'closed' });
  const reading = await gatherRepository(app, repository, pullRequest.base);
  if (reading.kind === 'none-of-ours') return impossible({ ...reading, repository: repository.path });
  if (reading.kind === 'broken') return { kind: 'broken', branch: reading.branch, problems: reading.problems };
  return pullRequest.state === 'open'
    ? explainOpen(app, reading, pullRequest, supposition)
    : explainMerged(app, reading, pullRequest, supposition);
}

function impossible(why: NoExplanation): Explanation {
  return { kind: 'impossible', why };
}

async function explainOpen(
  app: App,
  reading: ConfiguredRepository,
  pullRequest: PullRequest,
  { approvedBy, at }: Supposition,
): Promise<Explanation> {
  await planNow(app, reading, pullRequest);
  const snapshot = await gatherPullRequest(app, reading, pullRequest);
  const { plan, state, self, comments, checks } = snapshot;
  const now = app.clock.now();
  const supposed = approvals(approvedBy, pullRequest, Math.max(now, state.since));
  const reviews = [...snapshot.reviews, ...supposed];
  const ground = { plan, state, self, comments, checks, reviews, now: at ?? now };
  const facts = await gatherPolicyFacts(app, reading, pullRequest, ground);
  const verdict = evaluatePolicy(facts, reading.configuration.policy);
  return { kind: 'explained', pullRequest, verdict, tip: reading.tip, problems: plan?.problems ?? [] };
}

async function explainMerged(
  app: App,
  reading: ConfiguredRepository,
  pullRequest: PullRequest,
  { approvedBy, at }: Supposition,
): Promise<Explanation> {
  const merged = await mergedWith(app, pullRequest);
  if (merged === null) return impossible({ kind: 'too-long-ago', most: MOST_LISTED });
  const self = await reading.forge.people.self();
  const found = await gatherMergedFacts(app, { repository: reading, self, budget: new RenderBudget(Infinity) }, merged);
  if (found.kind === 'not-judged') return found;
  const { facts } = found;
  const supposed = approvals(approvedBy, pullRequest, merged.mergedAt);
  const permissions = { ...facts.permissions, ...(await gatherPermissions(reading, supposed)) };
  const reviews = [...facts.reviews, ...supposed];
  const verdict = evaluatePolicy(
    { ...facts, permissions, reviews, now: at ?? facts.now },
    reading.configuration.policy,
  );
  return { kind: 'explained', pullRequest, verdict, tip: reading.tip, problems: [] };
}

/** The most that the forges list at once. */
const MOST_LISTED = 100;

/** Null: it is so long ago that the forge's listing ends before it. */
async function mergedWith(app: App, { repository, base, number }: PullRequest): Promise<MergedPullRequest | null> {
  const last = await forgeOf(app, repository).pullRequests.lastMerged(repository, { base, most: MOST_LISTED });
  return last.find((merged) => merged.number === number) ?? null;
}

function approvals(logins: readonly string[], { head }: PullRequest, at: Instant): readonly Review[] {
  return logins.map((login) => ({
    person: { login, kind: 'human' },
    state: 'approved',
    commit: head.sha,
    at,
    url: null,
  }));
}
