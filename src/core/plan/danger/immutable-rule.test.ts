import { expect, test } from 'vitest';
import { object } from '../testing/kubernetes-object.js';
import { claim, config, deployment, podOf, secret, workload } from './testing/objects.js';
import { warningsOf, type Side } from './testing/warnings-of.js';

const storage = (size: unknown) => claim({ resources: { requests: { storage: size } } });

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
