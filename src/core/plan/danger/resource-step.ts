/** One resource before and after, as the rules of danger see it; and what a rule says. */
import type { Resource } from '../manifests.js';
import type { WarningKind } from '../plan.js';
import type { Difference } from '../semantic/differences.js';
import { groupOf } from '../values.js';

export interface ResourceStep {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** Null where it is not there; never both. */
  readonly before: Resource | null;
  readonly after: Resource | null;
  /** Of a resource that is on both sides. */
  readonly differences: readonly Difference[];
}

export interface Danger {
  readonly kind: WarningKind;
  /** The field that it is about, or null for the whole resource. */
  readonly path: string | null;
}

/** Pure, and silent about everything it does not know. */
export type DangerRule = (step: ResourceStep) => readonly Danger[];

/** Something other than the order of lists differs, or the resource came or went. */
export function changesValue(step: ResourceStep): boolean {
  return step.before === null || step.after === null || step.differences.some(({ kind }) => kind === 'value');
}

/** The first field that differs, null where the whole came or went. */
export function firstDifference({ differences }: ResourceStep): string | null {
  return differences.find(({ kind }) => kind === 'value')?.path ?? null;
}

export function stepOf(
  sides: Pick<ResourceStep, 'before' | 'after'>,
  differences: readonly Difference[],
): readonly ResourceStep[] {
  const shown = sides.after ?? sides.before;
  if (shown === null) return [];
  return [{ ...sides, differences, group: groupOf(shown.apiVersion), kind: shown.kind, name: shown.name }];
}
