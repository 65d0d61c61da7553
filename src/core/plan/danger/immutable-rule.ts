/**
 * Fields that Kubernetes refuses to change once an object is there: applying such a change fails, or an operator deletes the object.
 *
 * Source: the update validation of `k8s.io/kubernetes/pkg/apis/<group>/validation`.
 */
import { parseQuantity } from '../cost/quantity.js';
import { EqualValues } from '../semantic/equal-values.js';
import type { Resource } from '../manifests.js';
import { field, itemsOf, valueAt } from '../values.js';
import { isRecord } from '../canonical.js';
import type { DangerRule } from './resource-step.js';

/** By group and kind: fields, each with what holds where it is absent. */
const FIELDS: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map<string, Record<string, unknown>>([
  ['apps/Deployment', { 'spec.selector': undefined }],
  ['apps/ReplicaSet', { 'spec.selector': undefined }],
  ['apps/DaemonSet', { 'spec.selector': undefined }],
  [
    'apps/StatefulSet',
    {
      'spec.selector': undefined,
      'spec.serviceName': '',
      'spec.volumeClaimTemplates': undefined,
      'spec.podManagementPolicy': 'OrderedReady',
    },
  ],
  ['batch/Job', { 'spec.selector': undefined, 'spec.template': undefined, 'spec.completionMode': 'NonIndexed' }],
  [
    'storage.k8s.io/StorageClass',
    { provisioner: undefined, parameters: undefined, reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' },
  ],
  ['rbac.authorization.k8s.io/RoleBinding', { roleRef: undefined }],
  ['rbac.authorization.k8s.io/ClusterRoleBinding', { roleRef: undefined }],
  ['scheduling.k8s.io/PriorityClass', { value: 0n, preemptionPolicy: 'PreemptLowerPriority' }],
  ['networking.k8s.io/IngressClass', { 'spec.controller': undefined }],
  ['apiextensions.k8s.io/CustomResourceDefinition', { 'spec.group': undefined, 'spec.scope': undefined }],
  ['/Secret', { type: 'Opaque' }],
]);

export const immutableRule: DangerRule = ({ group, kind, before, after }) => {
  if (before === null || after === null || isRecreated(after)) return [];
  const paths = [
    ...fixedFields(`${group}/${kind}`, before.value, after.value),
    ...(group === '' ? coreFields(kind, before.value, after.value) : []),
  ];
  return paths.map((path) => ({ kind: 'immutable-field', path }));
};

/** Hooks are deleted before they are made anew; what is replaced by force, too. */
function isRecreated({ value }: Resource): boolean {
  const annotations = valueAt(value, 'metadata.annotations');
  const options = field(annotations, 'argocd.argoproj.io/sync-options');
  const hook = ['argocd.argoproj.io/hook', 'helm.sh/hook'].some((name) => field(annotations, name) !== undefined);
  return hook || (typeof options === 'string' && /(^|,)\s*Force=true/.test(options));
}

function fixedFields(kind: string, before: unknown, after: unknown): readonly string[] {
  return Object.entries(FIELDS.get(kind) ?? {})
    .filter(([path, absent]) => differ(valueAt(before, path) ?? absent, valueAt(after, path) ?? absent))
    .map(([path]) => path);
}

function differ(before: unknown, after: unknown): boolean {
  return !new EqualValues().areEqual(before ?? null, after ?? null);
}

function coreFields(kind: string, before: unknown, after: unknown): readonly string[] {
  if (kind === 'Service') return clusterAddress(before, after);
  if (kind === 'PersistentVolumeClaim') return claimFields(before, after);
  if (kind !== 'ConfigMap' && kind !== 'Secret') return [];
  if (field(before, 'immutable') !== true) return [];
  const changed = ['data', 'stringData', 'binaryData'].filter((name) =>
    differ(field(before, name), field(after, name)),
  );
  return field(after, 'immutable') === true ? changed : ['immutable', ...changed];
}

/** One that git names no more is kept as it is; a service that leads outside has none. */
function clusterAddress(before: unknown, after: unknown): readonly string[] {
  if ([before, after].some((side) => valueAt(side, 'spec.type') === 'ExternalName')) return [];
  const [old, now] = [before, after].map((side) => valueAt(side, 'spec.clusterIP') ?? '');
  return now !== '' && old !== now ? ['spec.clusterIP'] : [];
}

const STORAGE = 'spec.resources.requests.storage';

/** Of a claim only the storage may grow, and its attributes class may change. */
function claimFields(before: unknown, after: unknown): readonly string[] {
  const [old, now] = [before, after].map((side) => parseQuantity(valueAt(side, STORAGE)));
  const shrinks = typeof old === 'bigint' && typeof now === 'bigint' && now < old ? [STORAGE] : [];
  const [oldSpec, newSpec] = [field(before, 'spec'), field(after, 'spec')];
  const names = [...new Set([oldSpec, newSpec].flatMap((spec) => (isRecord(spec) ? Object.keys(spec) : [])))].sort();
  const fixed = names.filter((name) => name !== 'resources' && name !== 'volumeAttributesClassName');
  return fixed
    .filter((name) => claimFieldDiffers(name, field(oldSpec, name), field(newSpec, name)))
    .map((name) => `spec.${name}`)
    .concat(shrinks);
}

function claimFieldDiffers(name: string, before: unknown, after: unknown): boolean {
  if (name === 'volumeMode') return differ(before ?? 'Filesystem', after ?? 'Filesystem');
  if (name === 'accessModes') return differ([...itemsOf(before)].sort(), [...itemsOf(after)].sort());
  // What the cluster has filled in since stays: git says nothing against it.
  return after !== undefined && differ(before, after);
}
