/**
 * What the target branch was before a pull request was merged: the difference to it is what was merged, however that was done.
 *
 * Worked example. A merge commit and a squashed one stand on it. Of three commits that were rebased, the last one is what the forge names;
 * it, its parent and its grandparent bear the words of the pull request's own commits, and what stands before them is the answer.
 */
import type { Commit } from '../../core/forge-objects.js';
import type { Sha } from '../../core/ids.js';
import type { MergedPullRequest } from '../../core/last-merged.js';
import type { Mirror } from '../../ports/repository.js';
import { MAX_COMMITS } from './gather-commits.js';

/** Null: it can't be told. `head` must be in the mirror. */
export async function baseOfMerge(mirror: Mirror, { mergeCommit, head }: MergedPullRequest): Promise<Sha | null> {
  // A fast-forward: nothing says where the branch stood.
  if (mergeCommit === null || mergeCommit === head.sha || !(await mirror.has(mergeCommit))) return null;
  const [commit] = await mirror.log({ ...HISTORY, to: mergeCommit, limit: 1 });
  const [first, ...others] = commit?.parents ?? [];
  if (first === undefined) return null;
  return others.length > 0 ? first : baseOfLine(mirror, { mergeCommit, first, head: head.sha });
}

const HISTORY = { from: null, paths: [], walk: 'first-parents' } as const;

interface Line {
  readonly mergeCommit: Sha;
  /** Its only parent. */
  readonly first: Sha;
  readonly head: Sha;
}

/** Squashed to one commit, or rebased, which leaves one for each. */
async function baseOfLine(mirror: Mirror, { mergeCommit, first, head }: Line): Promise<Sha | null> {
  const range = { from: first, to: head, paths: [], limit: MAX_COMMITS, walk: 'every-commit' } as const;
  const own = (await mirror.log(range)).filter(({ parents }) => parents.length === 1);
  if (own.length <= 1) return first;
  const landed = await mirror.log({ ...HISTORY, to: mergeCommit, limit: own.length });
  if (!haveSameWords(own, landed)) return first;
  return landed.at(-1)?.parents[0] ?? null;
}

function haveSameWords(own: readonly Commit[], landed: readonly Commit[]): boolean {
  return own.length === landed.length && own.every(({ message }, index) => message === landed[index]?.message);
}
