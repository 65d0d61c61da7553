/** Reads a commit object as git stores it. */
import type { Commit, Signature } from './git-objects.js';

/** Undefined for what needs git itself to read: other encodings than UTF-8, signatures of unusual form. */
export function parseCommitObject(sha: string, content: Buffer): Commit | undefined {
  const text = content.toString('utf8');
  const end = text.indexOf('\n\n');
  if (end === -1) return undefined;
  const headers = text.slice(0, end).split('\n');
  const valuesOf = (key: string): readonly string[] =>
    headers.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const message = text.slice(end + 2);
  const [tree] = valuesOf('tree');
  const author = signature(valuesOf('author'));
  const committer = signature(valuesOf('committer'));
  if (tree === undefined || author === undefined || committer === undefined) return undefined;
  // Git re-codes other encodings, and its `%B` leaves out empty lines at the start.
  if (valuesOf('encoding').length > 0 || message.startsWith('\n')) return undefined;
  return { sha, tree, parents: valuesOf('parent'), author, committer, message: message.replace(/\n+$/, '') };
}

function signature([line, ...others]: readonly string[]): Signature | undefined {
  const found = /^([^<>]*) <([^<>]*)> (\d+) [+-]\d{4}$/.exec(line ?? '');
  if (found === null || others.length > 0) return undefined;
  const [, name = '', email = '', seconds = ''] = found;
  return { name, email, date: new Date(Number(seconds) * 1000) };
}
