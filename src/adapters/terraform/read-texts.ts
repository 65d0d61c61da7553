/** Text files of the tree, symbolic links followed. */
import { readText } from '../../core/tree/read-text.js';
import { findPlace } from '../../core/tree/tree-view.js';
import type { RenderResult, RenderSource } from '../../ports/renderer.js';
import { LARGEST_FILE } from '../tree/materialise.js';
import { failed } from './run-terraform.js';

/** More files of one target are no configuration. */
const MOST_FILES = 5_000;

export async function readTexts(
  { mirror, tree, directory }: RenderSource,
  paths: readonly string[],
): Promise<
  { readonly kind: 'texts'; readonly texts: ReadonlyMap<string, string> } | Extract<RenderResult, { kind: 'failed' }>
> {
  if (paths.length > MOST_FILES) return failed(directory, `There are more than ${MOST_FILES} files`);
  const view = await mirror.view(tree);
  const texts = new Map<string, string>();
  for (const path of paths) {
    const place = findPlace(view, path);
    if (place.kind === 'outside') return failed(path, 'The symbolic link leads out of the repository');
    if (place.kind !== 'file') return failed(path, 'The symbolic link leads to no file');
    const bytes = (await mirror.blobs([place.entry.sha], { maxBytes: LARGEST_FILE })).get(place.entry.sha);
    if (bytes === undefined) return failed(path, `The file is larger than ${LARGEST_FILE} bytes`);
    const text = readText(bytes);
    if (text === null) return failed(path, 'The file is not UTF-8 text');
    texts.set(path, text);
  }
  return { kind: 'texts', texts };
}
