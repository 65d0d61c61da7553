/** Whether a commit changed something at some paths, against its first parent. */
import type { Sha } from '../../core/ids.js';
import type { StoredCommit } from './commit-object.js';
import type { Commits } from './commits.js';
import { compareTrees } from './compare-trees.js';
import { bytesOf } from './latin1.js';
import type { TreeItem } from './tree-object.js';
import type { Trees } from './trees.js';

/** `paths`: files or directories, taken literally. `ask-git`: the parent is not here, or git would tidy a path up first. */
export async function touchesPaths(
  { commits, trees }: { readonly commits: Commits; readonly trees: Trees },
  commit: StoredCommit,
  paths: readonly string[],
): Promise<boolean | 'ask-git'> {
  if (!paths.every(isPlain)) return 'ask-git';
  const [first] = commit.parents;
  const parent = first === undefined ? null : await commits.of(first);
  if (first !== undefined && parent === null) return 'ask-git';
  if (parent?.tree === commit.tree) return false;
  for (const path of paths) {
    const [was, is] = await Promise.all([
      parent === null ? null : itemAt(trees, parent.tree, path),
      itemAt(trees, commit.tree, path),
    ]);
    if (await differ(trees, was, is)) return true;
  }
  return false;
}

function isPlain(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

async function itemAt(trees: Trees, top: Sha, path: string): Promise<TreeItem | null> {
  let tree = top;
  const parts = bytesOf(path).split('/');
  for (const [index, part] of parts.entries()) {
    const item = (await trees.of(tree)).find(({ name }) => name === part);
    if (item === undefined) return null;
    if (index === parts.length - 1) return item;
    if (item.mode !== '40000') return null;
    tree = item.sha;
  }
  return null;
}

/** Directories that hold no files are as good as none. */
async function differ(trees: Trees, was: TreeItem | null, is: TreeItem | null): Promise<boolean> {
  if (was?.sha === is?.sha && was?.mode === is?.mode) return false;
  if ([was, is].some((item) => item !== null && item.mode !== '40000')) return true;
  return (await compareTrees(trees, was?.sha ?? null, is?.sha ?? null)).length > 0;
}
