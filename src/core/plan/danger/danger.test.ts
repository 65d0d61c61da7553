import { describe, expect, it, test } from 'vitest';
import { stringify } from 'yaml';
import { compareTarget } from '../compare.js';
import { parseManifests } from '../manifests.js';
import { NO_SETTINGS } from '../plan-settings.js';

type Side = object | null;

const resources = (value: Side) =>
  value === null
    ? []
    : parseManifests([{ name: 'a.yaml', text: stringify(value) }], (secret) => `f${secret.length}${secret[1]}`)
        .resources;

/** `kind path` of each warning. */
const warningsOf = (before: Side, after: Side) => {
  const rendering = { target: { app: 'api', env: 'dev' }, directory: 'd', renderer: 'plain' };
  const { warnings } = compareTarget({ ...rendering, before: resources(before), after: resources(after) }, NO_SETTINGS);
  return warnings.map(({ kind, path }) => (path === null ? kind : `${kind} ${path}`));
};

const object = (apiVersion: string, kind: string, rest: object = {}, metadata: object = {}) => ({
  apiVersion,
  kind,
  metadata: { name: 'x', ...metadata },
  ...rest,
});
const workload = (kind: string, spec: object = {}) => object('apps/v1', kind, { spec });
const deployment = (spec: object = {}) => workload('Deployment', spec);
const podOf = (pod: object) => deployment({ template: { spec: { containers: [{ name: 'c' }], ...pod } } });
const container = (of: object) => podOf({ containers: [{ name: 'c', ...of }] });
const secure = (securityContext: object) => container({ securityContext });
const service = (spec: object) => object('v1', 'Service', { spec });
const secret = (rest: object, metadata: object = {}) => object('v1', 'Secret', rest, metadata);
const claim = (spec: object) => object('v1', 'PersistentVolumeClaim', { spec });
const storage = (size: unknown) => claim({ resources: { requests: { storage: size } } });
const config = (rest: object) => object('v1', 'ConfigMap', rest);

const POD = 'spec.template.spec';

