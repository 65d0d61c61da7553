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
  /** Of all entries, sorted: what lies below a directory stands together. */
  readonly paths: readonly string[];
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
  const paths = entries.map((entry) => entry.path).sort();
  return { entries: new Map(entries.map((entry) => [entry.path, entry])), directories, links, paths };
}

/** Entries below a directory, links and submodules too, sorted by path; '' is the whole tree. Links are not followed. */
export function filesBelow(view: TreeView, directory: string): readonly TreeEntry[] {
  const prefix = directory === '' ? '' : `${directory}/`;
  const found: TreeEntry[] = [];
  for (let at = firstNotBefore(view.paths, prefix); at < view.paths.length; at += 1) {
    const path = view.paths[at] ?? '';
    if (!path.startsWith(prefix)) break;
    const entry = view.entries.get(path);
    if (entry !== undefined) found.push(entry);
  }
  return found;
}

function firstNotBefore(sorted: readonly string[], wanted: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `path` is relative to the top of the tree. `..` after a link leads above the link's target, as it does for the system. */
export function findPlace(view: TreeView, path: string): Place {
  return follow(view, path, () => undefined);
}

/** The symbolic links that {@link findPlace} follows on the way, by their paths. */
export function linksOn(view: TreeView, path: string): readonly string[] {
  const links: string[] = [];
  follow(view, path, (link) => links.push(link));
  return links;
}

function follow(view: TreeView, path: string, onLink: (path: string) => void): Place {
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
    onLink(next.join('/'));
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
