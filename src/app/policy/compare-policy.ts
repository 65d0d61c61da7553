/**
 * Which of the pull requests that were merged last another policy would have judged otherwise, for a pull request that changes it.
 *
 * Beside the lane, once for each head on each tip of the target branch; what was compared before, or gathered of a merged pull request, is
 * not asked for again. What it finds is shown and decides nothing.
 */
import { createHash } from 'node:crypto';
import type { PullRequest } from '../../core/forge-objects.js';
import { repositoryKey, type RepositoryId, type Sha } from '../../core/ids.js';
import type { MergedPullRequest } from '../../core/last-merged.js';
import type { Plan } from '../../core/plan/plan.js';
import { compareVerdicts, type TwoPolicies } from '../../core/policy/compare-verdicts.js';
import { policyFiles } from '../../core/policy/policy-files.js';
import {
  asksTheSame,
  bothAsked,
  historyOf,
  MOST_LOOKED_AT,
  type MergedJudgement,
  type PolicyChangeView,
  type PolicyComparison,
  type PolicyHistory,
} from '../../core/policy/policy-history.js';
import { Forbidden } from '../../core/problem.js';
import { enqueue, forgeOf, type App } from '../app.js';
import { gatherRepository, withOrganisation, type ConfiguredRepository } from '../pull-request/gather-repository.js';
import { gatherMergedFacts, RenderBudget, type HistoryGround } from './gather-merged-facts.js';
import { CONFIGURATION_FILE, readConfiguration } from './read-configuration.js';

/** Targets that are rendered for one comparison, at most. */
const MOST_RENDERED = 200;
/** Merged pull requests that are read at once. */
const AT_ONCE = 4;

/** What is known of it, if the pull request edits the policy; what is not known yet, or not for this tip, is asked for. */
export async function policyChangeOf(
  app: App,
  { tip, configuration: { policy } }: ConfiguredRepository,
  pullRequest: PullRequest,
  plan: Pick<Plan, 'outside' | 'problems'>,
): Promise<PolicyChangeView | null> {
  const isPolicy = policyFiles(policy);
  const edits = plan.outside.some((path) => path === CONFIGURATION_FILE || isPolicy(path));
  if (!edits || plan.problems.length > 0) return null;
  const { repository, number } = pullRequest;
  const kept = await readKept(app, pullRequest);
  if (kept === null || kept.tip !== tip) await enqueue(app, { kind: 'compare-policy', repository, number });
  return kept?.comparison ?? { kind: 'being-compared' };
}

/** Leaves what it finds for {@link policyChangeOf}, and nudges the lane if that is news. */
export async function comparePolicy(app: App, repository: RepositoryId, number: number): Promise<void> {
  const pullRequest = await forgeOf(app, repository).pullRequests.read(repository, number);
  if (pullRequest === null || pullRequest.state !== 'open') return;
  const reading = await gatherRepository(app, repository, pullRequest.base, pullRequest.head.sha);
  if (reading.kind !== 'configured') return;
  const kept = await readKept(app, pullRequest);
  if (kept?.tip === reading.tip) return;
  const comparison = await compare(app, reading, pullRequest);
  // The plan says why: it conflicts, or would break the configuration.
  if (comparison === null) return;
  const found: KeptComparison = { head: pullRequest.head.sha, tip: reading.tip, comparison };
  await app.cache.put(keyOf(pullRequest), JSON.stringify(found));
  await enqueue(app, { kind: 'attend', repository, number });
}

interface KeptComparison {
  readonly head: Sha;
  readonly tip: Sha;
  readonly comparison: PolicyComparison;
}

/** That of an earlier head is none. */
async function readKept(app: App, pullRequest: PullRequest): Promise<KeptComparison | null> {
  const text = await app.cache.get(keyOf(pullRequest));
  const kept = text === null ? null : (JSON.parse(text) as KeptComparison);
  return kept?.head === pullRequest.head.sha ? kept : null;
}

function keyOf({ repository, number }: PullRequest): string {
  return `policy-change/2/${repositoryKey(repository)}#${String(number)}`;
}

async function compare(
  app: App,
  reading: ConfiguredRepository,
  pullRequest: PullRequest,
): Promise<PolicyComparison | null> {
  const { mirror, tip, repository } = reading;
  const merge = (await mirror.has(pullRequest.head.sha)) ? await mirror.merge(tip, pullRequest.head.sha) : null;
  if (merge === null || merge.kind === 'conflict') return null;
  const parsed = await readConfiguration(mirror, merge.tree);
  if (parsed?.kind !== 'valid') return null;
  const { configuration } = await withOrganisation(app, repository, parsed);
  const policies = { before: reading.configuration.policy, after: configuration.policy };
  const unreadable = policies.before.unreadable ?? policies.after.unreadable;
  if (unreadable !== undefined) return { kind: 'impossible', why: unreadable };
  if (asksTheSame(policies)) {
    const isPolicy = policyFiles({ rego: policies.before.rego });
    const changed = (await mirror.changedPaths(await mirror.treeOf(tip), merge.tree)).some(isPolicy);
    return { kind: 'same-rules', rego: changed ? 'changed' : 'as-before' };
  }
  try {
    return { kind: 'compared', history: await gatherHistory(app, reading, policies) };
  } catch (cause) {
    if (cause instanceof Forbidden) return { kind: 'impossible', why: { kind: 'refused', message: cause.message } };
    throw cause;
  }
}

async function gatherHistory(app: App, reading: ConfiguredRepository, policies: TwoPolicies): Promise<PolicyHistory> {
  const { forge, repository, branch, configuration } = reading;
  const last = await forge.pullRequests.lastMerged(repository, { base: branch, most: MOST_LOOKED_AT });
  const { policy: _, ...shape } = configuration;
  const asked = JSON.stringify([policies, shape, last.map(({ number, mergeCommit }) => [number, mergeCommit])]);
  const key = `policy-history/1/${repositoryKey(repository)}/${createHash('sha256').update(asked).digest('hex')}`;
  const kept = await app.cache.get(key);
  if (kept !== null) return JSON.parse(kept) as PolicyHistory;
  const ground: HistoryGround = {
    repository: { ...reading, configuration: { ...configuration, policy: bothAsked(policies) } },
    self: await forge.people.self(),
    budget: new RenderBudget(MOST_RENDERED),
  };
  const judgements: MergedJudgement[] = [];
  for (let from = 0; from < last.length; from += AT_ONCE) {
    const some = last.slice(from, from + AT_ONCE);
    judgements.push(...(await Promise.all(some.map((merged) => judge(app, ground, merged, policies)))));
  }
  const history = historyOf(judgements, policies);
  await app.cache.put(key, JSON.stringify(history));
  return history;
}

async function judge(
  app: App,
  ground: HistoryGround,
  merged: MergedPullRequest,
  policies: TwoPolicies,
): Promise<MergedJudgement> {
  const { number, title, url } = merged;
  const found = await gatherMergedFacts(app, ground, merged);
  if (found.kind === 'not-judged') return { number, title, url, ...found };
  return { number, title, url, kind: 'compared', comparison: compareVerdicts(found.facts, policies) };
}
