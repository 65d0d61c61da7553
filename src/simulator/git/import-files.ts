/** Makes a branch's first commit from files, in one run of git. */
import type { Signature } from './git-objects.js';
import { runGitOrThrow } from './run-git.js';

export interface FirstCommit {
  readonly branch: string;
  readonly author: Signature;
  readonly message: string;
  /** Path → text. */
  readonly files: Readonly<Record<string, string>>;
}

export async function importFiles(directory: string, commit: FirstCommit): Promise<void> {
  const { name, email, date } = commit.author;
  const lines = [
    `commit refs/heads/${commit.branch}`,
    `committer ${name} <${email}> ${Math.floor(date.getTime() / 1000)} +0000`,
    data(commit.message),
    ...Object.entries(commit.files).map(([path, text]) => `M 100644 inline ${quoted(path)}\n${data(text)}`),
    'done\n',
  ];
  await runGitOrThrow({
    directory,
    arguments: ['fast-import', '--quiet', '--done', '--date-format=raw'],
    input: lines.join('\n'),
  });
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
