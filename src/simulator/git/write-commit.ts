/** Writes commit objects: plain ones at once, what git would tidy up or refuse through git. */
import type { NewCommit, Signature } from './git-objects.js';
import { readLooseObject, writeLooseObject } from './loose-objects.js';
import { formatSignatureDate } from './parse-commits.js';
import { runGitOrThrow } from './run-git.js';

/** Gives the commit's SHA. Throws when its tree or parents are not there. */
export async function writeCommit(directory: string, commit: NewCommit): Promise<string> {
  if (isPlain(commit) && hasAll(directory, commit))
    return writeLooseObject(directory, 'commit', Buffer.from(toText(commit)));
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  const out = await runGitOrThrow({
    directory,
    arguments: ['commit-tree', commit.tree, ...parents],
    input: commit.message,
    environment: signatures(commit),
  });
  return out.toString('utf8').trim();
}

function toText(commit: NewCommit): string {
  const headers = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${signed(commit.author)}`,
    `committer ${signed(commit.committer)}`,
  ];
  return `${headers.join('\n')}\n\n${commit.message}`;
}

function signed({ name, email, date }: Signature): string {
  return `${name} <${email}> ${formatSignatureDate(date).replace('@', '')}`;
}

/** Git leaves out of names and addresses what would make the object ambiguous, and refuses NUL in messages. */
function isPlain({ author, committer, parents, message }: NewCommit): boolean {
  const isPlainText = (text: string): boolean =>
    /^[^<>\0-\x1f]+$/.test(text) && !/^[\s.,:;"'\\]|[\s.,:;"'\\]$/.test(text);
  return (
    [author, committer].every(
      ({ name, email, date }) => isPlainText(name) && isPlainText(email) && Number(date) >= 0,
    ) &&
    new Set(parents).size === parents.length &&
    !message.includes('\0')
  );
}

function hasAll(directory: string, { tree, parents }: NewCommit): boolean {
  if (![tree, ...parents].every((sha) => /^[0-9a-f]{40}$/.test(sha))) return false;
  const types = [tree, ...parents].map((sha) => readLooseObject(directory, sha)?.type);
  return types.every((type, index) => type === (index === 0 ? 'tree' : 'commit'));
}

function signatures(commit: NewCommit): Readonly<Record<string, string>> {
  return {
    GIT_AUTHOR_NAME: commit.author.name,
    GIT_AUTHOR_EMAIL: commit.author.email,
    GIT_AUTHOR_DATE: formatSignatureDate(commit.author.date),
    GIT_COMMITTER_NAME: commit.committer.name,
    GIT_COMMITTER_EMAIL: commit.committer.email,
    GIT_COMMITTER_DATE: formatSignatureDate(commit.committer.date),
  };
}
