/** What a rollback would restore: an earlier state of one target on the branch, and how it differs from now. */
import type { Target } from '../../core/environment/find-targets.js';
import type { Sha } from '../../core/ids.js';
import { carriedChanges, type CarriedChange, type CarryProblem } from '../../core/promotion/carried-set.js';
import type { App } from '../app.js';
import { targetFiles } from './gather-promotion.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';
import { commitOfVersion } from './version-at.js';

export type RollbackFound =
  /** `commit`: on the branch, with which the target stood so. */
  | { readonly kind: 'found'; readonly commit: Sha; readonly changes: readonly CarriedChange[] }
  /** Nothing that travels has ever been different here, as far as the history was looked through. */
  | { readonly kind: 'nothing-earlier' }
  /** Neither a commit of the branch nor a version that the target had. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'holds-it-already'; readonly commit: Sha }
  | { readonly kind: 'impossible'; readonly path: string; readonly problem: CarryProblem };

/** Changes of the target that are looked through, and commits of the branch among which one is found by its id. */
const MOST_CHANGES = 50;
const MOST_COMMITS = 2000;
/** As git shortens ids: shorter ones are as likely something else. */
const COMMIT_ID = /^[0-9a-f]{7,64}$/i;

export async function gatherRollback(
  app: App,
  repository: ConfiguredRepository,
  target: Target,
  to: string | null,
): Promise<RollbackFound> {
  if (to === null) return beforeLastChange(repository, target);
  const commit = (await commitById(repository, to)) ?? (await commitOfVersion(app, repository, target, to));
  if (commit === null) return { kind: 'unknown' };
  const found = await differenceTo(repository, target, commit);
  return found ?? { kind: 'holds-it-already', commit };
}

async function beforeLastChange(repository: ConfiguredRepository, target: Target): Promise<RollbackFound> {
  const { mirror, tip } = repository;
  const paths = [target.directory];
  const commits = await mirror.log({ from: null, to: tip, paths, limit: MOST_CHANGES, walk: 'first-parents' });
  for (const { parents } of commits) {
    const [parent] = parents;
    // Before its first files it did not exist: to restore that would be to delete it.
    if (parent === undefined || (await mirror.entries(parent, target.directory)).length === 0) break;
    const found = await differenceTo(repository, target, parent);
    if (found !== null) return found;
  }
  return { kind: 'nothing-earlier' };
}

/** Null: it carries the same as now. */
async function differenceTo(
  repository: ConfiguredRepository,
  target: Target,
  commit: Sha,
): Promise<RollbackFound | null> {
  const ground = { repository };
  const earlier = await targetFiles(ground, commit, target);
  if (earlier.files.length === 0) return { kind: 'unknown' };
  const now = await targetFiles(ground, repository.tip, target);
  const carried = carriedChanges(earlier, now, repository.configuration.carry);
  if (carried.kind === 'impossible') return carried;
  return carried.changes.length === 0 ? null : { kind: 'found', commit, changes: carried.changes };
}

async function commitById({ mirror, tip }: ConfiguredRepository, to: string): Promise<Sha | null> {
  if (!COMMIT_ID.test(to)) return null;
  const range = { from: null, to: tip, paths: [], limit: MOST_COMMITS, walk: 'first-parents' } as const;
  const found = (await mirror.log(range)).filter(({ sha }) => sha.startsWith(to.toLowerCase()));
  const [only] = found;
  return found.length === 1 && only !== undefined ? only.sha : null;
}
