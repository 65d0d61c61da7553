import { expect, test } from 'vitest';
import { object } from '../testing/kubernetes-object.js';
import { config, container, podOf } from './testing/objects.js';
import { warningsOf, type Side } from './testing/warnings-of.js';

const secure = (securityContext: object) => container({ securityContext });

const POD = 'spec.template.spec';

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
