import { expect, test } from 'vitest';
import { object } from '../testing/kubernetes-object.js';
import { warningsOf, type Side } from './testing/warnings-of.js';

const service = (spec: object) => object('v1', 'Service', { spec });

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
