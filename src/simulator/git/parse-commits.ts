/** Reads `git log -z` in our format. */
import type { Commit, Signature } from './git-objects.js';

const separator = '\x01';
export const commitFormat = ['%H', '%T', '%P', '%an', '%ae', '%at', '%cn', '%ce', '%ct', '%B'].join('%x01');

export function parseCommits(output: Buffer): readonly Commit[] {
  return output
    .toString('utf8')
    .split('\0')
    .filter((record) => record !== '')
    .map(parseCommit);
}

function parseCommit(record: string): Commit {
  const [sha = '', tree = '', parents = '', an = '', ae = '', at = '', cn = '', ce = '', ct = '', ...message] =
    record.split(separator);
  return {
    sha,
    tree,
    parents: parents === '' ? [] : parents.split(' '),
    author: signature(an, ae, at),
    committer: signature(cn, ce, ct),
    message: message.join(separator).replace(/\n+$/, ''),
  };
}

function signature(name: string, email: string, seconds: string): Signature {
  return { name, email, date: new Date(Number(seconds) * 1000) };
}

/** For GIT_AUTHOR_DATE and GIT_COMMITTER_DATE: seconds since 1970, UTC. */
export function formatSignatureDate(date: Date): string {
  return `@${Math.floor(date.getTime() / 1000)} +0000`;
}
