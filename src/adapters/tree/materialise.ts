/** Writes a part of a git tree to a directory, so that nothing in it can write or lead outside. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { TreeEntry } from '../../core/forge-objects.js';
import { filesBelow, findPlace, type TreeView } from '../../core/tree/tree-view.js';
import type { Mirror } from '../../ports/repository.js';

/** In bytes; larger files are left out. */
export const LARGEST_FILE = 5 * 1024 * 1024;

const MOST_FILES = 20_000;
/** Of all files together. */
const MOST_BYTES = 256 * 1024 * 1024;
/** Files in memory at once: at most 80 MB. */
const BATCH = 16;

type Materialised =
  | { readonly kind: 'written'; readonly leftOut: readonly string[] }
  | { readonly kind: 'refused'; readonly file: string | null; readonly message: string };

/** Files below (or at) `directories`, and every symbolic link of the tree that stays in it: a base may be reached through one. */
export async function materialise(
  mirror: Pick<Mirror, 'blobs'>,
  view: TreeView,
  directories: readonly string[],
  into: string,
): Promise<Materialised> {
  const unsafe = findUnsafe(view, directories);
  if (unsafe !== null) return unsafe;
  const files = below(view, directories).filter((entry) => entry.mode !== '120000' && entry.mode !== '160000');
  if (files.length > MOST_FILES)
    return refused(null, `The build reaches ${files.length} files, more than ${MOST_FILES}`);
  const leftOut: string[] = [];
  const directoriesOfFiles = new Set(files.map((file) => posix.dirname(file.path)));
  await Promise.all([...directoriesOfFiles].map((directory) => mkdir(join(into, directory), { recursive: true })));
  let total = 0;
  for (let start = 0; start < files.length; start += BATCH) {
    const written = await writeFiles(mirror, files.slice(start, start + BATCH), into);
    total += written.bytes;
    leftOut.push(...written.leftOut);
    if (total > MOST_BYTES) return refused(null, `The build reaches more than ${MOST_BYTES} bytes`);
  }
  // Last: before there are links, no file can be written through one.
  await writeLinks(view, into);
  return { kind: 'written', leftOut };
}

type Refused = Extract<Materialised, { kind: 'refused' }>;

/** What below (or at) `directories` must not be given to a file system: names that git would never write, links that lead out. */
export function findUnsafe(view: TreeView, directories: readonly string[]): Refused | null {
  for (const entry of below(view, directories)) {
    if (!isSafe(entry.path)) return refused(entry.path, 'The path has a part that no file system should be given');
    if (entry.mode === '120000' && findPlace(view, entry.path).kind === 'outside')
      return refused(entry.path, 'The symbolic link leads out of the repository');
  }
  return null;
}

/** Each entry once. */
function below(view: TreeView, directories: readonly string[]): readonly TreeEntry[] {
  const found = new Map<string, TreeEntry>();
  for (const directory of directories) {
    const entry = view.entries.get(directory);
    if (entry !== undefined) found.set(directory, entry);
    for (const each of filesBelow(view, directory)) found.set(each.path, each);
  }
  return [...found.values()];
}

async function writeFiles(
  mirror: Pick<Mirror, 'blobs'>,
  files: readonly TreeEntry[],
  into: string,
): Promise<{ readonly bytes: number; readonly leftOut: readonly string[] }> {
  const blobs = await mirror.blobs(
    files.map((file) => file.sha),
    { maxBytes: LARGEST_FILE },
  );
  const sizes = await Promise.all(
    files.map(async ({ path, sha, mode }) => {
      const content = blobs.get(sha);
      if (content === undefined) return 0;
      await writeFile(join(into, path), content, { flag: 'wx', mode: mode === '100755' ? 0o700 : 0o600 });
      return content.length;
    }),
  );
  const leftOut = files.filter(({ sha }) => !blobs.has(sha)).map(({ path }) => path);
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), leftOut };
}

async function writeLinks(view: TreeView, into: string): Promise<void> {
  for (const [path, target] of view.links) {
    const place = findPlace(view, path);
    if (!isSafe(path) || (place.kind !== 'file' && place.kind !== 'directory')) continue;
    await mkdir(join(into, posix.dirname(path)), { recursive: true });
    await symlink(target, join(into, path));
  }
}

/** Trees made by hand may hold names that git itself would never write. */
function isSafe(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git');
}

function refused(file: string | null, message: string): Refused {
  return { kind: 'refused', file, message };
}
