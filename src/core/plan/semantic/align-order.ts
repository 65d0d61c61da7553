/** The old value with its lists in the order of the new one, so that a reading of both shows what differs and not what moved. */
import { isRecord } from '../canonical.js';
import { field } from '../values.js';
import type { EqualValues } from './equal-values.js';
import type { ListContext } from './list-rules.js';
import { matchLists, type ListMatch } from './match-lists.js';

/** Only lists whose order is known to mean nothing are moved about; what is gone stays behind what it followed. */
export function alignOrder(
  before: unknown,
  after: unknown,
  known: { readonly context: ListContext; readonly values: EqualValues },
): unknown {
  return align(before, after, '');

  function align(old: unknown, now: unknown, name: string): unknown {
    if (old === undefined || now === undefined || known.values.areEqual(old, now)) return old;
    if (Array.isArray(old) && Array.isArray(now)) return alignLists(old, now, name);
    if (!isRecord(old) || !isRecord(now)) return old;
    return Object.fromEntries(Object.entries(old).map(([key, inner]) => [key, align(inner, field(now, key), key)]));
  }

  function alignLists(old: readonly unknown[], now: readonly unknown[], name: string): readonly unknown[] {
    const match = matchLists({ name, before: old, after: now }, known.context, known.values);
    const partners = new Map(match.pairs.map((pair) => [pair.before, pair.after]));
    const aligned = old.map((item, index) => {
      const partner = partners.get(index);
      return typeof partner === 'number' ? align(item, now[partner], '') : item;
    });
    if (match.rule !== 'means-nothing') return aligned;
    return newOrder(old.length, match).map((index) => aligned[index]);
  }
}

/** Positions of the old list in the order of the new. */
function newOrder(length: number, { pairs }: ListMatch): readonly number[] {
  const stays = new Set(pairs.flatMap((pair) => (pair.after === null ? [] : [pair.before])));
  const blocks = new Map<number, number[]>();
  let block: number[] = [];
  const order = block;
  for (let index = 0; index < length; index += 1) {
    if (stays.has(index)) {
      block = [];
      blocks.set(index, block);
    }
    block.push(index);
  }
  return [
    ...order,
    ...pairs.flatMap((pair) => (pair.before === null || pair.after === null ? [] : (blocks.get(pair.before) ?? []))),
  ];
}
