/** Which paths differ between two trees, as `git diff-tree -r --name-only --no-renames` tells, without starting git. */
import type { Sha } from '../../core/ids.js';
import { textOf } from './latin1.js';
import { TreeLimits } from './tree-limits.js';
import { compareItems, type TreeItem } from './tree-object.js';
import type { Trees } from './trees.js';

/** Two trees at one place that are not the same one; null where there is none. */
interface Pair {
  /** With its final slash, '' at the top. */
  readonly prefix: string;
  readonly before: Sha | null;
  readonly after: Sha | null;
  /** Paths and pairs below, in git's order; filled once both trees are read. */
  steps: readonly (string | Pair)[];
}

/**
 * In git's order; what became a directory, or was one, is named with the files that are or were in it. Null stands for nothing at all.
 * Rejects with `Unavailable` where a tree is not there, is malformed, or differs in more than {@link TreeLimits} allow.
 */
export async function compareTrees(trees: Trees, before: Sha | null, after: Sha | null): Promise<readonly string[]> {
  if (before === after) return [];
  const limits = new TreeLimits(trees.label);
  const top: Pair = { prefix: '', before, after, steps: [] };
  let level: readonly Pair[] = [top];
  for (let depth = 0; level.length > 0; depth += 1) {
    limits.level(depth);
    await Promise.all(level.map((pair) => step(trees, pair, limits)));
    level = level.flatMap((pair) => pair.steps.filter((each) => typeof each !== 'string'));
  }
  return pathsOf(top);
}

async function step(trees: Trees, pair: Pair, limits: TreeLimits): Promise<void> {
  const itemsOf = async (sha: Sha | null): Promise<readonly TreeItem[]> => (sha === null ? [] : trees.of(sha));
  const [before, after] = await Promise.all([itemsOf(pair.before), itemsOf(pair.after)]);
  pair.steps = alongside(before, after).map(({ item, was, is }) => {
    const path = pair.prefix + item.name;
    limits.count(path);
    if (item.mode !== '40000') return path;
    return { prefix: `${path}/`, before: was?.sha ?? null, after: is?.sha ?? null, steps: [] };
  });
}

interface Place {
  /** Either of the two: they have one name, and both are directories or neither. */
  readonly item: TreeItem;
  readonly was: TreeItem | null;
  readonly is: TreeItem | null;
}

/** What differs, each with what stands at the same place on the other side: the walk that git makes, also where a tree is out of order. */
function alongside(before: readonly TreeItem[], after: readonly TreeItem[]): readonly Place[] {
  const places: Place[] = [];
  let [left, right] = [0, 0];
  for (;;) {
    const place = standingAt(before[left], after[right]);
    if (place === null) break;
    if (place.was !== null) left += 1;
    if (place.is !== null) right += 1;
    places.push(place);
  }
  return places.filter(({ was, is }) => was?.sha !== is?.sha || was?.mode !== is?.mode);
}

/** The one that comes first, or both where they stand at one place. */
function standingAt(was: TreeItem | undefined, is: TreeItem | undefined): Place | null {
  if (was === undefined) return is === undefined ? null : { item: is, was: null, is };
  if (is === undefined) return { item: was, was, is: null };
  const order = compareItems(was, is);
  if (order === 0) return { item: is, was, is };
  return order < 0 ? { item: was, was, is: null } : { item: is, was: null, is };
}

function pathsOf(top: Pair): readonly string[] {
  const paths: string[] = [];
  const left: (string | Pair)[] = [top];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next === 'string') paths.push(textOf(next));
    else for (const each of next.steps.toReversed()) left.push(each);
  }
  return paths;
}
