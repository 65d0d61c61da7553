/**
 * What is remembered of a repository between two looks of the sweep, in the cache: lost with it, and then everything is looked at.
 *
 * Only jobs of the repository's lane write it, one at a time.
 */
import { STATE_BRANCH } from '../../core/branch-names.js';
import type { PullRequest } from '../../core/forge-objects.js';
import { repositoryKey, type RepositoryId, type Sha } from '../../core/ids.js';
import { isSettled, stampOf, type SweepRecord } from '../../core/sweep/decide-look.js';
import type { RepositoryFacts } from '../../ports/forge.js';
import type { Glance } from '../../ports/pull-requests.js';
import type { Mirror } from '../../ports/repository.js';
import type { App } from '../app.js';

export interface KeptSweep extends SweepRecord {
  /** Where its branches are asked for, where the forge's listing does not tell of them; null where nothing has to be asked. */
  readonly facts: RepositoryFacts | null;
}

type Keeping = Pick<App, 'cache' | 'clock'>;

export async function readSweep(app: Keeping, repository: RepositoryId): Promise<KeptSweep | null> {
  const text = await app.cache.get(keyOf(repository));
  // Sealed by the bot itself in this shape; another version's has another key.
  return text === null ? null : (JSON.parse(text) as KeptSweep);
}

export async function keepSweep(app: Keeping, repository: RepositoryId, kept: KeptSweep): Promise<void> {
  await app.cache.put(keyOf(repository), JSON.stringify(kept));
}

/** After it was attended: as it was read before, for what was touched since is to be attended again. */
export async function rememberRest(
  app: Keeping,
  pullRequest: PullRequest,
  rest: 'at-rest' | 'restless',
): Promise<void> {
  const { repository, number, updatedAt } = pullRequest;
  const kept = await readSweep(app, repository);
  if (kept === null) return;
  const stamp = rest === 'at-rest' && isSettled(updatedAt, app.clock.now()) ? stampOf(pullRequest) : null;
  if (kept.pullRequests[number] === stamp) return;
  await keepSweep(app, repository, { ...kept, pullRequests: { ...kept.pullRequests, [number]: stamp } });
}

/** After every promotion of the repository was decided. */
export async function rememberPromotions(
  app: Keeping,
  repository: RepositoryId,
  promotions: SweepRecord['promotions'],
): Promise<void> {
  const kept = await readSweep(app, repository);
  if (kept !== null && kept.promotions !== promotions) await keepSweep(app, repository, { ...kept, promotions });
}

/** As the forge's listing tells of them, or by name as the mirror has them since its last fetch. */
export async function branchesOf(
  glance: Glance,
  git: { readonly mirror: Mirror; readonly facts: RepositoryFacts } | null,
): Promise<string | null> {
  if (glance.pushedAt !== null) return `pushed ${glance.pushedAt}`;
  if (git === null) return null;
  const bases = glance.pullRequests.filter(({ state }) => state === 'open').map(({ base }) => base);
  const names = [...new Set([git.facts.defaultBranch, STATE_BRANCH, ...bases])].sort();
  return JSON.stringify(await Promise.all(names.map(async (name) => [name, await git.mirror.branch(name)])));
}

/** Branches by name, with their heads. */
export type BranchTips = Readonly<Record<string, Sha>>;

/** Once everything that rests on these was nudged: whoever tells that a branch stands there has no news. */
export async function rememberTips(app: Pick<App, 'cache'>, repository: RepositoryId, tips: BranchTips): Promise<void> {
  await app.cache.put(tipsKey(repository), JSON.stringify(tips));
}

export async function sweptTips(app: Pick<App, 'cache'>, repository: RepositoryId): Promise<BranchTips> {
  return JSON.parse((await app.cache.get(tipsKey(repository))) ?? '{}') as BranchTips;
}

function tipsKey(repository: RepositoryId): string {
  return `swept-tips/1/${repositoryKey(repository)}`;
}

function keyOf(repository: RepositoryId): string {
  return `sweep-1:${repositoryKey(repository)}`;
}
