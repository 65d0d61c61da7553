/** Works out a tree from a base and changes, file by file in memory, and writes it through a throw-away index. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TreeChange } from './git-objects.js';
import { runGitOrThrow } from './run-git.js';

interface File {
  readonly mode: string;
  readonly sha: string;
}

/** Gives the tree's SHA. A file put where a folder was replaces the folder, and the other way round. */
export async function writeTree(
  directory: string,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> {
  const files = base === undefined ? new Map<string, File>() : await filesOf(directory, base);
  for (const change of changes) {
    const subtree =
      change.sha !== null && change.mode.replace(/^0+/, '') === '40000'
        ? await filesOf(directory, change.sha)
        : undefined;
    applyChange(files, change, subtree);
  }
  const index = join(directory, `index-${randomUUID()}`);
  const environment = { GIT_INDEX_FILE: index };
  try {
    const input = [...files].map(([path, file]) => `${file.mode} ${file.sha}\t${path}\0`).join('');
    await runGitOrThrow({ directory, arguments: ['update-index', '-z', '--index-info'], input, environment });
    return (await runGitOrThrow({ directory, arguments: ['write-tree'], environment })).toString('utf8').trim();
  } finally {
    await rm(index, { force: true });
  }
}

function applyChange(
  files: Map<string, File>,
  change: TreeChange,
  subtree: ReadonlyMap<string, File> | undefined,
): void {
  for (const path of files.keys()) {
    const under = path.startsWith(`${change.path}/`);
    const above = change.sha !== null && change.path.startsWith(`${path}/`);
    if (path === change.path || under || above) files.delete(path);
  }
  if (change.sha === null) return;
  if (subtree === undefined) files.set(change.path, { mode: change.mode, sha: change.sha });
  else for (const [path, file] of subtree) files.set(`${change.path}/${path}`, file);
}

async function filesOf(directory: string, treeish: string): Promise<Map<string, File>> {
  const out = await runGitOrThrow({ directory, arguments: ['ls-tree', '-r', '-z', '--full-tree', treeish] });
  const files = new Map<string, File>();
  for (const record of out.toString('utf8').split('\0')) {
    const tab = record.indexOf('\t');
    const [mode = '', , sha = ''] = record.slice(0, tab).split(' ');
    if (tab > 0) files.set(record.slice(tab + 1), { mode, sha });
  }
  return files;
}
