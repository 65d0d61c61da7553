/** Reads what `git ls-tree -z -l` writes. */
import type { TreeEntry } from './git-objects.js';

export function parseTreeEntries(output: Buffer): readonly TreeEntry[] {
  return splitRecords(output).map(parseTreeEntry);
}

/** The records of an output of git's that ends each with a zero byte (`-z`). */
export function splitRecords(output: Buffer): readonly string[] {
  return output
    .toString('utf8')
    .split('\0')
    .filter((field) => field !== '');
}

/** `mode type sha size\tpath`. */
function parseTreeEntry(record: string): TreeEntry {
  const tab = record.indexOf('\t');
  const [mode = '', type = '', sha = '', size = '-'] = record.slice(0, tab).split(/ +/);
  const entry = { mode, type: type as TreeEntry['type'], sha, path: record.slice(tab + 1) };
  return size === '-' ? entry : { ...entry, size: Number(size) };
}
