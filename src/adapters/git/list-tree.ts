/** All files of a tree, as `git ls-tree -r` lists them, without starting git. */
import type { TreeEntry } from '../../core/forge-objects.js';
import type { Sha } from '../../core/ids.js';
import { textOf } from './latin1.js';
import { TreeLimits } from './tree-limits.js';
import type { TreeItem } from './tree-object.js';
import type { Trees } from './trees.js';
import { unfoldTree } from './unfold-tree.js';

type Loaded = ReadonlyMap<Sha, readonly TreeItem[]>;

/** In byte order. Rejects with `Unavailable` where a tree is not there, is malformed, or lists more than {@link TreeLimits} allow. */
export async function listTree(trees: Trees, root: Sha): Promise<readonly TreeEntry[]> {
  const limits = new TreeLimits(trees.label);
  const loaded = await load(trees, root, limits);
  const entries: TreeEntry[] = [];
  unfoldTree<TreeItem>(
    {
      top: loaded.get(root) ?? [],
      below: ({ mode, sha }) => (mode === '40000' ? (loaded.get(sha) ?? []) : null),
      onFile: ({ mode, sha }, path) => {
        if (mode !== '40000') entries.push({ path: textOf(path), mode, sha });
      },
    },
    limits,
  );
  return entries;
}

/** Every tree below `root`, each once, those of a level together. */
async function load(trees: Trees, root: Sha, limits: TreeLimits): Promise<Loaded> {
  const loaded = new Map<Sha, readonly TreeItem[]>();
  let level: readonly Sha[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    limits.level(depth);
    const next = new Set<Sha>();
    const read = await Promise.all(level.map((sha) => trees.of(sha)));
    for (const [index, sha] of level.entries()) loaded.set(sha, read[index] ?? []);
    for (const items of read)
      for (const { mode, sha } of items) if (mode === '40000' && !loaded.has(sha)) next.add(sha);
    level = [...next];
  }
  return loaded;
}
