/**
 * A git tree as a file system would show it, symbolic links followed.
 *
 * Example: with the link `apps/base` → `../shared/base`, the path `apps/base/x.yaml` is the file `shared/base/x.yaml`.
 */
import type { TreeEntry } from '../forge-objects.js';

export interface TreeView {
  readonly entries: ReadonlyMap<string, TreeEntry>;
  readonly directories: ReadonlySet<string>;
  /** Target of each symbolic link, by its path. */
  readonly links: ReadonlyMap<string, string>;
}

export type Place =
  | { readonly kind: 'file'; readonly entry: TreeEntry }
  /** `path`: as it really lies, '' for the top. */
  | { readonly kind: 'directory'; readonly path: string }
  /** The path, or a link on it, leads out of the tree. */
  | { readonly kind: 'outside' }
  /** Nothing is there, or a ring of links. */
  | { readonly kind: 'nowhere' };

/** Links that are followed on one path, as Linux does. */
const MOST_LINKS = 40;

/** `entries` are those of the whole tree. */
export function viewTree(entries: readonly TreeEntry[], links: ReadonlyMap<string, string>): TreeView {
  const directories = new Set(['']);
  for (const { path } of entries) {
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1))
      directories.add(path.slice(0, slash));
  }
  return { entries: new Map(entries.map((entry) => [entry.path, entry])), directories, links };
}

/** `path` is relative to the top of the tree. `..` after a link leads above the link's target, as it does for the system. */
export function findPlace(view: TreeView, path: string): Place {
  if (path.startsWith('/')) return { kind: 'outside' };
  const left = path.split('/').toReversed();
  let at: readonly string[] = [];
  let followed = 0;
  for (let part = left.pop(); part !== undefined; part = left.pop()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (at.length === 0) return { kind: 'outside' };
      at = at.slice(0, -1);
      continue;
    }
    const next = [...at, part];
    const target = view.links.get(next.join('/'));
    if (target === undefined) {
      at = next;
      continue;
    }
    followed += 1;
    if (target.startsWith('/')) return { kind: 'outside' };
    if (followed > MOST_LINKS) return { kind: 'nowhere' };
    left.push(...target.split('/').toReversed());
  }
  return placeAt(view, at.join('/'));
}

function placeAt(view: TreeView, path: string): Place {
  if (view.directories.has(path)) return { kind: 'directory', path };
  const entry = view.entries.get(path);
  return entry === undefined || entry.mode === '120000' || entry.mode === '160000'
    ? { kind: 'nowhere' }
    : { kind: 'file', entry };
}
