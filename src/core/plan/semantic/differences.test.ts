import { describe, expect, test } from 'vitest';
import { object } from '../testing/kubernetes-object.js';
import { only, told } from './testing/comparison.js';
import { container, named, pod } from './testing/pods.js';

const C = 'spec.containers[c]';
describe('fields', () => {
  test.each<[string, unknown, unknown, string[]]>([
    ['a value', pod({ a: 1 }), pod({ a: 2 }), ['spec.a: 1 → 2']],
    ['a value more', pod({}), pod({ a: 'x: y' }), ['spec.a: null → "x: y"']],
    ['a value less', pod({ a: true }), pod({}), ['spec.a: true → null']],
    ['nothing and no value', pod({ a: null }), pod({}), ['spec.a: null → null']],
    ['a whole map', pod({}), pod({ b: { d: [1, 'x'], c: {} } }), ['spec.b: null → {c: {}, d: [1, x]}']],
    ['a text and a number', pod({ a: '1' }), pod({ a: 1 }), ['spec.a: "1" → 1']],
    ['several lines', pod({ a: 'x\ny' }), pod({ a: 'x\nz' }), [String.raw`spec.a: "x\ny" → "x\nz"`]],
    ['a key that needs quotes', pod({ 'a.b/c': 1 }), pod({ 'a.b/c': 2 }), ['spec["a.b/c"]: 1 → 2']],
    [
      'the API version of a group',
      object('apps/v1beta1', 'Deployment'),
      object('apps/v1', 'Deployment'),
      ['apiVersion: apps/v1beta1 → apps/v1'],
    ],
    ['YAML that is no map', [1, 2, 3], [1, 5, 3], ['[1]: 2 → 5']],
    ['YAML that is one value', 'a', 'b', ['.: a → b']],
    ['a map and a list', pod({ a: {} }), pod({ a: [] }), ['spec.a: {} → []']],
    [
      'a masked value',
      object('v1', 'Secret', { data: { p: 'x' } }),
      object('v1', 'Secret', { data: { p: 'xy' } }),
      ['data.p: masked:f1 → masked:f2'],
    ],
    [
      'an own key of a strange name',
      pod(JSON.parse('{"__proto__": 1}') as object),
      pod({}),
      ['spec.__proto__: 1 → null'],
    ],
    ['a key that every object has', pod({}), pod({ constructor: 1 }), ['spec.constructor: null → 1']],
  ])('%s', (_what, before, after, expected) => {
    expect(told(before, after)).toEqual(expected);
  });
});

