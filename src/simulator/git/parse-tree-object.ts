/** Reads a tree object as git stores it: `MODE NAME<NUL>` and the bytes of the SHA, again and again. */

export interface TreeItem {
  readonly name: string;
  /** Without a zero in front: `40000` is a folder. */
  readonly mode: string;
  readonly sha: string;
}

const shaBytes = 20;

export function parseTreeObject(content: Buffer): readonly TreeItem[] {
  const items: TreeItem[] = [];
  for (let at = 0; at < content.length;) {
    const nul = content.indexOf(0, at);
    const [mode = '', ...name] = content.toString('utf8', at, nul).split(' ');
    items.push({ mode, name: name.join(' '), sha: content.toString('hex', nul + 1, nul + 1 + shaBytes) });
    at = nul + 1 + shaBytes;
  }
  return items;
}
