/** Commit objects as git stores them: https://git-scm.com/docs/gitformat-commit */
import type { Commit } from '../../core/forge-objects.js';
import type { Sha } from '../../core/ids.js';
import { textOf } from './latin1.js';

export interface StoredCommit {
  readonly sha: Sha;
  readonly tree: Sha;
  readonly parents: readonly Sha[];
  /** Seconds since 1970 of its committer, by which git orders. */
  readonly date: number;
  /** As `git log` tells it; null where only git can tell: another encoding, names and dates that it would tidy up. */
  readonly told: Commit | null;
}

interface Signature {
  readonly name: string;
  readonly email: string;
  readonly seconds: number;
}

const HEADERS =
  /^tree ([0-9a-f]{40,64})\n((?:parent [0-9a-f]{40,64}\n)*)author ([^\n]*)\ncommitter ([^\n]*)\n((?:[^\n]+\n)*)\n/;

/** Null for what is not laid out as git itself writes commits. */
export function parseCommit(sha: Sha, bytes: Uint8Array): StoredCommit | null {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const [headers, tree = '', parentLines = '', author = '', committer = '', more = ''] = HEADERS.exec(latin1) ?? [];
  const [, date] = /^[^>]*> (\d{1,12}) [+-]\d{4}$/.exec(committer) ?? [];
  if (headers === undefined || date === undefined) return null;
  const parents = Array.from(parentLines.matchAll(/ (.*)\n/g), ([, parent = '']) => parent);
  const words = isPlain(more, latin1) ? tell(author, committer, latin1.slice(headers.length)) : null;
  return { sha, tree, parents, date: Number(date), told: words === null ? null : { sha, parents, ...words } };
}

/** Headers of these names count wherever they stand. */
function isPlain(headers: string, whole: string): boolean {
  return !/^(?:encoding|author|committer) /m.test(headers) && !whole.includes('\0');
}

function tell(author: string, committer: string, message: string): Omit<Commit, 'sha' | 'parents'> | null {
  const [writer, maker] = [parseSignature(author), parseSignature(committer)];
  if (writer === null || maker === null) return null;
  return {
    subject: textOf(subjectOf(message)),
    message: textOf(message),
    authorName: textOf(writer.name),
    authorEmail: textOf(writer.email),
    committerName: textOf(maker.name),
    committerEmail: textOf(maker.email),
    committedAt: maker.seconds * 1000,
  };
}

/** Null for what git has rules of its own for. */
function parseSignature(line: string): Signature | null {
  const [, name, email, seconds] = /^([^<>]*[^<>\s]) <([^<>\s]+)> (\d{1,12}) [+-]\d{4}$/.exec(line) ?? [];
  if (name === undefined || email === undefined || seconds === undefined || /^\s/.test(name)) return null;
  return { name, email, seconds: Number(seconds) };
}

/** The first lines that hold something, as one. https://git-scm.com/docs/pretty-formats */
function subjectOf(message: string): string {
  const lines = message.split('\n').map((line) => line.replace(/[ \t\r]+$/, ''));
  const first = lines.findIndex((line) => line !== '');
  if (first === -1) return '';
  const end = lines.indexOf('', first);
  return lines.slice(first, end === -1 ? undefined : end).join(' ');
}
