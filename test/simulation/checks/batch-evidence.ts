/** What `queue.verify: batch` promises: stale checks don't count, and what was verified together is what is merged. */
import type { World } from '../world/world.js';
import type { Facts } from './forge-facts.js';
import { targetOf } from './oracle.js';

export interface CheckedMerge {
  readonly number: number;
  readonly head: string;
  /** On the target branch. */
  readonly sha: string;
  /** The target branch as it may have been when the merge was planned. */
  readonly tips: readonly string[];
  /** Each moment since the bot's task began. */
  readonly seen: readonly Facts[];
}

interface Member {
  readonly number: number;
  readonly head: string;
}

/** Null where all is well, or where nobody asked for it: the configuration of the tip says so, and the forge demands checks. */
export function unverified(world: World, merge: CheckedMerge): string | null {
  const { rules } = world.options.setting;
  if (rules.demands === 'none' || !merge.tips.every((tip) => verifiesBatches(world, tip))) return null;
  if (merge.tips.some((tip) => isFresh(world, tip, merge.head))) return null;
  // What the branch held already could be merged without a batch.
  if (merge.tips.some((tip) => world.store.changedPaths(tip, merge.sha).length === 0)) return null;
  const batches = new Set(merge.seen.flatMap(({ batches: green }) => [...green]));
  return [...batches].some((batch) => speaksFor(world, merge, batch))
    ? null
    : 'its checks are stale, and no green batch holds what the merge brings';
}

function verifiesBatches(world: World, tip: string): boolean {
  return world.store.text(tip, '.lockkeeper.yaml')?.includes('verify: batch') === true;
}

/** Nothing of the targets and files that it changes has changed on the branch since it was made. */
function isFresh({ store }: World, tip: string, head: string): boolean {
  const [base] = store.mergeBases(tip, head);
  if (base === undefined) return false;
  const own = placesOf(store.changedPaths(base, head));
  return !store.changedPaths(base, tip).some((path) => own.has(placeOf(path)));
}

/** The target that a path lies in, or the path itself. */
function placeOf(path: string): string {
  const target = targetOf(path);
  return target === null ? path : `apps/${target.app}/envs/${target.env}/`;
}

function placesOf(paths: readonly string[]): ReadonlySet<string> {
  return new Set(paths.map(placeOf));
}

/** It was verified with this head, and holds in the places of the merge what the merge does, but for what the others in it change there. */
function speaksFor(world: World, { number, head, sha, tips }: CheckedMerge, batch: string): boolean {
  const { store } = world;
  const members = membersOf(world, batch);
  if (!members.some((member) => member.number === number && member.head === head)) return false;
  const before = tips.find((tip) => store.isAncestor(tip, sha));
  if (before === undefined) return false;
  const others = members.filter((member) => member.number !== number && store.holds(member.head));
  const theirs = new Set(
    others.flatMap((member) => {
      const [base] = store.mergeBases(before, member.head);
      return base === undefined ? [] : store.changedPaths(base, member.head);
    }),
  );
  const places = placesOf(store.changedPaths(before, sha));
  return !store.changedPaths(batch, sha).some((path) => places.has(placeOf(path)) && !theirs.has(path));
}

/** Of the batch and of what it was merged after, as its commit says. */
export function membersOf(world: World, batch: string): readonly Member[] {
  const { message } = world.store.commit(batch);
  const words = [...message.matchAll(/^Lockkeeper-(?:Batch|After): (.*)$/gm)].flatMap(([, list = '']) =>
    list.split(' '),
  );
  return words.flatMap((word) => {
    const [number, head] = word.split('@');
    return head === undefined ? [] : [{ number: Number(number), head }];
  });
}
