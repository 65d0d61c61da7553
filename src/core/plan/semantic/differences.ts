/** Two values → where they differ: single values by path, and lists that only stand in another order. */
import { isRecord } from '../canonical.js';
import { field } from '../values.js';
import type { EqualValues } from './equal-values.js';
import type { ListContext } from './list-rules.js';
import { matchLists, type ItemPair, type ListMatch } from './match-lists.js';

export type Difference =
  /** `undefined` where the value is not there. */
  | { readonly kind: 'value'; readonly path: string; readonly before: unknown; readonly after: unknown }
  /** The list's items stand in another order, and that is not known to matter. */
  | { readonly kind: 'order'; readonly path: string };

/** Empty if and only if the values are equal; in the order of the paths' parts, which is the same for equal values. */
export function findDifferences(
  before: unknown,
  after: unknown,
  known: { readonly context: ListContext; readonly values: EqualValues },
): readonly Difference[] {
  const found: Difference[] = [];
  visit({ before, after, path: null, name: '' });
  return found;

  function visit(place: Place): void {
    if (place.before === undefined || place.after === undefined) return tell(place);
    if (known.values.areEqual(place.before, place.after)) return;
    if (Array.isArray(place.before) && Array.isArray(place.after)) visitLists(place, place.before, place.after);
    else if (isRecord(place.before) && isRecord(place.after)) visitRecords(place, place.before, place.after);
    else tell(place);
  }

  function visitRecords(place: Place, old: Record<string, unknown>, now: Record<string, unknown>): void {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
    for (const name of keys) {
      const path = { above: place.path, part: keyPart(name) };
      visit({ before: field(old, name), after: field(now, name), path, name });
    }
  }

  function visitLists(place: Place, old: readonly unknown[], now: readonly unknown[]): void {
    const match = matchLists({ name: place.name, before: old, after: now }, known.context, known.values);
    if (match.order === 'elsewhere') found.push(orderOf(match, pathText(place.path)));
    for (const pair of match.pairs) {
      const path = { above: place.path, part: itemPart(pair.label) };
      visit({ before: itemAt(old, pair.before), after: itemAt(now, pair.after), path, name: '' });
    }
  }

  function tell({ path, before: old, after: now }: Place): void {
    found.push({ kind: 'value', path: pathText(path), before: old, after: now });
  }
}

interface Place {
  readonly before: unknown;
  readonly after: unknown;
  readonly path: Path | null;
  /** The field that holds the value; `''` in a list. */
  readonly name: string;
}

/** Written out only where something differs. */
interface Path {
  readonly above: Path | null;
  readonly part: string;
}

function itemAt(items: readonly unknown[], index: ItemPair['before']): unknown {
  return index === null ? undefined : items[index];
}

/** Where order matters, the order itself is the value that differs. */
function orderOf({ rule, names }: ListMatch, path: string): Difference {
  if (rule !== 'matters' || names === null) return { kind: 'order', path };
  return { kind: 'value', path, before: names.before, after: names.after };
}

function keyPart(name: string): string {
  return /^[\w-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

function itemPart(label: string): string {
  return /^[^\s"[\]]+$/.test(label) ? `[${label}]` : `[${JSON.stringify(label)}]`;
}

/** `.` for the whole. */
function pathText(path: Path | null): string {
  const parts: string[] = [];
  for (let at = path; at !== null; at = at.above) parts.push(at.part);
  const text = parts.reverse().join('');
  return text === '' ? '.' : text.replace(/^\./, '');
}