test.each<[string, Side, Side, string[]]>([
  ['a claim', claim({}), null, ['deletes-data']],
  ['a volume', object('v1', 'PersistentVolume'), null, ['deletes-data']],
  ['a namespace', object('v1', 'Namespace'), null, ['deletes-namespace']],
  ['a definition', object('apiextensions.k8s.io/v1', 'CustomResourceDefinition'), null, ['deletes-crd']],
  ['a stateful set', workload('StatefulSet'), null, ['deletes-workload']],
  [
    'a stateful set with its claims',
    workload('StatefulSet', { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' } }),
    null,
    ['deletes-data', 'deletes-workload'],
  ],
  ['a deployment', deployment(), null, ['deletes-workload']],
  ['a cron job', object('batch/v1', 'CronJob'), null, ['deletes-workload']],
  ['a deployment that comes', null, deployment(), []],
  ['a claim that changes', claim({}), { ...claim({}), metadata: { name: 'x', labels: { a: 'b' } } }, []],
  ['a config map', config({}), null, []],
  ['a namespace of another group', object('x.io/v1', 'Namespace'), null, []],
  [
    'a claim under another name',
    object('v1', 'PersistentVolumeClaim', { spec: { a: '1', b: '2', c: '3', d: '4' } }),
    object('v1', 'PersistentVolumeClaim', { spec: { a: '1', b: '2', c: '3', d: '4' } }, { name: 'y' }),
    ['deletes-data'],
  ],
])('deletion: %s', (_what, before, after, expected) => {
  expect(warningsOf(before, after)).toEqual(expected);
});

const ZERO = 'scales-to-zero spec.replicas';
test.each<[string, Side, Side, string[]]>([
  ['to none', deployment({ replicas: 3 }), deployment({ replicas: 0 }), [ZERO]],
  ['from the default to none', workload('StatefulSet'), workload('StatefulSet', { replicas: 0 }), [ZERO]],
  ['to one', deployment({ replicas: 3 }), deployment({ replicas: 1 }), []],
  ['from none to none', deployment({ replicas: 0 }), deployment({ replicas: 0, paused: true }), []],
  ['from none', deployment({ replicas: 0 }), deployment({ replicas: 1 }), []],
  ['to the default', deployment({ replicas: 3 }), deployment(), []],
  ['comes with none', null, deployment({ replicas: 0 }), []],
  [
    'an autoscaler to none',
    object('autoscaling/v2', 'HorizontalPodAutoscaler', { spec: { minReplicas: 2 } }),
    object('autoscaling/v2', 'HorizontalPodAutoscaler', { spec: { minReplicas: 0 } }),
    ['scales-to-zero spec.minReplicas'],
  ],
  [
    'replicas of another group',
    object('x.io/v1', 'Deployment', { spec: { replicas: 1 } }),
    object('x.io/v1', 'Deployment', { spec: { replicas: 0 } }),
    [],
  ],
])('scale: %s', (_what, before, after, expected) => {
  expect(warningsOf(before, after)).toEqual(expected);
});

const role = (verbs: string[]) => object('rbac.authorization.k8s.io/v1', 'Role', { rules: [{ verbs }] });
const network = (spec: object) => object('networking.k8s.io/v1', 'NetworkPolicy', { spec });
test.each<[string, Side, Side, string[]]>([
  ['a role that changes', role(['get']), role(['*']), ['touches-rbac rules[0].verbs[0]']],
  ['a role that comes', null, role(['get']), ['touches-rbac']],
  ['a role that goes', role(['get']), null, ['touches-rbac']],
  ['verbs in another order', role(['get', 'list']), role(['list', 'get']), []],
  ['a service account', null, object('v1', 'ServiceAccount'), ['touches-rbac']],
  ['a role of another group', null, object('x.io/v1', 'Role'), []],
  ['a network policy that comes', null, network({}), ['touches-network-policy']],
  [
    'a network policy that changes',
    network({ policyTypes: ['Ingress'] }),
    network({ policyTypes: ['Egress'] }),
    ['touches-network-policy spec.policyTypes[0]'],
  ],
  ['a network policy that goes', network({}), null, ['touches-network-policy']],
  ['an ingress', null, object('networking.k8s.io/v1', 'Ingress'), []],
])('access: %s', (_what, before, after, expected) => {
  expect(warningsOf(before, after)).toEqual(expected);
});

const CONTEXT = `${POD}.containers[c].securityContext`;
test.each<[string, Side, Side, string[]]>([
  ['privileged', secure({}), secure({ privileged: true }), [`privileged ${CONTEXT}.privileged`]],
  ['privileged as before', secure({ privileged: true }), secure({ privileged: true, runAsUser: 1 }), []],
  ['no more privileged', secure({ privileged: true }), secure({}), []],
  ['not privileged', secure({}), secure({ privileged: false }), []],
  ['comes privileged', null, secure({ privileged: true }), [`privileged ${CONTEXT}.privileged`]],
  ['goes privileged', secure({ privileged: true }), null, ['deletes-workload']],
  [
    'escalation',
    secure({ allowPrivilegeEscalation: false }),
    secure({ allowPrivilegeEscalation: true }),
    [`privileged ${CONTEXT}.allowPrivilegeEscalation`],
  ],
  [
    'one capability more',
    secure({ capabilities: { add: ['CHOWN'] } }),
    secure({ capabilities: { add: ['CHOWN', 'SYS_ADMIN'] } }),
    [`privileged ${CONTEXT}.capabilities.add`],
  ],
  ['a capability dropped', secure({}), secure({ capabilities: { drop: ['ALL'] } }), []],
  ['the network of the host', podOf({}), podOf({ hostNetwork: true }), [`host-access ${POD}.hostNetwork`]],
  [
    'processes of the host',
    podOf({}),
    podOf({ hostPID: true, hostIPC: true }),
    [`host-access ${POD}.hostPID`, `host-access ${POD}.hostIPC`],
  ],
  [
    'a path of the host',
    podOf({}),
    podOf({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
    [`host-access ${POD}.volumes[v].hostPath`],
  ],
  [
    'another path of the host',
    podOf({ volumes: [{ name: 'v', hostPath: { path: '/var/log' } }] }),
    podOf({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
    [`host-access ${POD}.volumes[v].hostPath`],
  ],
  [
    'a port of the host',
    container({ ports: [{ containerPort: 80 }] }),
    container({ ports: [{ containerPort: 80, hostPort: 80 }] }),
    [`host-access ${POD}.containers[c].ports[80].hostPort`],
  ],
  [
    'a sidecar of a custom resource',
    null,
    object('x.io/v1', 'Job', {
      spec: { pod: { containers: [], initContainers: [{ name: 'i', securityContext: { privileged: true } }] } },
    }),
    ['privileged spec.pod.initContainers[i].securityContext.privileged'],
  ],
  ['a config map that says privileged', null, config({ data: { privileged: 'true' } }), []],
])('privilege: %s', (_what, before, after, expected) => {
  expect(warningsOf(before, after)).toEqual(expected);
});

test.each<[string, Side, Side, string[]]>([
  ['another type', service({ type: 'ClusterIP' }), service({ type: 'LoadBalancer' }), ['changes-service spec.type']],
  [
    'another selector',
    service({ selector: { app: 'a' } }),
    service({ selector: { app: 'b' } }),
    ['changes-service spec.selector'],
  ],
  [
    'another address',
    service({ clusterIP: '10.0.0.1' }),
    service({ clusterIP: 'None' }),
    ['immutable-field spec.clusterIP', 'changes-service spec.clusterIP'],
  ],
  [
    'an address no more',
    service({ clusterIP: 'None', type: 'ClusterIP' }),
    service({ type: 'ClusterIP' }),
    ['changes-service spec.clusterIP'],
  ],
  ['another port', service({ ports: [{ port: 80 }] }), service({ ports: [{ port: 81 }] }), []],
  ['a policy that begins like a type', service({}), service({ typeless: 'x' }), []],
  ['one that comes', null, service({}), []],
  ['one that goes', service({}), null, ['changes-service']],
  [
    'another group',
    object('serving.knative.dev/v1', 'Service', { spec: { type: 'a' } }),
    object('serving.knative.dev/v1', 'Service', { spec: { type: 'b' } }),
    [],
  ],
])('service: %s', (_what, before, after, expected) => {
  expect(warningsOf(before, after)).toEqual(expected);
});

const binding = (name: string) => object('rbac.authorization.k8s.io/v1', 'RoleBinding', { roleRef: { name } });
const job = (image: string, annotations: object = {}) =>
  object('batch/v1', 'Job', { spec: { template: { spec: { containers: [{ name: 'c', image }] } } } }, { annotations });
const immutable = (path: string) => `immutable-field ${path}`;
const selecting = (app: string) => ({ selector: { matchLabels: { app } } });
const templates = (size: string) => ({
  volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: { resources: { requests: { storage: size } } } }],
});
const kept = (rest: object) => config({ immutable: true, ...rest });
const storageClass = (rest: object) => object('storage.k8s.io/v1', 'StorageClass', rest);
test.each<[string, Side, Side, string[]]>([
  [
    'the selector of a deployment',
    deployment(selecting('a')),
    deployment(selecting('b')),
    [immutable('spec.selector')],
  ],
  [
    'the selector of a daemon set',
    workload('DaemonSet', selecting('a')),
    workload('DaemonSet', selecting('b')),
    [immutable('spec.selector')],
  ],
  ['a deployment that comes', null, deployment(selecting('b')), []],
  ['the template of a deployment', podOf({}), podOf({ dnsPolicy: 'Default' }), []],
  [
    'claim templates',
    workload('StatefulSet', templates('1Gi')),
    workload('StatefulSet', templates('2Gi')),
    [immutable('spec.volumeClaimTemplates')],
  ],
  [
    'the service and policy of a stateful set',
    workload('StatefulSet', { serviceName: 'a', podManagementPolicy: 'Parallel' }),
    workload('StatefulSet', { serviceName: 'b' }),
    [immutable('spec.serviceName'), immutable('spec.podManagementPolicy')],
  ],
  [
    'the default policy of a stateful set, written out',
    workload('StatefulSet'),
    workload('StatefulSet', { podManagementPolicy: 'OrderedReady' }),
    [],
  ],
  ['the template of a job', job('a:1'), job('a:2'), [immutable('spec.template')]],
  [
    'the template of a hook',
    job('a:1', { 'argocd.argoproj.io/hook': 'PreSync' }),
    job('a:2', { 'argocd.argoproj.io/hook': 'PreSync' }),
    [],
  ],
  ['storage that grows', storage('1Gi'), storage('1.5Gi'), []],
  ['storage in another spelling', storage('1Gi'), storage(1073741824), []],
  ['storage that shrinks', storage('1Gi'), storage('1G'), [immutable('spec.resources.requests.storage')]],
  [
    'the class of a claim',
    claim({ storageClassName: 'a' }),
    claim({ storageClassName: 'b' }),
    [immutable('spec.storageClassName')],
  ],
  ['what the cluster fills in', claim({ volumeName: 'a' }), claim({ volumeMode: 'Filesystem' }), []],
  [
    'parameters of a storage class',
    storageClass({ parameters: { a: 'b' } }),
    storageClass({ parameters: { a: 'c' } }),
    [immutable('parameters')],
  ],
  [
    'expansion of a storage class',
    storageClass({}),
    storageClass({ allowVolumeExpansion: true, reclaimPolicy: 'Delete' }),
    [],
  ],
  ['an immutable config map', kept({ data: { a: '1' } }), kept({ data: { a: '2' } }), [immutable('data')]],
  ['one that shall be mutable', kept({}), config({}), [immutable('immutable')]],
  ['one that becomes immutable', config({ data: { a: '1' } }), kept({ data: { a: '2' } }), []],
  ['labels of an immutable one', kept({}), { ...kept({}), metadata: { name: 'x', labels: { a: 'b' } } }, []],
  ['the type of a secret', secret({ type: 'a' }), secret({ type: 'b' }), [immutable('type')]],
  ['the role of a binding', binding('a'), binding('b'), [immutable('roleRef'), 'touches-rbac roleRef.name']],
])('immutable: %s', (_what, before, after, expected) => {
  expect(warningsOf(before, after)).toEqual(expected);
});

const SEALED = 'ENC[AES256_GCM,data:abc=,iv:x=,tag:y=,type:str]';
test.each<[string, Side, Side, string[]]>([
  ['one that comes', null, secret({ stringData: { p: 'x' } }), ['plain-secret']],
  ['one that changes', secret({ data: { p: 'eA==' } }), secret({ data: { p: 'eQ==', q: 'eQ==' } }), ['plain-secret']],
  ['one that goes', secret({ data: { p: 'eA==' } }), null, []],
  ['its label', secret({ data: { p: 'eA==' } }), secret({ data: { p: 'eA==' } }, { labels: { a: 'b' } }), []],
  ['one that was encrypted', secret({ data: { p: SEALED } }), secret({ data: { p: 'eA==' } }), ['plain-secret']],
  ['one that is encrypted', null, secret({ data: { p: SEALED }, sops: { mac: SEALED } }), []],
  ['one that says so only', null, secret({ data: { p: 'eA==' }, sops: {} }), ['plain-secret']],
  ['one that is encrypted in part', null, secret({ data: { p: SEALED, q: 'eA==' }, sops: {} }), ['plain-secret']],
  ['one whose values come from elsewhere', null, secret({ stringData: { p: '<path:secret/data/x#p>' } }), []],
  ['an empty one', null, secret({ type: 'Opaque' }), []],
  [
    'a sealed secret',
    null,
    object('bitnami.com/v1alpha1', 'SealedSecret', { spec: { encryptedData: { p: 'x' } } }),
    [],
  ],
  ['an external secret', null, object('external-secrets.io/v1', 'ExternalSecret', { spec: { data: [] } }), []],
  ['a config map', null, config({ data: { p: 'x' } }), []],
  [
    'one of another generated name',
    secret({ data: { p: 'eA==' } }, { name: 'x-4k2h79gmt5' }),
    secret({ data: { p: 'eQ==' } }, { name: 'x-72b8tc6k9d' }),
    ['plain-secret'],
  ],
])('secret: %s', (_what, before, after, expected) => {
  expect(warningsOf(before, after)).toEqual(expected);
});

describe('findWarnings', () => {
  it('names target and resource', () => {
    const rendering = { target: { app: 'api', env: 'dev' }, directory: 'd', renderer: 'plain', after: [] };
    expect(compareTarget({ ...rendering, before: resources(claim({})) }, NO_SETTINGS).warnings).toEqual([
      { kind: 'deletes-data', target: { app: 'api', env: 'dev' }, resource: 'PersistentVolumeClaim/x', path: null },
    ]);
  });

  it('is silent about YAML that is no Kubernetes object', () => {
    expect(warningsOf({ kind: 'Namespace' }, null)).toEqual([]);
    expect(warningsOf({ spec: { replicas: 1 } }, { spec: { replicas: 0 } })).toEqual([]);
  });
});
