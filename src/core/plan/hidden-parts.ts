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
    const fields: readonly HiddenPart[] =
      hidden.fields === 0 ? [] : [{ kind: 'unshown-field', target, count: hidden.fields, what }];
    const large: readonly HiddenPart[] =
      hidden.diff === 'shown' ? [] : [{ kind: 'large-resource', target, count: 1, what }];
    const paths = new Set([...maskedPaths(pair.before?.value), ...maskedPaths(pair.after?.value)]);
    const named = [...paths].slice(0, MOST_NAMED).map((path) => maskedPart(target, `${what} ${path}`, 1));
    const rest = paths.size - named.length;
    return [...large, ...fields, ...named, ...(rest === 0 ? [] : [maskedPart(target, what, rest)])];
  });
}

function maskedPart(target: TargetName, what: string, count: number): HiddenPart {
  return { kind: 'masked-value', target, what, count };
}

/** `data.password`, `spec.containers[api].env[DB_PASSWORD].value`: items of lists by their name, else by their position. */
function maskedPaths(value: unknown): readonly string[] {
  const found: string[] = [];
  visit(value, '');
  return found;

  function visit(inner: unknown, path: string): void {
    if (typeof inner === 'string' && inner.includes('masked:')) found.push(path);
    else if (Array.isArray(inner)) inner.forEach((item, index) => visit(item, `${path}[${itemName(item, index)}]`));
    else if (isRecord(inner))
      for (const [key, below] of Object.entries(inner)) visit(below, path === '' ? key : `${path}.${key}`);
  }
}

/** Two items of one name are one place, as they are for Kubernetes. */
function itemName(item: unknown, index: number): string {
  const name = field(item, 'name');
  return typeof name === 'string' && name !== '' ? name : String(index);
}
