/** Which applications a pull request is about. */
import type { Target } from '../../core/environment/find-targets.js';
import type { Sha } from '../../core/ids.js';
import { affectedTargets } from '../../core/plan/affected.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';

/** Applications whose files the pull request changes, whether or not it is merged by now. */
export async function touchedApplications(snapshot: Snapshot, known: readonly Target[]): Promise<readonly string[]> {
  const { mirror, tip } = snapshot.repository;
  const { head, mergeCommit } = snapshot.pullRequest;
  const base = await mirror.mergeBase(tip, head.sha);
  const paths = new Set(base === null ? [] : await mirror.changedPaths(base, head.sha));
  // Merged with a merge commit, the head is its own merge base: what the merge brought is then the difference to its first parent.
  for (const path of await broughtByMerge(snapshot, mergeCommit)) paths.add(path);
  const { targets } = affectedTargets([...paths], known, () => []);
  return [...new Set(targets.map((target) => target.name.app))].sort();
}

async function broughtByMerge(snapshot: Snapshot, mergeCommit: Sha | null): Promise<readonly string[]> {
  if (mergeCommit === null) return [];
  const { mirror } = snapshot.repository;
  if (!(await mirror.has(mergeCommit))) return [];
  const [commit] = await mirror.log({ from: null, to: mergeCommit, paths: [], limit: 1, walk: 'first-parents' });
  const parent = commit?.parents[0];
  return parent === undefined ? [] : mirror.changedPaths(parent, mergeCommit);
}
