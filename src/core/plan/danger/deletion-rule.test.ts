import { expect, test } from 'vitest';
import { object } from '../testing/kubernetes-object.js';
import { claim, config, deployment, workload } from './testing/objects.js';
import { warningsOf, type Side } from './testing/warnings-of.js';

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
