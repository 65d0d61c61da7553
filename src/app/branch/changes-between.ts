/** What has to be written to make one tree of another. */
import type { Sha } from '../../core/ids.js';
import { Unavailable } from '../../core/problem.js';
import type { FileChange } from '../../ports/contents.js';
import type { Mirror } from '../../ports/repository.js';

/** With all contents, for what git merged may be nowhere but here. Submodules can't be written: they are left as they are. */
export async function changesBetween(mirror: Mirror, from: Sha, to: Sha): Promise<readonly FileChange[]> {
  const paths = new Set(await mirror.changedPaths(from, to));
  const entries = (await mirror.entries(await mirror.treeOf(to))).filter(({ path }) => paths.has(path));
  const blobs = await mirror.blobs(entries.filter(({ mode }) => mode !== '160000').map(({ sha }) => sha));
  const written = entries.flatMap(({ path, mode, sha }): readonly FileChange[] => {
    if (mode === '160000') return [];
    const content = blobs.get(sha);
    if (content === undefined) throw new Unavailable(`${sha} could not be read`);
    return [{ kind: 'write', path, content, mode, blob: null }];
  });
  const there = new Set(entries.map(({ path }) => path));
  const deleted = [...paths].filter((path) => !there.has(path)).map((path): FileChange => ({ kind: 'delete', path }));
  return [...written, ...deleted];
}
