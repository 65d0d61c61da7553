/** A directory of its own for one run of a tool, removed again whatever happens. */
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface WorkPlace {
  /** Of the three directories below. */
  readonly root: string;
  /** Where files of the repository are written; tools run in it. */
  readonly tree: string;
  /** What the tool takes for its user's directory and for the place of temporary files. */
  readonly home: string;
  /** What we give the tool beside the repository; from the tree it is {@link INPUTS}. */
  readonly inputs: string;
}

/** From the top of the tree. */
export const INPUTS = '../inputs';

/** `tool` goes into the directory's name. `temporaryDirectory`: the system's own place when absent. */
export async function inWorkPlace<T>(
  { tool, temporaryDirectory }: { readonly tool: string; readonly temporaryDirectory?: string | undefined },
  use: (place: WorkPlace) => Promise<T>,
): Promise<T> {
  const made = await mkdtemp(join(temporaryDirectory ?? tmpdir(), `lockkeeper-${tool}-`));
  try {
    const root = await realpath(made);
    const place = { root, tree: join(root, 'tree'), home: join(root, 'home'), inputs: join(root, 'inputs') };
    await Promise.all([place.tree, place.home, place.inputs].map((directory) => mkdir(directory)));
    return await use(place);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}
