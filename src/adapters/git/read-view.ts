/** A whole tree with the targets of its symbolic links. */
import type { Sha } from '../../core/ids.js';
import { viewTree, type TreeView } from '../../core/tree/tree-view.js';
import type { Mirror } from '../../ports/repository.js';

/** A link's target that is longer than any path, in bytes, leads nowhere. */
const LONGEST_TARGET = 4_096;

export async function readView(mirror: Pick<Mirror, 'entries' | 'blobs'>, tree: Sha): Promise<TreeView> {
  const entries = await mirror.entries(tree);
  const links = entries.filter((entry) => entry.mode === '120000');
  const blobs = await mirror.blobs(
    links.map((link) => link.sha),
    { maxBytes: LONGEST_TARGET },
  );
  const targets = links.flatMap((link) => {
    const bytes = blobs.get(link.sha);
    return bytes === undefined ? [] : [[link.path, new TextDecoder().decode(bytes)] as const];
  });
  return viewTree(entries, new Map(targets));
}
