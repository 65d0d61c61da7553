/** Tree objects as git stores them: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects#_tree_objects */
import type { TreeEntry } from '../../core/forge-objects.js';
import type { Sha } from '../../core/ids.js';

export interface TreeItem {
  /** Its bytes, each as one character (Latin-1), so that items compare as git compares them; see latin1.ts. */
  readonly name: string;
  readonly mode: TreeEntry['mode'] | '40000';
  readonly sha: Sha;
}

const SPACE = 32;
const ZERO = 48;
const SEVEN = 55;
const SLASH = '/';

/** In its order. Null for what git would not read either, and for names with a slash, which no path leads to. */
export function parseTree(tree: Uint8Array, idBytes: number): readonly TreeItem[] | null {
  const bytes = Buffer.from(tree.buffer, tree.byteOffset, tree.byteLength);
  const items: TreeItem[] = [];
  for (let start = 0; start < bytes.length;) {
    const nul = bytes.indexOf(0, start);
    const space = bytes.indexOf(SPACE, start);
    const end = nul + 1 + idBytes;
    if (nul === -1 || end > bytes.length || space <= start || space + 1 >= nul) return null;
    const mode = readMode(bytes, start, space);
    const name = bytes.toString('latin1', space + 1, nul);
    if (mode === null || name.includes(SLASH)) return null;
    items.push({ name, mode, sha: bytes.toString('hex', nul + 1, end) });
    start = end;
  }
  return items;
}

/** Old repositories hold other permissions (100664), and some write zeros in front: git itself reads them as these. */
function readMode(bytes: Buffer, start: number, end: number): TreeItem['mode'] | null {
  let mode = 0;
  for (let at = start; at < end; at += 1) {
    const digit = bytes[at] ?? 0;
    if (digit < ZERO || digit > SEVEN) return null;
    mode = ((mode << 3) | (digit - ZERO)) >>> 0;
  }
  switch (mode & 0o170000) {
    case 0o100000:
      return (mode & 0o100) === 0 ? '100644' : '100755';
    case 0o120000:
      return '120000';
    case 0o040000:
      return '40000';
    default:
      return '160000';
  }
}

/** Negative where `one` comes first: by bytes, directories as if their names ended in a slash. */
export function compareItems(one: TreeItem, other: TreeItem): number {
  const a = sortedAs(one);
  const b = sortedAs(other);
  return a < b ? -1 : a > b ? 1 : 0;
}

function sortedAs({ name, mode }: TreeItem): string {
  return mode === '40000' ? name + SLASH : name;
}
