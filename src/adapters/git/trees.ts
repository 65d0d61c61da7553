/** Trees of one repository, parsed and remembered: they are named by their content, and most of a tree is in the next one too. */
import { Unavailable } from '../../core/problem.js';
import type { Sha } from '../../core/ids.js';
import { LastFew } from './last-few.js';
import type { StoredObject } from './object-reader.js';
import { parseTree, type TreeItem } from './tree-object.js';

/** In bytes, about: a hundred thousand items. */
const CAPACITY = 16 * 1024 * 1024;
/** Of an item beside its name and id, and of a tree, about. */
const OVERHEAD = 112;

export class Trees {
  readonly #trees = new LastFew<readonly TreeItem[]>({ capacity: CAPACITY, weigh: weightOf });

  /** `read`: rejects with `Unavailable` where there is no such object. */
  constructor(
    readonly label: string,
    private readonly read: (sha: Sha) => Promise<StoredObject>,
  ) {}

  /** Those that are asked for together are read together. Rejects with `Unavailable`. */
  of(sha: Sha): Promise<readonly TreeItem[]> {
    return this.#trees.of(sha, () => this.#parse(sha));
  }

  clear(): void {
    this.#trees.clear();
  }

  async #parse(sha: Sha): Promise<readonly TreeItem[]> {
    const { type, bytes } = await this.read(sha);
    const items = type === 'tree' ? parseTree(bytes, sha.length / 2) : null;
    if (items === null) throw new Unavailable(`The tree ${sha} of ${this.label} is malformed`);
    return items;
  }
}

function weightOf(items: readonly TreeItem[]): number {
  return items.reduce((sum, { name, sha }) => sum + OVERHEAD + name.length + sha.length, OVERHEAD);
}