describe('lists', () => {
  test.each<[string, unknown, unknown, string[]]>([
    [
      'a container changed',
      pod({ containers: [{ name: 'a' }, { name: 'b', image: 'x:1' }] }),
      pod({ containers: [{ name: 'b', image: 'x:2' }, { name: 'a' }] }),
      ['spec.containers[b].image: x:1 → x:2', 'spec.containers reordered'],
    ],
    [
      'a container more, first',
      pod({ containers: named('a') }),
      pod({ containers: named('b', 'a') }),
      ['spec.containers[b]: null → {name: b}'],
    ],
    [
      'a container less',
      pod({ containers: named('a', 'b') }),
      pod({ containers: named('b') }),
      ['spec.containers[a]: {name: a} → null'],
    ],
    [
      'containers in another order',
      pod({ containers: named('a', 'b') }),
      pod({ containers: named('b', 'a') }),
      ['spec.containers reordered'],
    ],
    [
      'init containers in another order',
      pod({ initContainers: named('a', 'b') }),
      pod({ initContainers: named('b', 'a') }),
      ['spec.initContainers: [a, b] → [b, a]'],
    ],
    [
      'ports by port and protocol',
      container({
        ports: [
          { containerPort: 53, protocol: 'UDP', name: 'a' },
          { containerPort: 53, protocol: 'TCP' },
        ],
      }),
      container({
        ports: [
          { containerPort: 53, protocol: 'UDP', name: 'b' },
          { containerPort: 53, protocol: 'TCP' },
        ],
      }),
      [`${C}.ports[53/UDP].name: a → b`],
    ],
    [
      'ports of a service',
      object('v1', 'Service', { spec: { ports: [{ port: 80, targetPort: 1 }] } }),
      object('v1', 'Service', { spec: { ports: [{ port: 80, targetPort: 2 }] } }),
      ['spec.ports[80].targetPort: 1 → 2'],
    ],
    [
      'variables',
      container({
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      }),
      container({
        env: [
          { name: 'B', value: '3' },
          { name: 'A', value: '1' },
        ],
      }),
      [`${C}.env[B].value: "2" → "3"`, `${C}.env reordered`],
    ],
    [
      'variables that use others',
      container({
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '$(A)' },
        ],
      }),
      container({
        env: [
          { name: 'B', value: '$(A)' },
          { name: 'A', value: '1' },
        ],
      }),
      [`${C}.env: [A, B] → [B, A]`],
    ],
    [
      'sources of variables',
      container({ envFrom: [{ configMapRef: { name: 'a-4k2h79gmt5' } }] }),
      container({ envFrom: [{ configMapRef: { name: 'a-72b8tc6k9d' } }] }),
      [`${C}.envFrom[ConfigMap/a].configMapRef.name: a-4k2h79gmt5 → a-72b8tc6k9d`],
    ],
    [
      'mounts by path',
      container({ volumeMounts: [{ mountPath: '/a', name: 'v' }] }),
      container({ volumeMounts: [{ mountPath: '/a', name: 'w' }] }),
      [`${C}.volumeMounts[/a].name: v → w`],
    ],
    [
      'one name twice: by position',
      container({
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      }),
      container({
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '3' },
        ],
      }),
      [`${C}.env[1].value: "2" → "3"`],
    ],
    [
      'claim templates',
      object('apps/v1', 'StatefulSet', { spec: { volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: 1 }] } }),
      object('apps/v1', 'StatefulSet', { spec: { volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: 2 }] } }),
      ['spec.volumeClaimTemplates[d].spec: 1 → 2'],
    ],
    [
      'arguments in another order',
      container({ args: ['-a', '-b'] }),
      container({ args: ['-b', '-a'] }),
      [`${C}.args[1]: null → -a`, `${C}.args[0]: -a → null`],
    ],
    [
      'an argument more',
      container({ args: ['-a', '-c'] }),
      container({ args: ['-a', '-b', '-c'] }),
      [`${C}.args[1]: null → -b`],
    ],
    [
      'finalizers in another order',
      object('v1', 'A', { metadata: { name: 'x', finalizers: ['a', 'b'] } }),
      object('v1', 'A', { metadata: { name: 'x', finalizers: ['b', 'a'] } }),
      ['metadata.finalizers reordered'],
    ],
    [
      'items by name elsewhere',
      object('x.io/v1', 'A', {
        list: [
          { name: 'a', v: 1 },
          { name: 'b', v: 1 },
        ],
      }),
      object('x.io/v1', 'A', {
        list: [
          { name: 'b', v: 2 },
          { name: 'a', v: 1 },
        ],
      }),
      ['list[b].v: 1 → 2', 'list reordered'],
    ],
    [
      'items by id elsewhere',
      { list: [{ id: 7, v: 1 }] },
      {
        list: [
          { id: 8, v: 1 },
          { id: 7, v: 2 },
        ],
      },
      ['list[8]: null → {id: 8, v: 1}', 'list[7].v: 1 → 2'],
    ],
    ['items without names, one more', { list: [1, 2, 3] }, { list: [0, 1, 2, 3] }, ['list[0]: null → 0']],
    [
      'items without names in another order',
      { list: [{ a: 1 }, { a: 2 }] },
      { list: [{ a: 2 }, { a: 1 }] },
      ['list reordered'],
    ],
    ['lists in lists', { list: [[1, 2], [3]] }, { list: [[1, 2], [4]] }, ['list[1][0]: 3 → 4']],
    [
      'rules of a role in another order, one changed',
      object('rbac.authorization.k8s.io/v1', 'Role', { rules: [{ verbs: ['get'] }, { verbs: ['list'] }] }),
      object('rbac.authorization.k8s.io/v1', 'Role', { rules: [{ verbs: ['list'] }, { verbs: ['watch'] }] }),
      ['rules[1].verbs[0]: get → watch'],
    ],
  ])('%s', (_what, before, after, expected) => {
    expect(told(before, after)).toEqual(expected);
  });

  test.each<[string, unknown, unknown, string]>([
    ['containers', pod({ containers: named('a', 'b') }), pod({ containers: named('b', 'a') }), 'reordered'],
    ['init containers', pod({ initContainers: named('a', 'b') }), pod({ initContainers: named('b', 'a') }), 'changed'],
    ['commands', container({ command: ['a', 'b'] }), container({ command: ['b', 'a'] }), 'changed'],
    ['something unknown', { list: ['a', 'b'] }, { list: ['b', 'a'] }, 'reordered'],
    [
      'containers and a value',
      pod({ containers: named('a', 'b') }),
      pod({ containers: named('b', 'a'), x: 1 }),
      'changed',
    ],
  ])('the order of %s', (_what, before, after, expected) => {
    expect(only(before, after)?.change).toBe(expected);
  });
});
