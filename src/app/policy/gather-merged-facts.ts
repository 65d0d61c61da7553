/**
 * What policies ask about a pull request that was merged, as it stood then: its change by git, its reviews until then, and what the bot's
 * own comment remembers of its plans. Rights and members of teams are those of now, for nobody tells of earlier ones.
 */
import { createHash } from 'node:crypto';
import type { Person } from '../../core/forge-objects.js';
import { repositoryKey, targetKey, type Sha } from '../../core/ids.js';
import type { MergedPullRequest } from '../../core/last-merged.js';
import { planFacts } from '../../core/policy/plan-facts.js';
import type { PlanFacts, PolicyFacts, TargetFacts } from '../../core/policy/policy-facts.js';
import type { NotJudged } from '../../core/policy/policy-history.js';
import { needsChecks, needsRendering, policyNeeds } from '../../core/policy/policy-needs.js';
import { Forbidden } from '../../core/problem.js';
import { initialState, observed } from '../../core/standing/sticky-state.js';
import type { App } from '../app.js';
import { planChange, touchedByChange } from '../plan/plan-change.js';
import { cachedPlan } from '../plan/plan-pull-request.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';
import { readSticky } from '../pull-request/sticky-comment.js';
import { gatherPolicyFacts } from './gather-policy-facts.js';
import { baseOfMerge } from './merged-change.js';

export interface HistoryGround {
  /** With a policy that asks for everything that is to be compared. */
  readonly repository: ConfiguredRepository;
  readonly self: Person;
  readonly budget: RenderBudget;
}

/** How many targets may still be rendered for one comparison; what was rendered before is taken from the cache all the same. */
export class RenderBudget {
  #left: number;

  constructor(targets: number) {
    this.#left = targets;
  }

  /** False, and nothing is taken, where so many are not left. */
  take(targets: number): boolean {
    if (targets > this.#left) return false;
    this.#left -= targets;
    return true;
  }
}

type MergedFacts =
  { readonly kind: 'facts'; readonly facts: PolicyFacts } | { readonly kind: 'not-judged'; readonly why: NotJudged };

/** Gathered once: what was merged does not change. Rejects with `Unavailable` while the forge does not answer. */
export async function gatherMergedFacts(
  app: App,
  ground: HistoryGround,
  merged: MergedPullRequest,
): Promise<MergedFacts> {
  const key = keyOf(ground, merged);
  const kept = await app.cache.get(key);
  if (kept !== null) return JSON.parse(kept) as MergedFacts;
  try {
    const { found, lasting } = await gather(app, ground, merged);
    if (lasting) await app.cache.put(key, JSON.stringify(found));
    return found;
  } catch (cause) {
    if (cause instanceof Forbidden) return { kind: 'not-judged', why: { kind: 'forbidden' } };
    throw cause;
  }
}

/** By all that is asked, and by all of the configuration that shapes the answers. */
function keyOf({ repository: { repository, configuration } }: HistoryGround, merged: MergedPullRequest): string {
  const { policy, ...shape } = configuration;
  const { facts, ...names } = policyNeeds(policy);
  const asked = [[...facts].sort(), names, needsChecks(policy), needsRendering(policy), policy.file ?? '', shape];
  const digest = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
  return `merged-facts/1/${repositoryKey(repository)}#${String(merged.number)}/${merged.mergeCommit ?? ''}/${digest}`;
}

interface Gathered {
  readonly found: MergedFacts;
  /** Whether another attempt would come to the same. */
  readonly lasting: boolean;
}

async function gather(app: App, ground: HistoryGround, merged: MergedPullRequest): Promise<Gathered> {
  const { mirror } = ground.repository;
  const gone: Gathered = { found: { kind: 'not-judged', why: { kind: 'commits-gone' } }, lasting: false };
  if (!(await mirror.has(merged.head.sha))) return gone;
  const base = await baseOfMerge(mirror, merged);
  if (base === null) return { found: { kind: 'not-judged', why: { kind: 'merge-unknown' } }, lasting: true };
  const repository = { ...ground.repository, tip: base };
  const { planned, lasting } = await gatherPlanned(app, { ...ground, repository }, merged);
  const said = await gatherSaid(app, { ...ground, repository }, merged);
  const facts = await gatherPolicyFacts(app, repository, merged, { ...said, plan: null, planned });
  // The digest that its approvals were bound to then is the one that its comment tells.
  const digest = planned.digest === null ? null : (said.state.digest ?? planned.digest);
  return { found: { kind: 'facts', facts: { ...facts, digest } }, lasting };
}

async function gatherSaid(app: App, { repository, self }: HistoryGround, merged: MergedPullRequest) {
  const { forge, configuration } = repository;
  const { mergedAt, number } = merged;
  const { sha } = merged.head;
  const all = await forge.comments.list(merged.repository, number);
  const reviews = (await forge.pullRequests.reviews(merged.repository, number)).filter(({ at }) => at <= mergedAt);
  const remembered = readSticky(app, merged, { comments: all, self })?.state ?? initialState(sha);
  return {
    comments: all.filter(({ createdAt }) => createdAt <= mergedAt),
    reviews,
    checks: needsChecks(configuration.policy) ? await forge.checks.list(merged.repository, sha) : [],
    state: observed(remembered, { head: sha, digest: null, reviews }),
    self,
    now: mergedAt,
  };
}

interface Planned {
  readonly planned: PlanFacts;
  readonly lasting: boolean;
}

/** The plan that was made then, if it is still here; else what git tells, and the rest only where rules ask and it does not take long. */
async function gatherPlanned(
  app: App,
  { repository, budget }: HistoryGround,
  merged: MergedPullRequest,
): Promise<Planned> {
  const { mirror, configuration, tip: base } = repository;
  const made = await cachedPlan(app, merged, base);
  if (made !== null && made.problems.length === 0) return { planned: planFacts(made), lasting: true };
  const change = { mirror, configuration, base, head: merged.head.sha as Sha };
  const touched = await touchedByChange(app, change);
  if (touched === null) return { planned: planFacts(null), lasting: true };
  const planned = { ...planFacts(null), digest: NO_DIGEST, affected: touched, targets: nothingOf(touched.targets) };
  if (!needsRendering(configuration.policy)) return { planned, lasting: true };
  if (!budget.take(touched.targets.length)) return { planned, lasting: false };
  const again = await planChange(app, change);
  return again.problems.length > 0 ? { planned, lasting: false } : { planned: planFacts(again), lasting: true };
}

/** Stands for a plan that was not made again. */
const NO_DIGEST = 'not-planned';

function nothingOf(targets: readonly Parameters<typeof targetKey>[0][]): PlanFacts['targets'] {
  const unknown: TargetFacts = { kinds: 'unknown', versionStep: 'unknown', provenSince: {} };
  return Object.fromEntries(targets.map((name) => [targetKey(name), unknown]));
}
