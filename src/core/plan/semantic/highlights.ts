/** What a summary of one line tells of a target. */
import { groupOf, numberOf, valueAt } from '../values.js';
import type { Highlight, ResourceChangeKind, TargetPlan } from '../plan.js';
import type { ComparedResource } from './compare-resource.js';
import { imageHighlights } from './image-highlights.js';

const ORDER: readonly ResourceChangeKind[] = ['added', 'removed', 'renamed', 'changed', 'reordered'];

/** The images, then replicas by resource, then what came, went and changed by kind. */
export function highlightsOf(
  compared: readonly ComparedResource[],
  target: Pick<TargetPlan, 'versionBefore' | 'versionAfter' | 'images'>,
): readonly Highlight[] {
  const again = compared.filter(({ change }) => change.change === 'added' && change.declared !== undefined);
  return [
    ...imageHighlights(target.images, target),
    ...compared.flatMap(replicasOf),
    ...countsOf(compared.filter((each) => !again.includes(each))),
    ...duplicatesOf(again),
  ];
}

function duplicatesOf(again: readonly ComparedResource[]): readonly Highlight[] {
  const kinds = new Set(again.map(({ change }) => change.kind));
  return [...kinds].map((resourceKind) => {
    const count = again.filter(({ change }) => change.kind === resourceKind).length;
    return { kind: 'duplicates', resourceKind, count };
  });
}

function replicasOf({ pair, differences, change }: ComparedResource): readonly Highlight[] {
  if (pair.before === null || pair.after === null || !differences.some(({ path }) => path === 'spec.replicas'))
    return [];
  const [before, after] = [pair.before, pair.after].map(({ value }) => numberOf(valueAt(value, 'spec.replicas')));
  return [
    { kind: 'replicas', resource: `${change.kind}/${change.name}`, before: before ?? null, after: after ?? null },
  ];
}

function countsOf(compared: readonly ComparedResource[]): readonly Highlight[] {
  const counts = new Map<string, Extract<Highlight, { kind: 'resources' }>>();
  for (const each of compared) {
    const change = untoldChange(each);
    if (change === null) continue;
    const { kind, apiVersion } = each.change;
    const key = JSON.stringify([ORDER.indexOf(change), kind, groupOf(apiVersion)]);
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { kind: 'resources', change, resourceKind: kind, count });
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, highlight]) => highlight);
}

/** What the version and the replicas do not tell already; null where they tell all. */
function untoldChange({
  change: { change, declared },
  differences,
  extent,
}: ComparedResource): ResourceChangeKind | null {
  // Another document still declares it.
  if (change === 'removed' && declared !== undefined) return 'changed';
  if (change !== 'changed') return change;
  if (extent === 'image-only') return null;
  const untold = differences.filter(({ kind, path }) => kind === 'order' || !TOLD.test(path));
  if (untold.length === 0) return null;
  return untold.every(({ kind }) => kind === 'order') ? 'reordered' : 'changed';
}

const TOLD = /^spec\.replicas$|(^|\.)\w*[cC]ontainers\[[^\]]+\]\.image$/;
