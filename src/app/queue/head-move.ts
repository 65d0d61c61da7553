/** Tells a head that only took in its target branch from one that people pushed to: by content, whoever made it and however. */
import type { Sha } from '../../core/ids.js';
import type { Mirror } from '../../ports/repository.js';

interface HeadMove {
  readonly from: Sha;
  readonly to: Sha;
  /** Of the target branch. */
  readonly tip: Sha;
}

/** `updated`: it is exactly what merging some commit of the target branch into the former head gives. */
export async function headMove(mirror: Mirror, { from, to, tip }: HeadMove): Promise<'none' | 'updated' | 'pushed'> {
  if (from === to) return 'none';
  if (!(await mirror.has(from)) || !(await mirror.has(to))) return 'pushed';
  const taken = await mirror.mergeBase(tip, to);
  if (taken === null || taken === (await mirror.mergeBase(tip, from))) return 'pushed';
  const merged = await mirror.merge(taken, from);
  return merged.kind === 'merged' && merged.tree === (await mirror.treeOf(to)) ? 'updated' : 'pushed';
}
