/** All files of a tree, as `git ls-tree -r` lists them, without starting git. */
import type { TreeEntry } from '../../core/forge-objects.js';
import type { Sha } from '../../core/ids.js';
import { textOf } from './latin1.js';
import { TreeLimits } from './tree-limits.js';
import type { TreeItem } from './tree-object.js';
import type { Trees } from './trees.js';

type Loaded = ReadonlyMap<Sha, readonly TreeItem[]>;

/** In byte order. Rejects with `Unavailable` where a tree is not there, is malformed, or lists more than {@link TreeLimits} allow. */
export async function listTree(trees: Trees, root: Sha): Promise<readonly TreeEntry[]> {
  const limits = new TreeLimits(trees.label);
  return unfold(await load(trees, root, limits), root, limits);
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

/** `prefix`: with its final slash, '' at the top. */
interface Position {
  readonly items: readonly TreeItem[];
  readonly prefix: string;
  at: number;
}

function unfold(loaded: Loaded, root: Sha, limits: TreeLimits): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  const above: Position[] = [{ items: loaded.get(root) ?? [], prefix: '', at: 0 }];
  for (let position = above.at(-1); position !== undefined; position = above.at(-1)) {
    const item = position.items[position.at];
    position.at += 1;
    if (item === undefined) {
      above.pop();
      continue;
    }
    const { mode, sha } = item;
    const path = position.prefix + item.name;
    limits.count(path);
    if (mode === '40000') above.push({ items: loaded.get(sha) ?? [], prefix: `${path}/`, at: 0 });
    else entries.push({ path: textOf(path), mode, sha });
    limits.level(above.length);
  }
  return entries;
}
