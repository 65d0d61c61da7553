/** Goes through a tree whose directories are read already, in its order and without recursion. */
import type { TreeLimits } from './tree-limits.js';

export interface Unfolding<S> {
  readonly top: readonly S[];
  /** What is in a directory; null for a file. */
  below(item: S): readonly S[] | null;
  /** Paths are bytes that stand one to a character. */
  onFile(item: S, path: string): void;
}

interface Position<S> {
  readonly items: readonly S[];
  /** With its final slash, '' at the top. */
  readonly prefix: string;
  at: number;
}

/** Throws `Unavailable` where there is more than `limits` allow. */
export function unfoldTree<S extends { readonly name: string }>(tree: Unfolding<S>, limits: TreeLimits): void {
  const above: Position<S>[] = [{ items: tree.top, prefix: '', at: 0 }];
  for (let position = above.at(-1); position !== undefined; position = above.at(-1)) {
    const item = position.items[position.at];
    position.at += 1;
    if (item === undefined) {
      above.pop();
      continue;
    }
    const path = position.prefix + item.name;
    limits.count(path);
    const below = tree.below(item);
    if (below === null) tree.onFile(item, path);
    else above.push({ items: below, prefix: `${path}/`, at: 0 });
  }
}
