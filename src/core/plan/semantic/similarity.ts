/** How much two resources have in common, whatever they are called. */
import { isRecord } from '../canonical.js';
import type { Resource } from '../manifests.js';

/** Leaves of a resource by path and value, its own name left out, each with how often it stands there. */
type Traits = ReadonlyMap<string, number>;

/** Leaves that are looked at; a resource of more is known by its first ones. */
const MOST_LEAVES = 500;
/** Of a text, what tells it apart. */
const LONGEST_TEXT = 1000;

export function traitsOf({ value, name }: Pick<Resource, 'value' | 'name'>): Traits {
  const traits = new Map<string, number>();
  let left = MOST_LEAVES;
  visit(value, '');
  return traits;

  function visit(inner: unknown, path: string): void {
    if (left <= 0 || IDENTITY.has(path)) return;
    if (Array.isArray(inner)) for (const item of inner) visit(item, `${path}/`);
    else if (isRecord(inner)) for (const key of Object.keys(inner).sort()) visit(inner[key], `${path}.${key}`);
    else {
      left -= 1;
      const trait = `${path}=${nameless(inner)}`;
      traits.set(trait, (traits.get(trait) ?? 0) + 1);
    }
  }

  function nameless(leaf: unknown): string {
    const text = String(leaf).slice(0, LONGEST_TEXT);
    return name === '' ? text : text.replaceAll(name, '\0');
  }
}

/** What all of a kind have in common says nothing. */
const IDENTITY: ReadonlySet<string> = new Set(['.apiVersion', '.kind', '.metadata.name', '.metadata.namespace']);

/** Fewer leaves in common than these are no evidence. */
const LEAST_SHARED = 3;

/** 0 to 1: shared leaves over those of the larger; 0 where too few are shared to mean anything. The same both ways round. */
export function similarity(one: Traits, other: Traits): number {
  const [few, many] = one.size <= other.size ? [one, other] : [other, one];
  let shared = 0;
  for (const [trait, count] of few) shared += Math.min(count, many.get(trait) ?? 0);
  return shared < LEAST_SHARED ? 0 : shared / Math.max(total(one), total(other));
}

function total(traits: Traits): number {
  let sum = 0;
  for (const count of traits.values()) sum += count;
  return sum;
}
