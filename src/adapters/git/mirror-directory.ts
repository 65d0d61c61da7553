/** Where mirrors lie on the disk, and how one comes to be: made whole beside its place, then moved there in one step. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { RepositoryId, Sha } from '../../core/ids.js';

/** Present in mirrors that were made to the end by a version that lays them out as this one does. */
const MARKER = 'lockkeeper-mirror';
const LAYOUT = '1\n';

/** File systems hold names of 255 bytes; suffixes take some. */
const LONGEST_NAME = 180;

export function mirrorDirectory(dataDirectory: string, repository: RepositoryId): string {
  const encoded = encodeURIComponent(repository.path);
  const hash = createHash('sha256').update(repository.path).digest('hex');
  const name = encoded.length <= LONGEST_NAME ? encoded : `${encoded.slice(0, LONGEST_NAME - 65)}~${hash}`;
  return join(dataDirectory, 'mirrors', repository.forge, `${name}.git`);
}

/** False for what was left behind half made. */
export async function isWhole(directory: string): Promise<boolean> {
  try {
    return (await readFile(join(directory, MARKER), 'utf8')) === LAYOUT;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/**
 * Lets `make` fill a new directory and moves it to `directory`, in place of whatever is there. What earlier tries left behind is removed;
 * if `make` rejects, nothing has changed.
 */
export async function makeWhole(directory: string, make: (fresh: string) => Promise<void>): Promise<void> {
  const suffix = randomBytes(6).toString('hex');
  const fresh = `${directory}.new-${suffix}`;
  const old = `${directory}.old-${suffix}`;
  await mkdir(dirname(directory), { recursive: true });
  await removeLeftovers(directory);
  try {
    await make(fresh);
    await writeFile(join(fresh, MARKER), LAYOUT);
    await renameIfThere(directory, old);
    await rename(fresh, directory);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

async function removeLeftovers(directory: string): Promise<void> {
  const prefixes = [`${basename(directory)}.new-`, `${basename(directory)}.old-`];
  for (const name of await readdir(dirname(directory)))
    if (prefixes.some((prefix) => name.startsWith(prefix)))
      await rm(join(dirname(directory), name), { recursive: true, force: true });
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Git holds its lock files for moments; one this old, in ms, belongs to a process that was killed. */
const STALE_LOCK = 60_000;

/** Removes lock files that a killed git left behind, which would make every later fetch fail. */
export async function removeStaleLocks(directory: string): Promise<readonly string[]> {
  const now = await fileSystemTime(directory);
  const removed: string[] = [];
  for (const name of await readdir(directory, { recursive: true })) {
    if (!name.endsWith('.lock') || name.startsWith('objects')) continue;
    const file = join(directory, name);
    if (now - (await stat(file)).mtimeMs < STALE_LOCK) continue;
    await rm(file, { force: true });
    removed.push(name);
  }
  return removed;
}

/** As files are dated here, which on a network file system is not this machine's clock. */
async function fileSystemTime(directory: string): Promise<number> {
  const probe = join(directory, `now-${randomBytes(6).toString('hex')}`);
  await writeFile(probe, '');
  try {
    return (await stat(probe)).mtimeMs;
  } finally {
    await rm(probe, { force: true });
  }
}

/** Packs of a mirror: each fetch that brings something adds one. */
export async function countPacks(directory: string): Promise<number> {
  try {
    return (await readdir(join(directory, 'objects', 'pack'))).filter((name) => name.endsWith('.pack')).length;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

/**
 * The head of a branch as git's files have it: one of its own, as fetched branches do until git packs them, stands above the packed ones.
 * Read without starting git, which takes longer than all else about a branch. https://git-scm.com/docs/gitrepository-layout
 */
export async function branchInFiles(directory: string, name: string): Promise<Sha | 'absent' | 'ask-git'> {
  // No branch has such a name; as a path it would lead elsewhere.
  if (name.split('/').some((part) => part === '' || part.startsWith('.')) || /[\0\n]/.test(name)) return 'ask-git';
  // In this order, as git does: what is packed is written before the file of its own goes.
  const loose = await textOf(join(directory, 'refs', 'heads', name));
  if (loose !== null) return /^([0-9a-f]{40}|[0-9a-f]{64})\n$/.test(loose) ? loose.trim() : 'ask-git';
  const packed = await textOf(join(directory, 'packed-refs'));
  if (packed === null) return 'absent';
  const line = packed.split('\n').find((each) => each.endsWith(` refs/heads/${name}`));
  if (line === undefined) return 'absent';
  return /^([0-9a-f]{40}|[0-9a-f]{64}) /.exec(line)?.[1] ?? 'ask-git';
}

/** More files than this take longer to read than git takes to start. */
const MOST_LOOSE = 1_000;

/** Every branch and head of a pull request by its full name, likewise. `ask-git` where they are many, or not as fetches write them. */
export async function refsInFiles(directory: string): Promise<ReadonlyMap<string, Sha> | 'ask-git'> {
  const found = await readdir(join(directory, 'refs'), { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => !entry.isDirectory() && !entry.name.endsWith('.lock'));
  if (files.length > MOST_LOOSE) return 'ask-git';
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  // In this order, as above: what is gone by now stands among the packed ones.
  const texts = await Promise.all(paths.map(textOf));
  const packed = (await textOf(join(directory, 'packed-refs'))) ?? '';
  const refs = new Map(
    Array.from(packed.matchAll(/^([0-9a-f]{40,64}) (.*)$/gm), ([, sha = '', name = '']) => [name, sha]),
  );
  for (const [index, text] of texts.entries()) {
    if (text === null) continue;
    if (!/^([0-9a-f]{40}|[0-9a-f]{64})\n$/.test(text)) return 'ask-git';
    refs.set(relative(directory, paths[index] ?? ''), text.trim());
  }
  return refs;
}

/** Null where there is no such file. */
async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error) || isNoFile(error)) return null;
    throw error;
  }
}

function isNoFile(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'EISDIR' || error.code === 'ENOTDIR' || error.code === 'ENAMETOOLONG')
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
