import { expect, test } from 'vitest';
import { object } from '../testing/kubernetes-object.js';
import { warningsOf, type Side } from './testing/warnings-of.js';

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
