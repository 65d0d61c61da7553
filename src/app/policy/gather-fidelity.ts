/** Whether a promotion holds exactly the carried set of its source. */
import { promotionBranch, pullRequestKind } from '../../core/branch-names.js';
import type { Commit, Person, PullRequest } from '../../core/forge-objects.js';
import type { Sha } from '../../core/ids.js';
import type { PromotionFidelity } from '../../core/policy/policy-rules.js';
import { promotionContent, targetFiles } from '../promotion/gather-promotion.js';
import { targetsAt, type ConfiguredRepository } from '../pull-request/gather-repository.js';
import type { App } from '../app.js';
import { isOwnCommit, trailerValues } from '../branch/own-branch.js';

/** What people pushed to a promotion makes it `modified`, unless it comes to the same. */
export async function gatherFidelity(
  app: App,
  repository: ConfiguredRepository,
  pullRequest: PullRequest,
  self: Person,
): Promise<PromotionFidelity | 'unknown'> {
  if (pullRequestKind(pullRequest, self) !== 'promotion') return 'none';
  const { mirror, tip, configuration } = repository;
  const { branch, sha } = pullRequest.head;
  if (!(await mirror.has(sha))) return 'unknown';
  const targets = await targetsAt(mirror, tip, configuration);
  const destination = targets.find(({ name }) => promotionBranch(name) === branch);
  if (destination === undefined) return 'modified';
  const rules = configuration.environments.find(({ name }) => name === destination.name.env);
  const sourceName = rules?.after[0];
  const source = targets.find(({ name }) => name.app === destination.name.app && name.env === sourceName);
  if (source === undefined) return 'modified';
  // Of now, or of when it was made: the source may have moved on since.
  for (const at of [tip, await sourceCommit(app, repository, pullRequest.head)]) {
    if (at === null) continue;
    const files = await targetFiles({ repository }, at, source);
    if ((await promotionContent({ repository }, { head: sha, source: files, destination })) === 'current')
      return 'exact';
  }
  return 'modified';
}

/** The commit that the bot's own commit names as its source; only what the target branch holds counts. */
async function sourceCommit(
  app: App,
  { mirror, tip }: ConfiguredRepository,
  { branch, sha }: PullRequest['head'],
): Promise<Sha | null> {
  const commits = await mirror.log({ from: tip, to: sha, paths: [], limit: MOST_COMMITS, walk: 'every-commit' });
  // People may write such a line too.
  const own: Commit[] = [];
  for (const commit of commits) if (await isOwnCommit(app, mirror, branch, commit)) own.push(commit);
  const [named] = own.flatMap(({ message }) => trailerValues(message, 'Lockkeeper-Source'));
  if (named === undefined || !(await mirror.holds(named))) return null;
  return (await mirror.mergeBase(named, tip)) === named ? named : null;
}

/** A promotion is one commit, and what people add. */
const MOST_COMMITS = 50;
