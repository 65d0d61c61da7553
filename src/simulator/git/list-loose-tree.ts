/** Lists trees as `git ls-tree -l` does where all of them are loose objects, without starting git. */
import type { TreeEntry } from './git-objects.js';
import { readLooseObject } from './loose-objects.js';
import { parseTreeObject } from './parse-tree-object.js';
import type { TreeItem } from './parse-tree-object.js';

export interface Listing {
  /** Also what lies below folders, each after its folder. */
  readonly recursive: boolean;
  /** Only the entry at this path; the whole tree when absent. */
  readonly path?: string;
}

/** `commit`: or a tree, by its whole SHA. Undefined where it takes git: something is no loose object, or the path is not plain. */
export function listLooseTree(directory: string, commit: string, listing: Listing): readonly TreeEntry[] | undefined {
  const top = looseTreeOf(directory, commit);
  if (top === undefined) return undefined;
  if (listing.path === undefined)
    return entriesBelow(directory, { tree: top, prefix: '', recursive: listing.recursive });
  const parts = listing.path.split('/');
  if (listing.recursive || parts.some((part) => ['', '.', '..'].includes(part))) return undefined;
  return entryAt(directory, top, parts);
}

/** The tree of a commit or tree that is a loose object. */
export function looseTreeOf(directory: string, sha: string): string | undefined {
  if (!/^[0-9a-f]{40}$/.test(sha)) return undefined;
  const object = readLooseObject(directory, sha);
  if (object?.type === 'tree') return sha;
  return object?.type === 'commit' ? object.content.toString('latin1', 5, 45) : undefined;
}

function itemsOf(directory: string, tree: string): readonly TreeItem[] | undefined {
  const object = readLooseObject(directory, tree);
  return object?.type === 'tree' ? parseTreeObject(object.content) : undefined;
}

interface Below {
  readonly tree: string;
  /** With its final slash, '' at the top. */
  readonly prefix: string;
  readonly recursive: boolean;
}

function entriesBelow(directory: string, { tree, prefix, recursive }: Below): readonly TreeEntry[] | undefined {
  const items = itemsOf(directory, tree);
  if (items === undefined) return undefined;
  const entries: TreeEntry[] = [];
  for (const item of items) {
    const path = prefix + item.name;
    const entry = entryOf(directory, item, path);
    if (entry === undefined) return undefined;
    entries.push(entry);
    if (!recursive || entry.type !== 'tree') continue;
    const below = entriesBelow(directory, { tree: item.sha, prefix: `${path}/`, recursive });
    if (below === undefined) return undefined;
    entries.push(...below);
  }
  return entries;
}

function entryAt(directory: string, top: string, parts: readonly string[]): readonly TreeEntry[] | undefined {
  let tree = top;
  for (const [index, part] of parts.entries()) {
    const items = itemsOf(directory, tree);
    if (items === undefined) return undefined;
    const item = items.find(({ name }) => name === part);
    if (item === undefined) return [];
    if (index === parts.length - 1) {
      const entry = entryOf(directory, item, parts.join('/'));
      return entry === undefined ? undefined : [entry];
    }
    if (item.mode !== '40000') return [];
    tree = item.sha;
  }
  return [];
}

function entryOf(directory: string, { mode, sha }: TreeItem, path: string): TreeEntry | undefined {
  if (mode === '40000') return { mode: '040000', type: 'tree', sha, path };
  if (mode === '160000') return { mode, type: 'commit', sha, path };
  const blob = readLooseObject(directory, sha);
  return blob === undefined ? undefined : { mode, type: 'blob', sha, path, size: blob.content.length };
}
