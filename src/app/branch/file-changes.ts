/** Carried changes as writes of files in the repository. */
import type { CarriedChange } from '../../core/promotion/carried-set.js';
import { Unavailable } from '../../core/problem.js';
import type { FileChange } from '../../ports/contents.js';
import type { Mirror } from '../../ports/repository.js';

export async function fileChanges(
  mirror: Mirror,
  directory: string,
  changes: readonly CarriedChange[],
): Promise<readonly FileChange[]> {
  const copies = changes.flatMap((change) => (change.kind === 'copy' ? [change.blob] : []));
  const blobs = await mirror.blobs(copies);
  return changes.map((change): FileChange => {
    const path = `${directory}/${change.path}`;
    if (change.kind === 'delete') return { kind: 'delete', path };
    if (change.kind === 'edit')
      return { kind: 'write', path, content: new TextEncoder().encode(change.text), mode: change.mode, blob: null };
    const content = blobs.get(change.blob);
    if (content === undefined) throw new Unavailable(`${change.blob} could not be read`);
    return { kind: 'write', path, content, mode: change.mode, blob: change.blob };
  });
}
