/** Works out a tree from a base and changes, file by file in memory, and writes it folder by folder. */
import type { TreeChange } from './git-objects.js';
import { readLooseObject, writeLooseObject } from './loose-objects.js';
import { parseTreeObject } from './parse-tree-object.js';
import { runGitOrThrow } from './run-git.js';

interface File {
  readonly mode: string;
  readonly sha: string;
}

type Folder = Map<string, File | Folder>;

const treeMode = '40000';
const fileModes = ['100644', '100755', '120000', '160000'];

/** Gives the tree's SHA. A file put where a folder was replaces the folder, and the other way round. */
export async function writeTree(
  directory: string,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> {
  const files = base === undefined ? new Map<string, File>() : await filesOf(directory, base);
  for (const change of changes) {
    const isTree = change.sha !== null && plainMode(change.mode) === treeMode;
    applyChange(files, change, isTree ? await filesOf(directory, change.sha) : undefined);
  }
  return writeFolder(directory, toFolder(files));
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
  if (subtree === undefined) files.set(change.path, { mode: plainMode(change.mode), sha: change.sha });
  else for (const [path, file] of subtree) files.set(`${change.path}/${path}`, file);
}

/** Throws at what git takes into no tree. */
function toFolder(files: ReadonlyMap<string, File>): Folder {
  const root: Folder = new Map();
  for (const [path, file] of files) {
    const parts = path.split('/');
    if (parts.some((part) => ['', '.', '..', '.git'].includes(part.toLowerCase())) || path.includes('\0'))
      throw new Error(`'${path}' is no path of a tree`);
    if (!fileModes.includes(file.mode)) throw new Error(`'${path}' can't have the mode ${file.mode}`);
    let folder = root;
    for (const part of parts.slice(0, -1)) folder = folderAt(folder, part);
    folder.set(parts.at(-1) ?? '', file);
  }
  return root;
}

function folderAt(parent: Folder, name: string): Folder {
  const found = parent.get(name);
  if (found instanceof Map) return found;
  const made: Folder = new Map();
  parent.set(name, made);
  return made;
}

function writeFolder(directory: string, folder: Folder): string {
  const entries = [...folder].map(([name, entry]) => {
    const isFolder = entry instanceof Map;
    const { mode, sha } = isFolder ? { mode: treeMode, sha: writeFolder(directory, entry) } : entry;
    return {
      // Git sorts folders as if their names ended in a slash.
      key: Buffer.from(isFolder ? `${name}/` : name),
      bytes: Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(sha, 'hex')]),
    };
  });
  const sorted = entries.toSorted((one, other) => Buffer.compare(one.key, other.key));
  return writeLooseObject(directory, 'tree', Buffer.concat(sorted.map((entry) => entry.bytes)));
}

async function filesOf(directory: string, treeish: string): Promise<Map<string, File>> {
  return looseFilesOf(directory, treeish) ?? packedFilesOf(directory, treeish);
}

/** Undefined when some of it is no loose object. */
function looseFilesOf(directory: string, treeish: string): Map<string, File> | undefined {
  if (!/^[0-9a-f]{40}$/.test(treeish)) return undefined;
  const object = readLooseObject(directory, treeish);
  if (object?.type === 'commit') return looseFilesOf(directory, object.content.toString('latin1', 5, 45));
  if (object?.type !== 'tree') return undefined;
  const files = new Map<string, File>();
  for (const { name, mode, sha } of parseTreeObject(object.content)) {
    if (mode !== treeMode) {
      files.set(name, { mode, sha });
      continue;
    }
    const below = looseFilesOf(directory, sha);
    if (below === undefined) return undefined;
    for (const [path, file] of below) files.set(`${name}/${path}`, file);
  }
  return files;
}

async function packedFilesOf(directory: string, treeish: string): Promise<Map<string, File>> {
  const out = await runGitOrThrow({ directory, arguments: ['ls-tree', '-r', '-z', '--full-tree', treeish] });
  const files = new Map<string, File>();
  for (const record of out.toString('utf8').split('\0')) {
    const tab = record.indexOf('\t');
    const [mode = '', , sha = ''] = record.slice(0, tab).split(' ');
    if (tab > 0) files.set(record.slice(tab + 1), { mode, sha });
  }
  return files;
}

/** Some write the mode of a folder with a zero in front. */
function plainMode(mode: string): string {
  return mode.replace(/^0+/, '');
}
