/** Which rules can never decide, since an earlier one fits whatever they fit. */
import type { Conditions } from './policy-rules.js';

/**
 * For each of these, in order, the first earlier one that covers it, or null. Told by the conditions themselves; two patterns that happen
 * to match the same are not found out.
 */
export function firstCovering(rules: readonly Conditions[]): readonly (number | null)[] {
  const given = rules.map(givenIn);
  return given.map((later, index) => {
    const found = given.findIndex((earlier, before) => before < index && covers(earlier, later));
    return found === -1 ? null : found;
  });
}

/** By name of the condition: the items of a list, or the one thing asked. */
type Given = ReadonlyMap<string, ReadonlySet<string>>;

function givenIn(when: Conditions): Given {
  return new Map(
    Object.entries(when).flatMap(([name, condition]: [string, unknown]) => {
      if (condition === null) return [];
      const items: readonly unknown[] = Array.isArray(condition) ? condition : [condition];
      return [[name, new Set(items.map((item) => JSON.stringify(item)))] as const];
    }),
  );
}

/** Of a list one item is enough to hold, so that fewer items hold for less. */
function covers(earlier: Given, later: Given): boolean {
  for (const [name, items] of earlier) {
    const asked = later.get(name);
    if (asked === undefined) return false;
    for (const item of asked) if (!items.has(item)) return false;
  }
  return true;
}
