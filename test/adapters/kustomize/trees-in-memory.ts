/** Trees without git, for renderers: files by path, and what they are read through. */
import { createHash } from 'node:crypto';
import type { TreeEntry } from '../../../src/core/forge-objects.js';
import { viewTree, type TreeView } from '../../../src/core/tree/tree-view.js';
import type { Mirror } from '../../../src/ports/repository.js';

/** `-> target` is a symbolic link. */
export type Texts = Readonly<Record<string, string>>;

export interface TreeInMemory {
  /** Of the tree; equal files have equal ones. */
  readonly id: string;
  readonly view: TreeView;
  readonly mirror: Mirror;
}

export function treeInMemory(files: Texts): TreeInMemory {
  const idOf = (text: string): string => createHash('sha1').update(text).digest('hex');
  const contents = new Map(Object.values(files).map((text) => [idOf(text), Buffer.from(text)]));
  const isLink = (text: string): boolean => text.startsWith('-> ');
  const entries = Object.entries(files).map(([path, text]): TreeEntry => ({
    path,
    sha: idOf(text),
    mode: isLink(text) ? '120000' : '100644',
  }));
  const links = Object.entries(files).filter(([, text]) => isLink(text));
  const view = viewTree(entries, new Map(links.map(([path, text]) => [path, text.slice(3)])));
  const unused = (): Promise<never> => Promise.reject(new Error('Renderers read views and blobs only'));
  const mirror: Mirror = {
    fetch: unused,
    branch: unused,
    holds: unused,
    has: unused,
    treeOf: unused,
    entries: unused,
    view: () => Promise.resolve(view),
    blobs: async (shas) => {
      const found = shas.map((sha) => [sha, contents.get(sha)] as const);
      const missing = found.find(([, content]) => content === undefined);
      if (missing !== undefined) throw new Error(`There is no blob ${missing[0]}`);
      return new Map(found.flatMap(([sha, content]) => (content === undefined ? [] : [[sha, content] as const])));
    },
    file: unused,
    changedPaths: unused,
    changedLines: unused,
    mergeBase: unused,
    merge: unused,
    presume: unused,
    log: unused,
  };
  return { id: idOf(JSON.stringify(files)), view, mirror };
}
