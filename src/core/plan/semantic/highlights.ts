/** What a summary of one line tells of a target. */
import { groupOf, numberOf, valueAt } from '../values.js';
import type { Highlight, ResourceChangeKind, TargetPlan } from '../plan.js';
import type { ComparedResource } from './compare-resource.js';

const ORDER: readonly ResourceChangeKind[] = ['added', 'removed', 'renamed', 'changed', 'reordered'];

/** The version, then replicas by resource, then what came, went and changed by kind. */
export function highlightsOf(
  compared: readonly ComparedResource[],
  { versionBefore, versionAfter }: Pick<TargetPlan, 'versionBefore' | 'versionAfter'>,
): readonly Highlight[] {
  const version: readonly Highlight[] =
    versionBefore === versionAfter ? [] : [{ kind: 'version', before: versionBefore, after: versionAfter }];
  return [...version, ...compared.flatMap(replicasOf), ...countsOf(compared)];
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
    if (isToldAlready(each)) continue;
    const { change, kind, apiVersion } = each.change;
    const key = JSON.stringify([ORDER.indexOf(change), kind, groupOf(apiVersion)]);
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { kind: 'resources', change, resourceKind: kind, count });
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, highlight]) => highlight);
}

/** By the version and the replicas. */
function isToldAlready({ change, differences, extent }: ComparedResource): boolean {
  if (change.change !== 'changed') return false;
  if (extent === 'image-only') return true;
  return differences.every(
    (each) => each.path === 'spec.replicas' || /(^|\.)\w*[cC]ontainers\[[^\]]+\]\.image$/.test(each.path),
  );
}
