/** Which paths differ between two trees, as `git diff-tree -r --name-only --no-renames` tells, without starting git. */
import type { Sha } from '../../core/ids.js';
import { textOf } from './latin1.js';
import { TreeLimits } from './tree-limits.js';
import { compareItems, type TreeItem } from './tree-object.js';
import type { Trees } from './trees.js';
import { unfoldTree } from './unfold-tree.js';

/** A place at which two trees differ; null for the side that has nothing there. */
interface Place {
  readonly name: string;
  /** Both sides are directories, or neither. */
  readonly kind: 'directory' | 'file';
  readonly was: Sha | null;
  readonly is: Sha | null;
}

type Sides = Pick<Place, 'was' | 'is'>;

/** By {@link keyOf}. */
type Loaded = ReadonlyMap<string, readonly Place[]>;

/**
 * In git's order; what became a directory, or was one, is named with the files that are or were in it. Null stands for nothing at all.
 * Rejects with `Unavailable` where a tree is not there, is malformed, or differs in more than {@link TreeLimits} allow.
 */
export async function compareTrees(trees: Trees, before: Sha | null, after: Sha | null): Promise<readonly string[]> {
  if (before === after) return [];
  const limits = new TreeLimits(trees.label);
  const top = { was: before, is: after };
  const loaded = await load(trees, top, limits);
  const paths: string[] = [];
  unfoldTree<Place>(
    {
      top: loaded.get(keyOf(top)) ?? [],
      below: (place) => (place.kind === 'directory' ? (loaded.get(keyOf(place)) ?? []) : null),
      onFile: (_, path) => paths.push(textOf(path)),
    },
    limits,
  );
  return paths;
}

function keyOf({ was, is }: Sides): string {
  return `${was} ${is}`;
}

/** Every two directories that differ below these, each two once, those of a level together. */
async function load(trees: Trees, top: Sides, limits: TreeLimits): Promise<Loaded> {
  const itemsOf = async (sha: Sha | null): Promise<readonly TreeItem[]> => (sha === null ? [] : trees.of(sha));
  const loaded = new Map<string, readonly Place[]>();
  let level: ReadonlyMap<string, Sides> = new Map([[keyOf(top), top]]);
  for (let depth = 0; level.size > 0; depth += 1) {
    limits.level(depth);
    await Promise.all(
      Array.from(level, async ([key, { was, is }]) => {
        const [before, after] = await Promise.all([itemsOf(was), itemsOf(is)]);
        loaded.set(key, alongside(before, after));
      }),
    );
    const next = new Map<string, Sides>();
    for (const key of level.keys())
      for (const place of loaded.get(key) ?? [])
        if (place.kind === 'directory' && !loaded.has(keyOf(place))) next.set(keyOf(place), place);
    level = next;
  }
  return loaded;
}

/** What differs, each with what stands at the same place on the other side: the walk that git makes, also where a tree is out of order. */
function alongside(before: readonly TreeItem[], after: readonly TreeItem[]): readonly Place[] {
  const places: Place[] = [];
  let [left, right] = [0, 0];
  while (left < before.length || right < after.length) {
    const [was, is] = firstOf(before[left], after[right]);
    if (was !== undefined) left += 1;
    if (is !== undefined) right += 1;
    places.push(...placeOf(was, is));
  }
  return places;
}

/** None where both sides are the same. */
function placeOf(was: TreeItem | undefined, is: TreeItem | undefined): readonly Place[] {
  const item = was ?? is;
  if (item === undefined || isSame(was, is)) return [];
  const kind = item.mode === '40000' ? 'directory' : 'file';
  return [{ name: item.name, kind, was: was?.sha ?? null, is: is?.sha ?? null }];
}

function isSame(was: TreeItem | undefined, is: TreeItem | undefined): boolean {
  return was?.sha === is?.sha && was?.mode === is?.mode;
}

/** The one that comes first, or both where they stand at one place. */
function firstOf(
  was: TreeItem | undefined,
  is: TreeItem | undefined,
): readonly [was: TreeItem | undefined, is: TreeItem | undefined] {
  if (was === undefined || is === undefined) return [was, is];
  const order = compareItems(was, is);
  return [order <= 0 ? was : undefined, order >= 0 ? is : undefined];
}
