/** A merge group as git has it: what each pull request adds, and whether that is what was approved there. */
import { codeOwnersPlaces } from '../../core/codeowners/code-owners.js';
import type { PullRequest } from '../../core/forge-objects.js';
import { repositoryKey, type RepositoryId, type Sha } from '../../core/ids.js';
import {
  parseGroupBranch,
  partsOfGroup,
  type GroupBranch,
  type GroupPart,
} from '../../core/merge-group/group-branch.js';
import { judgePart, type PartJudgement } from '../../core/merge-group/judge-part.js';
import type { Plan } from '../../core/plan/plan.js';
import { policyFiles } from '../../core/policy/policy-files.js';
import type { App } from '../app.js';
import { planChange } from '../plan/plan-change.js';
import { gatherPullRequest, type Snapshot } from '../pull-request/gather-pull-request.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';
import { CONFIGURATION_FILE } from '../policy/read-configuration.js';

export interface JudgedPart {
  readonly number: number;
  readonly judgement: PartJudgement;
}

type GroupReading =
  /** Merged, or longer than anybody looks. */
  | { readonly kind: 'merged' }
  | { readonly kind: 'too-long'; readonly limit: number }
  | { readonly kind: 'judged'; readonly parts: readonly JudgedPart[] };

/** GitHub merges at most 100 entries at once; by rebase each may bring several commits. */
const MOST_COMMITS = 500;

/** `head`: where the group's branch stands. */
export async function gatherGroup(
  app: App,
  reading: ConfiguredRepository,
  group: GroupBranch,
  head: Sha,
): Promise<GroupReading> {
  const { mirror, tip, repository } = reading;
  const range = { from: tip, to: head, paths: [], limit: MOST_COMMITS, walk: 'first-parents' } as const;
  const commits = await mirror.log(range);
  const oldest = commits.at(-1);
  if (oldest === undefined) return { kind: 'merged' };
  if (commits.length === MOST_COMMITS) return { kind: 'too-long', limit: MOST_COMMITS };
  const heads = await knownHeads(
    app,
    repository,
    commits.map(({ sha }) => sha),
  );
  const shas = commits.map(({ sha }) => sha);
  const base = oldest.parents[0] ?? tip;
  const parts = partsOfGroup({ base, commits: shas, number: group.number, heads });
  return { kind: 'judged', parts: await judgeParts(app, reading, parts) };
}

/** In order: what comes before in a group may change the rules for what comes after. */
async function judgeParts(
  app: App,
  reading: ConfiguredRepository,
  parts: readonly GroupPart[],
): Promise<readonly JudgedPart[]> {
  const judged: JudgedPart[] = [];
  let rulesChangedBy: number | null = null;
  for (const part of parts) {
    judged.push({ number: part.number, judgement: await judgeOne(app, reading, { part, rulesChangedBy }) });
    if (await changesRules(reading, part)) rulesChangedBy ??= part.number;
  }
  return judged;
}

interface PartGround {
  readonly part: GroupPart;
  readonly rulesChangedBy: number | null;
}

async function judgeOne(
  app: App,
  reading: ConfiguredRepository,
  { part, rulesChangedBy }: PartGround,
): Promise<PartJudgement> {
  const pullRequest = await reading.forge.pullRequests.read(reading.repository, part.number);
  if (pullRequest === null || pullRequest.base !== reading.branch) return { kind: 'gone' };
  const { plan, verdict, readiness } = await gatherPullRequest(app, reading, pullRequest);
  return judgePart({
    pullRequest,
    base: reading.branch,
    plan,
    verdict: verdict.state,
    readiness,
    groupPlan: await groupPlan(app, reading, { part, pullRequest, plan }),
    rulesChangedBy,
  });
}

/** Only of a pull request whose own plan could be made: of a fork nothing is rendered before somebody has allowed that. */
async function groupPlan(
  app: App,
  { mirror, configuration, repository }: ConfiguredRepository,
  { part, pullRequest, plan }: { readonly part: GroupPart; readonly pullRequest: PullRequest } & Pick<Snapshot, 'plan'>,
): Promise<Plan | null> {
  if (pullRequest.state !== 'open' || plan === null || plan.problems.length > 0) return null;
  const key = `merge-group-plan/1/${repositoryKey(repository)}/${part.from}/${part.to}/${plan.digest}`;
  const kept = await app.cache.get(key);
  if (kept !== null) return JSON.parse(kept) as Plan;
  const made = await planChange(app, { mirror, configuration, base: part.from, head: part.to });
  // A problem may be the machine's: it is tried again.
  if (made.problems.length === 0) await app.cache.put(key, JSON.stringify(made));
  return made;
}

/** What pull requests are judged by. */
async function changesRules(reading: ConfiguredRepository, { from, to }: GroupPart): Promise<boolean> {
  const { mirror, configuration, forge } = reading;
  const isPolicy = policyFiles(configuration.policy);
  const places = new Set<string>([CONFIGURATION_FILE, ...codeOwnersPlaces(forge.kind)]);
  return (await mirror.changedPaths(from, to)).some((path) => places.has(path) || isPolicy(path));
}

/** Where the cache keeps which branch of a merge group stands at a commit: for what else names the commit only. */
function headKey(repository: RepositoryId, sha: Sha): string {
  return `merge-group/1/${repositoryKey(repository)}/${sha}`;
}

export async function rememberGroup(app: App, repository: RepositoryId, branch: string, head: Sha): Promise<void> {
  if ((await groupOf(app, repository, head)) !== branch) await app.cache.put(headKey(repository, head), branch);
}

/** The branch of the merge group that this commit is the head of, as far as it was heard of. */
export async function groupOf(app: App, repository: RepositoryId, head: Sha): Promise<string | null> {
  return app.cache.get(headKey(repository, head));
}

async function knownHeads(
  app: App,
  repository: RepositoryId,
  commits: readonly Sha[],
): Promise<ReadonlyMap<Sha, number>> {
  const found = await Promise.all(
    commits.map(async (sha) => {
      const group = parseGroupBranch((await groupOf(app, repository, sha)) ?? '');
      return group === null ? [] : [[sha, group.number] as const];
    }),
  );
  return new Map(found.flat());
}
