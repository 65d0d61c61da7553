/**
 * Which refs of the remote a mirror is known to hold, as a digest in a file of its own: while the remote tells the same ones, there is
 * nothing to fetch. The file is removed before each fetch and written only when the mirror's refs were compared after it, so that it
 * never speaks of refs which another process, or one that was killed, has moved since.
 */
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha } from '../../core/ids.js';
import { gitOutput, type GitContext } from './git-command.js';
import { refsInFiles } from './mirror-directory.js';

const FILE = 'lockkeeper-refs';

/** Refs of branches and pull requests, by full name. */
export type Refs = ReadonlyMap<string, Sha>;

/** True if the mirror holds exactly these. */
export async function standsAt({ directory }: GitContext, refs: Refs): Promise<boolean> {
  try {
    return (await readFile(join(directory, FILE), 'utf8')) === digestOf(refs);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

export async function forgetStanding({ directory }: GitContext): Promise<void> {
  await rm(join(directory, FILE), { force: true });
}

/** After a fetch: remembered only if these are what it brought, for the remote may have moved in between. */
export async function rememberStanding(context: GitContext, refs: Refs): Promise<void> {
  const read = await refsInFiles(context.directory);
  const here = read === 'ask-git' ? await listRefs(context) : read;
  const digest = digestOf(refs);
  if (digestOf(here) === digest) await writeFile(join(context.directory, FILE), digest);
}

async function listRefs(context: GitContext): Promise<Refs> {
  const output = await gitOutput(context, { arguments: ['for-each-ref', '--format=%(objectname) %(refname)'] });
  const lines = new TextDecoder().decode(output).matchAll(/^(\S+) (.*)$/gm);
  return new Map(Array.from(lines, ([, sha = '', name = '']) => [name, sha]));
}

function digestOf(refs: Refs): string {
  const lines = [...refs].map(([name, sha]) => `${sha} ${name}\n`).toSorted();
  return createHash('sha256').update(lines.join('')).digest('hex');
}
