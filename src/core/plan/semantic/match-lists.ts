/** Which item of one list is which item of another. */
import type { EqualValues } from './equal-values.js';
import { listRule, type ItemKey, type ListContext, type ListOrder } from './list-rules.js';

export interface ListMatch {
  /** Matched pairs in the order of the new list, then what is gone; at least one side of each is there. */
  readonly pairs: readonly ItemPair[];
  /** `elsewhere`: what is in both lists stands in another order. */
  readonly order: 'same' | 'elsewhere';
  readonly rule: ListOrder;
  /** Names of the items that are in both lists, in the order of each; null where items have no names. */
  readonly names: { readonly before: readonly string[]; readonly after: readonly string[] } | null;
}

/** Positions in the two lists, null where the item is only in the other. */
export interface ItemPair {
  readonly before: number | null;
  readonly after: number | null;
  /** What the item is called in a path: its key, or its position (in the new list where it is there). */
  readonly label: string;
}

interface Lists {
  /** The field that holds them; `''` for a list in a list. */
  readonly name: string;
  readonly before: readonly unknown[];
  readonly after: readonly unknown[];
}

/** By key where every item has one of its own, else by value and position. */
export function matchLists(lists: Lists, context: ListContext, values: EqualValues): ListMatch {
  const { before, after } = lists;
  const { order: rule, keys } = listRule(lists.name, [before, after], context);
  for (const key of keys) {
    const names = [keysOf(before, key), keysOf(after, key)] as const;
    if (names[0] !== null && names[1] !== null) return { ...matchByKey(names[0], names[1]), rule };
  }
  const numbers = [before.map((item) => values.numberOf(item)), after.map((item) => values.numberOf(item))] as const;
  if (rule === 'means-nothing') return { ...matchAsSets(...numbers), rule, names: null };
  if (rule === 'unknown' && before.length === after.length) {
    const sets = matchAsSets(...numbers);
    if (sets.pairs.every((pair) => pair.before !== null && numbers[0][pair.before] === numbers[1][pair.after ?? -1]))
      return { ...sets, rule, names: null };
  }
  return { pairs: matchInOrder(...numbers), order: 'same', rule, names: null };
}

/** Null unless each item has a key that no other has. */
function keysOf(items: readonly unknown[], key: ItemKey): ReadonlyMap<string, number> | null {
  const found = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const name = key(item);
    if (name === null || found.has(name)) return null;
    found.set(name, index);
  }
  return found;
}

function matchByKey(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Pick<ListMatch, 'pairs' | 'order' | 'names'> {
  const names = {
    before: [...before.keys()].filter((name) => after.has(name)),
    after: [...after.keys()].filter((name) => before.has(name)),
  };
  const gone = [...before].filter(([name]) => !after.has(name));
  const pairs = [
    ...[...after].map(([label, index]) => ({ before: before.get(label) ?? null, after: index, label })),
    ...gone.map(([label, index]) => ({ before: index, after: null, label })),
  ];
  const order = names.before.every((name, index) => name === names.after[index]) ? 'same' : 'elsewhere';
  return { pairs, order, names };
}

/** Equal items wherever they stand; the rest is paired as it comes. */
function matchAsSets(before: readonly number[], after: readonly number[]): Pick<ListMatch, 'pairs' | 'order'> {
  const free = new Map<number, number[]>();
  for (const [index, value] of before.entries()) {
    const there = free.get(value);
    if (there === undefined) free.set(value, [index]);
    else there.push(index);
  }
  for (const places of free.values()) places.reverse();
  const equal = after.map((value) => free.get(value)?.pop() ?? null);
  const common = equal.filter((index) => index !== null);
  const taken = new Set(common);
  const rest = before.flatMap((_, index) => (taken.has(index) ? [] : [index])).reverse();
  const pairs: ItemPair[] = equal.map((index, position) => ({
    before: index ?? rest.pop() ?? null,
    after: position,
    label: String(position),
  }));
  pairs.push(...rest.reverse().map((index) => ({ before: index, after: null, label: String(index) })));
  const order = common.every((index, position) => index > (common[position - 1] ?? -1)) ? 'same' : 'elsewhere';
  return { pairs, order };
}

/** Cells of the table that finds a longest common subsequence; beyond it, items are paired by position. */
const MAX_CELLS = 250_000;

/** A longest common subsequence; in each gap between its items, the first that went with the first that came, and so on. */
function matchInOrder(before: readonly number[], after: readonly number[]): readonly ItemPair[] {
  const anchors = [...commonItems(before, after), { before: before.length, after: after.length }];
  const pairs: ItemPair[] = [];
  const gone: ItemPair[] = [];
  let [b, a] = [0, 0];
  for (const anchor of anchors) {
    for (; b < anchor.before || a < anchor.after; b += 1, a += 1) {
      const [old, now] = [b < anchor.before ? b : null, a < anchor.after ? a : null];
      (now === null ? gone : pairs).push({ before: old, after: now, label: String(now ?? old) });
    }
    [b, a] = [anchor.before + 1, anchor.after + 1];
    if (anchor.after < after.length) pairs.push({ ...anchor, label: String(anchor.after) });
  }
  return [...pairs, ...gone];
}

interface Anchor {
  readonly before: number;
  readonly after: number;
}

function commonItems(before: readonly number[], after: readonly number[]): readonly Anchor[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const head = Array.from({ length: start }, (_, index) => ({ before: index, after: index }));
  const tail = Array.from({ length: end }, (_, index) => ({
    before: before.length - end + index,
    after: after.length - end + index,
  }));
  const middle = longestCommon(before.slice(start, before.length - end), after.slice(start, after.length - end));
  return [...head, ...middle.map((each) => ({ before: each.before + start, after: each.after + start })), ...tail];
}

function longestCommon(before: readonly number[], after: readonly number[]): readonly Anchor[] {
  const width = after.length + 1;
  if (before.length === 0 || after.length === 0 || (before.length + 1) * width > MAX_CELLS) return [];
  const lengths = new Uint32Array((before.length + 1) * width);
  const lengthAt = (b: number, a: number) => lengths[b * width + a] ?? 0;
  for (let b = before.length - 1; b >= 0; b -= 1) {
    for (let a = after.length - 1; a >= 0; a -= 1) {
      lengths[b * width + a] =
        before[b] === after[a] ? lengthAt(b + 1, a + 1) + 1 : Math.max(lengthAt(b + 1, a), lengthAt(b, a + 1));
    }
  }
  const anchors: Anchor[] = [];
  let [b, a] = [0, 0];
  while (b < before.length && a < after.length) {
    if (before[b] === after[a]) {
      anchors.push({ before: b, after: a });
      [b, a] = [b + 1, a + 1];
    } else if (lengthAt(b + 1, a) >= lengthAt(b, a + 1)) b += 1;
    else a += 1;
  }
  return anchors;
}
