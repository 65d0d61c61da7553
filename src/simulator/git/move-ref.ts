/** Moves refs as git does where they are files, under its own locks, without starting it: https://git-scm.com/docs/gitrepository-layout */
import { existsSync, mkdirSync, renameSync, rmdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { zeroSha } from './git-objects.js';
import { readLooseObject } from './loose-objects.js';
import { isRefName, packedRefs, readRefFile } from './ref-files.js';

export interface RefMove {
  /** Full name. */
  readonly name: string;
  /** 40 zeros: it is deleted. */
  readonly to: string;
  /** 40 zeros: it must not exist. Undefined: whatever it is. */
  readonly from: string | undefined;
}

/**
 * `moved` when it was not where it should be: nothing has changed then, and neither with `ask-git`, which is for what git has rules and words
 * of its own for: packed and symbolic refs, names in each other's way, commits that are not there, somebody else at work on the same ref.
 */
export function moveRef(directory: string, move: RefMove): 'updated' | 'moved' | 'ask-git' {
  if (!isRefName(move.name) || packedRefs(directory).size > 0 || !isPlain(directory, move)) return 'ask-git';
  const path = join(directory, move.name);
  const lock = `${path}.lock`;
  if (!makeLock(path, lock, move.to)) return 'ask-git';
  const here = readRefFile(directory, move.name);
  const isThere = move.from === undefined || (here ?? zeroSha) === move.from;
  if (here === 'symbolic' || !isThere) {
    unlinkSync(lock);
    return here === 'symbolic' ? 'ask-git' : 'moved';
  }
  if (move.to !== zeroSha) renameSync(lock, path);
  else {
    unlinkSync(path);
    unlinkSync(lock);
    removeEmptyFolders(directory, dirname(move.name));
  }
  return 'updated';
}

/** Branches hold commits; there is nothing to delete where nothing was. */
function isPlain(directory: string, { name, to, from }: RefMove): boolean {
  if (from !== undefined && !/^[0-9a-f]{40}$/.test(from)) return false;
  if (to === zeroSha) return from !== undefined && from !== zeroSha;
  const type = /^[0-9a-f]{40}$/.test(to) ? readLooseObject(directory, to)?.type : undefined;
  return name.startsWith('refs/heads/') ? type === 'commit' : type !== undefined;
}

/** False where something is in the way: another's lock, or a ref that would have to be a folder. */
function makeLock(path: string, lock: string, content: string): boolean {
  if (existsSync(path) && statSync(path).isDirectory()) return false;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(lock, `${content}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return false;
    throw error;
  }
}

/** As git leaves no folder behind in which another ref could want to lie; `refs/heads` itself stays. */
function removeEmptyFolders(directory: string, folder: string): void {
  for (let each = folder; each.split('/').length > 2; each = dirname(each)) {
    try {
      rmdirSync(join(directory, each));
    } catch {
      // Others lie in it.
      return;
    }
  }
}
