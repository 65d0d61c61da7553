/** What a target's plan does not show of what differs. */
import type { TargetName } from '../ids.js';
import { isRecord } from './canonical.js';
import type { HiddenPart } from './plan.js';
import { resourceLabel } from './resource-label.js';
import type { ComparedResource } from './semantic/compare-resource.js';
import { field } from './values.js';

/** Masked values of one resource that are named each by itself. */
const MOST_NAMED = 20;

export function hiddenParts(target: TargetName, compared: readonly ComparedResource[]): readonly HiddenPart[] {
  return compared.flatMap(({ change, pair, hidden }): readonly HiddenPart[] => {
    const what = resourceLabel(change);
    const values = [...valuePaths(pair.before?.value), ...valuePaths(pair.after?.value)];
    const paths = (kind: HiddenPart['kind']) => values.filter((each) => each.kind === kind).map(({ path }) => path);
    const of = (kind: HiddenPart['kind'], count: number): readonly HiddenPart[] =>
      count === 0 ? [] : [{ kind, target, count, what }];
    const named = (kind: HiddenPart['kind'], all: readonly string[]): readonly HiddenPart[] => {
      const each = [...new Set(all)];
      const first = each.slice(0, MOST_NAMED).map((path) => ({ kind, target, what: `${what} ${path}`, count: 1 }));
      return [...first, ...of(kind, each.length - first.length)];
    };
    return [
      ...of('large-resource', hidden.lines.left === 0 ? 0 : 1),
      ...of('unshown-field', hidden.fields),
      // A field that is cut stands in a line that is, unless it came or went with its resource.
      ...(hidden.cutFields.length > 0
        ? named('cut-value', hidden.cutFields)
        : of('cut-value', hidden.lines.left > 0 ? 0 : hidden.lines.cut)),
      ...named('encrypted-value', paths('encrypted-value')),
      ...named('masked-value', paths('masked-value')),
    ];
  });
}

interface ValuePath {
  readonly kind: 'masked-value' | 'encrypted-value';
  /** `data.password`, `spec.containers[api].env[DB_PASSWORD].value`: items of lists by their name, else by their position. */
  readonly path: string;
}

function valuePaths(value: unknown): readonly ValuePath[] {
  const found: ValuePath[] = [];
  visit(value, '');
  return found;

  function visit(inner: unknown, path: string): void {
    if (typeof inner === 'string') found.push(...kindsOf(inner).map((kind) => ({ kind, path })));
    else if (Array.isArray(inner)) inner.forEach((item, index) => visit(item, `${path}[${itemName(item, index)}]`));
    else if (isRecord(inner))
      for (const [key, below] of Object.entries(inner)) visit(below, path === '' ? key : `${path}.${key}`);
  }
}

function kindsOf(text: string): readonly ValuePath['kind'][] {
  if (text.includes('masked:')) return ['masked-value'];
  return /^encrypted:\w{1,16}$/.test(text) ? ['encrypted-value'] : [];
}

/** Two items of one name are one place, as they are for Kubernetes. */
function itemName(item: unknown, index: number): string {
  const name = field(item, 'name');
  return typeof name === 'string' && name !== '' ? name : String(index);
}
