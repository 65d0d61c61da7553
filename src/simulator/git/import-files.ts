/** Makes a branch's first commit from files. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Signature } from './git-objects.js';
import { writeLooseObject } from './loose-objects.js';
import { writeCommit } from './write-commit.js';
import { writeTree } from './write-tree.js';

export interface FirstCommit {
  readonly branch: string;
  readonly author: Signature;
  readonly message: string;
  /** Path → text. */
  readonly files: Readonly<Record<string, string>>;
}

/** For a repository that nobody else knows yet. */
export async function importFiles(directory: string, commit: FirstCommit): Promise<void> {
  const { author, branch, message } = commit;
  const files = Object.entries(commit.files).map(([path, text]) => ({
    path,
    mode: '100644',
    sha: writeLooseObject(directory, 'blob', Buffer.from(text)),
  }));
  const tree = await writeTree(directory, undefined, files);
  const sha = await writeCommit(directory, { tree, parents: [], author, committer: author, message });
  const ref = join(directory, 'refs', 'heads', branch);
  await mkdir(dirname(ref), { recursive: true });
  await writeFile(ref, `${sha}\n`);
}
