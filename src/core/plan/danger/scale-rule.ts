/** What runs now and would not run at all. */
import { numberOf, valueAt } from '../values.js';
import type { DangerRule } from './resource-step.js';

/** By group and kind: the field that says how many, and how many where it says nothing. */
const COUNTS: ReadonlyMap<string, { readonly path: string; readonly absent: number }> = new Map([
  ...['apps/Deployment', 'apps/StatefulSet', 'apps/ReplicaSet', '/ReplicationController', 'argoproj.io/Rollout'].map(
    (kind) => [kind, { path: 'spec.replicas', absent: 1 }] as const,
  ),
  ['autoscaling/HorizontalPodAutoscaler', { path: 'spec.minReplicas', absent: 1 }],
  ['keda.sh/ScaledObject', { path: 'spec.minReplicaCount', absent: 0 }],
]);

/** Only a step down: what comes with none has never run. */
export const scaleRule: DangerRule = ({ group, kind, before, after }) => {
  const count = COUNTS.get(`${group}/${kind}`);
  if (count === undefined || before === null || after === null) return [];
  const [old, now] = [before, after].map(({ value }) => {
    const given = valueAt(value, count.path);
    return given === undefined || given === null ? count.absent : numberOf(given);
  });
  return old !== 0 && now === 0 ? [{ kind: 'scales-to-zero', path: count.path }] : [];
};
