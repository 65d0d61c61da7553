/** Reads `git diff-tree --raw --numstat -p -z`: raw entries, numbers of lines and patches, each in the same order. */
import type { FileDifference } from './git-objects.js';

interface RawEntry {
  readonly oldMode: string;
  readonly newMode: string;
  readonly oldSha: string;
  readonly newSha: string;
  readonly letter: string;
  readonly paths: readonly string[];
}

export function parseDifferences(output: string): readonly FileDifference[] {
  // Between the numbers and the patches is an empty field; paths are never empty, so it is the first such.
  const end = output.indexOf('\0\0diff --git ');
  const fields = (end === -1 ? output : output.slice(0, end)).split('\0');
  const { entries, rest } = parseRaw(fields);
  const counts = parseNumbers(rest);
  const hunks = end === -1 ? [] : splitPatches(output.slice(end + 2));
  return entries.map((entry, index) => {
    const path = entry.paths.at(-1) ?? '';
    const { additions, deletions } = counts[index] ?? { additions: 0, deletions: 0 };
    const patch = hunks[index];
    return {
      status: statusOf(entry.letter),
      path,
      previousPath: entry.paths[0] ?? path,
      oldMode: entry.oldMode,
      newMode: entry.newMode,
      oldSha: entry.oldSha,
      newSha: entry.newSha,
      additions,
      deletions,
      ...(patch === undefined ? {} : { patch }),
    };
  });
}

function parseRaw(fields: readonly string[]): {
  readonly entries: readonly RawEntry[];
  readonly rest: readonly string[];
} {
  const entries: RawEntry[] = [];
  let at = 0;
  while (fields[at]?.startsWith(':') === true) {
    const [oldMode = '', newMode = '', oldSha = '', newSha = '', status = ''] = (fields[at] ?? '').slice(1).split(' ');
    const letter = status.charAt(0);
    const count = letter === 'R' || letter === 'C' ? 2 : 1;
    entries.push({ oldMode, newMode, oldSha, newSha, letter, paths: fields.slice(at + 1, at + 1 + count) });
    at += 1 + count;
  }
  return { entries, rest: fields.slice(at) };
}

/** A rename is `added\tdeleted\t`, then the two paths as fields of their own. Binary files have `-`. */
function parseNumbers(
  fields: readonly string[],
): readonly { readonly additions: number; readonly deletions: number }[] {
  const counts: { additions: number; deletions: number }[] = [];
  for (let at = 0; at < fields.length; at += 1) {
    const [added = '', deleted = '', path = ''] = (fields[at] ?? '').split('\t');
    counts.push({ additions: Number(added) || 0, deletions: Number(deleted) || 0 });
    if (path === '') at += 2;
  }
  return counts;
}

/** For each file, its patch from the first `@@`, or undefined where there is none. */
function splitPatches(text: string): readonly (string | undefined)[] {
  return text
    .split(/^diff --git /m)
    .slice(1)
    .map((section) => {
      const start = section.search(/^@@ /m);
      return start === -1 ? undefined : section.slice(start).replace(/\n$/, '');
    });
}

function statusOf(letter: string): FileDifference['status'] {
  switch (letter) {
    case 'A':
      return 'added';
    case 'D':
      return 'removed';
    case 'R':
      return 'renamed';
    default:
      return 'modified';
  }
}
