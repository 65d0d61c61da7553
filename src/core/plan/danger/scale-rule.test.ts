import { expect, test } from 'vitest';
import { object } from '../testing/kubernetes-object.js';
import { deployment, workload } from './testing/objects.js';
import { warningsOf, type Side } from './testing/warnings-of.js';

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
