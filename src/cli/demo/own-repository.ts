/** A git repository of the user's own, as far as the demo needs it: the last commit of the branch that is checked out. */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { parseConfiguration } from '../../config/parse-configuration.js';
import type { Configuration } from '../../core/configuration.js';
import type { Files } from './versions.js';

type OwnRepository =
  | {
      readonly kind: 'found';
      readonly path: string;
      readonly branch: string;
      readonly configuration: Configuration;
      readonly files: Files;
    }
  /** In sentences for people. */
  | { readonly kind: 'unfit'; readonly problems: readonly [string, ...string[]] };

const run = promisify(execFile);
const FILE = '.lockkeeper.yaml';

/** The repository itself is only read. */
export async function readOwnRepository(given: string): Promise<OwnRepository> {
  const path = resolve(given);
  if (!(await isDirectory(path))) return unfit(`There is no directory ${path}.`);
  if ((await git(path, ['rev-parse', '--git-dir'])) === null) return unfit(`${path} is no git repository.`);
  const top = (await git(path, ['rev-parse', '--show-toplevel']))?.trim();
  const branch = (await git(path, ['symbolic-ref', '--quiet', '--short', 'HEAD']))?.trim();
  if (branch === undefined) return unfit(`${path} has no branch checked out: check out the one to play on.`);
  const listing = await git(path, ['ls-tree', '-r', '-z', '--full-tree', '--name-only', 'HEAD']);
  if (listing === null) return unfit(`${path} has no commit on ${branch} yet.`);
  const text = await git(path, ['cat-file', 'blob', `HEAD:${FILE}`]);
  if (text === null)
    return unfit(`${path} has no ${FILE} in the last commit of ${branch}; what is not committed is not played.`);
  const parsed = parseConfiguration(text, FILE);
  if (parsed.kind === 'invalid') {
    const problems = parsed.problems.map(({ line, column, message }) => `${FILE}:${line}:${column} ${message}`);
    return unfit(`${FILE} in the last commit of ${branch} is broken:`, ...problems);
  }
  const paths = listing.split('\0').filter((each) => each !== '');
  const files: Files = {
    paths: () => Promise.resolve(paths),
    text: async (each) => (await git(path, ['cat-file', 'blob', `HEAD:${each}`])) ?? '',
  };
  return {
    kind: 'found',
    path: top === undefined || top === '' ? path : top,
    branch,
    configuration: parsed.configuration,
    files,
  };
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    if (cause instanceof Error) return false;
    throw cause;
  }
}

/** What git prints, or null where it refuses. */
async function git(directory: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await run('git', ['-C', directory, ...args], { maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && typeof cause.code === 'number') return null;
    throw cause;
  }
}

function unfit(first: string, ...more: readonly string[]): OwnRepository {
  return { kind: 'unfit', problems: [first, ...more] };
}
