/** What is gone for good, or stops running, when a resource goes. */
import type { WarningKind } from '../plan.js';
import { valueAt } from '../values.js';
import type { DangerRule } from './resource-step.js';

/** By group and kind. */
const DELETIONS: ReadonlyMap<string, WarningKind> = new Map([
  ['/PersistentVolumeClaim', 'deletes-data'],
  ['/PersistentVolume', 'deletes-data'],
  ['/Namespace', 'deletes-namespace'],
  ['apiextensions.k8s.io/CustomResourceDefinition', 'deletes-crd'],
  ['apps/StatefulSet', 'deletes-workload'],
  ['apps/Deployment', 'deletes-workload'],
  ['apps/DaemonSet', 'deletes-workload'],
  ['apps/ReplicaSet', 'deletes-workload'],
  ['/ReplicationController', 'deletes-workload'],
  ['/Pod', 'deletes-workload'],
  ['batch/CronJob', 'deletes-workload'],
  ['batch/Job', 'deletes-workload'],
  ['argoproj.io/Rollout', 'deletes-workload'],
  ['serving.knative.dev/Service', 'deletes-workload'],
]);

export const deletionRule: DangerRule = ({ group, kind, before, after }) => {
  const warning = DELETIONS.get(`${group}/${kind}`);
  if (warning === undefined || before === null || after !== null) return [];
  // Otherwise a stateful set's claims outlive it.
  const withClaims = valueAt(before.value, 'spec.persistentVolumeClaimRetentionPolicy.whenDeleted') === 'Delete';
  const own = { kind: warning, path: null };
  return kind === 'StatefulSet' && withClaims ? [own, { kind: 'deletes-data', path: null }] : [own];
};
