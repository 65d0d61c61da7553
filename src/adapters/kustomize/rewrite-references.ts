/** Makes kustomizations in a work place name what was fetched where it lies, in place of where it came from. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rewrite } from '../../core/plan/dependencies/trace-build.js';
import { findPlace } from '../../core/tree/tree-view.js';
import type { WorkPlace } from '../tree/work-place.js';
import type { ReadableTree } from './fetched-tree.js';

/** Only the references change: everything else keeps its place, so that kustomize's words about lines stay true. */
export async function rewriteReferences(
  { view, mirror }: ReadableTree,
  rewrites: ReadonlyMap<string, readonly Rewrite[]>,
  { tree }: WorkPlace,
): Promise<void> {
  for (const [path, ofFile] of rewrites) {
    const place = findPlace(view, path);
    if (place.kind !== 'file') continue;
    const bytes = (await mirror.blobs([place.entry.sha])).get(place.entry.sha);
    const text = rewritten(new TextDecoder().decode(bytes), ofFile);
    // A file of its own, also where it was a link to what others read.
    await rm(join(tree, path), { force: true });
    await writeFile(join(tree, path), text);
  }
}

function rewritten(text: string, rewrites: readonly Rewrite[]): string {
  return rewrites
    .toSorted((one, other) => other.at[0] - one.at[0])
    .reduce((so, { at: [start, end], text: written }) => `${so.slice(0, start)}${written}${so.slice(end)}`, text);
}
