/** Reads where the bump branch of an environment stands. */
import type { Sha } from '../core/ids.js';
import type { BumpedImage } from '../text/bump-text.js';
import type { App } from './app.js';
import type { ConfiguredRepository } from './gather-repository.js';
import { branchOwner, trailerValues } from './own-branch.js';

export interface BumpGround {
  readonly kind: 'ours';
  /** `extend`: the branch's own commits still merge and stay; `remake`: it starts anew from the tip. */
  readonly manner: 'extend' | 'remake';
  /** What the new edits are made on. */
  readonly tree: Sha;
  /** What the branch already carries beyond the tip; applied again when it is remade. */
  readonly images: readonly BumpedImage[];
}

/** Commits of a bump branch that are read, at most. */
const MAX_COMMITS = 250;

export async function gatherBumpGround(
  app: App,
  reading: ConfiguredRepository,
  branch: string,
): Promise<BumpGround | { readonly kind: 'touched' }> {
  const { mirror, tip } = reading;
  const head = await mirror.branch(branch);
  if (head === null) return { kind: 'ours', manner: 'remake', tree: tip, images: [] };
  if ((await branchOwner(app, mirror, { branch, tip, head })) === 'touched') return { kind: 'touched' };
  const commits = await mirror.log({ from: tip, to: head, paths: [], limit: MAX_COMMITS, walk: 'every-commit' });
  const images = commits
    .toReversed()
    .flatMap((commit) =>
      trailerValues(commit.message, 'Lockkeeper-Bump').map((value) => JSON.parse(value) as BumpedImage),
    );
  const merged = await mirror.merge(tip, head);
  // After a squash the branch's commits are not in the target branch, yet merging them changes nothing: they are history.
  const unmerged = merged.kind === 'conflict' || merged.tree !== (await mirror.treeOf(tip));
  if (commits.length === 0 || !unmerged) return { kind: 'ours', manner: 'remake', tree: tip, images: [] };
  return merged.kind === 'conflict'
    ? { kind: 'ours', manner: 'remake', tree: tip, images }
    : { kind: 'ours', manner: 'extend', tree: merged.tree, images };
}
