import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { stringify } from 'yaml';
import { isRecord } from '../canonical.js';
import { compareTarget } from '../compare.js';
import { parseManifests, type Resource } from '../manifests.js';
import { NO_SETTINGS } from '../plan-settings.js';
import { alignOrder } from './align-order.js';
import { findDifferences } from './differences.js';
import { EqualValues } from './equal-values.js';
import { listContext } from './list-rules.js';
import { oneLineYaml } from './one-line.js';

const resources = (...values: readonly unknown[]): readonly Resource[] =>
  parseManifests(
    values.map((value, index) => ({ name: `${index}.yaml`, text: stringify(value) })),
    (secret) => `f${secret.length}`,
  ).resources;
const compare = (before: readonly unknown[], after: readonly unknown[]) =>
  compareTarget(
    {
      target: { app: 'api', env: 'dev' },
      directory: 'd',
      renderer: 'plain',
      before: resources(...before),
      after: resources(...after),
    },
    NO_SETTINGS,
  );
const only = (before: unknown, after: unknown) => {
  const { plan } = compare([before], [after]);
  expect(plan.resources.length).toBeLessThanOrEqual(1);
  return plan.resources[0];
};
/** `path: before → after` of each field, then `path reordered`. */
const told = (before: unknown, after: unknown) => {
  const change = only(before, after);
  return [
    ...(change?.fields ?? []).map((field) => `${field.path}: ${field.before} → ${field.after}`),
    ...(change?.reordered ?? []).map((path) => `${path} reordered`),
  ];
};

const object = (apiVersion: string, kind: string, rest: object = {}, metadata: object = {}) => ({
  apiVersion,
  kind,
  metadata: { name: 'x', ...metadata },
  ...rest,
});
const pod = (spec: object) => object('v1', 'Pod', { spec });
const container = (rest: object) => pod({ containers: [{ name: 'c', ...rest }] });
const named = (...names: readonly string[]) => names.map((name) => ({ name }));

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

describe('the unified diff', () => {
  it('does not show as noise what only moved', () => {
    const env = (...names: string[]) => names.map((name) => ({ name, value: `${name}1` }));
    const before = container({ env: [...env('A', 'B', 'C', 'D', 'E')] });
    const after = container({ env: [...env('E', 'C', 'A', 'B'), { name: 'D', value: 'new' }] });
    expect(
      only(before, after)
        ?.diff.split('\n')
        .filter((line) => /^[+-]/.test(line)),
    ).toEqual(['-          value: D1', '+          value: new']);
  });

  it('shows the order where nothing else differs', () => {
    const diff = only(pod({ containers: named('a', 'b') }), pod({ containers: named('b', 'a') }))?.diff ?? '';
    expect(diff.split('\n').filter((line) => /^[+-]/.test(line))).toHaveLength(2);
  });

  test.each([
    ['a hundred thousand lines', 'some line\n'.repeat(100_000)],
    ['ten million characters in one line', 'x'.repeat(10_000_000)],
  ])('shows of %s what differs, and says so', (_what, text) => {
    const [before, after] = [text, `${text}y`].map((data) =>
      resources(object('v1', 'ConfigMap', { data: { 'a.txt': data } })),
    );
    const rendering = {
      target: { app: 'a', env: 'b' },
      directory: 'd',
      renderer: 'plain',
      before: before ?? [],
      after: after ?? [],
    };
    const started = performance.now();
    const { plan, hidden } = compareTarget(rendering, NO_SETTINGS);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(plan.resources[0]).toMatchObject({ change: 'changed', fields: [{ path: 'data["a.txt"]' }] });
    expect(plan.resources[0]?.fields[0]?.after).toMatch(/y"?$/);
    expect(plan.resources[0]?.diff).toMatch(/^\+.*y$/m);
    expect(hidden.map(({ kind, what, count }) => `${kind} ${what} ${count}`)).toEqual([
      'cut-value ConfigMap/x data["a.txt"] 1',
    ]);
    expect(JSON.stringify(plan).length).toBeLessThan(5000);
    expect(plan.digestBefore).not.toBe(plan.digestAfter);
  });
});

describe('what is not shown is counted', () => {
  it('beyond a hundred fields', () => {
    const data = (sign: string) => Object.fromEntries(Array.from({ length: 130 }, (_, n) => [`k${n}`, `${sign}${n}`]));
    const { plan, hidden } = compare(
      [object('v1', 'ConfigMap', { data: data('a') })],
      [object('v1', 'ConfigMap', { data: data('b') })],
    );
    expect(plan.resources[0]?.fields).toHaveLength(100);
    expect(hidden).toMatchObject([{ kind: 'unshown-field', what: 'ConfigMap/x', count: 30 }]);
  });

  it('and what is masked', () => {
    const { hidden } = compare([], [object('v1', 'Secret', { stringData: { p: 'x', q: 'y' } })]);
    expect(hidden.map(({ kind, what }) => `${kind} ${what}`)).toEqual([
      'masked-value Secret/x stringData.p',
      'masked-value Secret/x stringData.q',
    ]);
  });
});

const settings = (name: string, data: object, namespace = 'n') =>
  object('v1', 'ConfigMap', { data }, { name, namespace });
/** `change name (was previous)` of each resource. */
const changes = (before: readonly unknown[], after: readonly unknown[]) =>
  compare(before, after).plan.resources.map(
    ({ change, name, previousName }) => `${change} ${name}${previousName === null ? '' : ` (was ${previousName})`}`,
  );

describe('renames', () => {
  const data = { a: '1', b: '2', c: '3', d: '4' };
  test.each<[string, unknown[], unknown[], string[]]>([
    [
      'a generated name',
      [settings('s-4k2h79gmt5', { a: '1' })],
      [settings('s-72b8tc6k9d', { a: '2' })],
      ['renamed s-72b8tc6k9d (was s-4k2h79gmt5)'],
    ],
    [
      'a generated name for a given one',
      [settings('s', { a: '1' })],
      [settings('s-72b8tc6k9d', { a: '1' })],
      ['renamed s-72b8tc6k9d (was s)'],
    ],
    [
      'an ending that is no hash',
      [settings('s-production', { a: '1' })],
      [settings('s-acceptance', { a: '1' })],
      ['added s-acceptance', 'removed s-production'],
    ],
    ['another name, the same content', [settings('old', data)], [settings('new', data)], ['renamed new (was old)']],
    [
      'another name, nearly the same content',
      [settings('old', data)],
      [settings('new', { ...data, a: 'x' })],
      ['renamed new (was old)'],
    ],
    [
      'another name and content',
      [settings('old', data)],
      [settings('new', { a: '1', e: '2', f: '3', g: '4' })],
      ['added new', 'removed old'],
    ],
    ['too little to tell', [settings('old', { a: '1' })], [settings('new', { a: '1' })], ['added new', 'removed old']],
    ['another namespace', [settings('s', data)], [settings('s', data, 'm')], ['added s', 'removed s']],
    [
      'a kind that only resembles it',
      [settings('old', data)],
      [object('x.io/v1', 'ConfigMap', { data }, { name: 'new', namespace: 'n' })],
      ['removed old', 'added new'],
    ],
    [
      'the likest of two',
      [settings('a', data), settings('b', { ...data, a: 'x' })],
      [settings('c', { ...data, a: 'x' }), settings('d', data)],
      ['renamed c (was b)', 'renamed d (was a)'],
    ],
    [
      'the own name in values',
      [settings('old', { u: 'http://old/', v: 'old-x', w: 'old' })],
      [settings('new', { u: 'http://new/', v: 'new-x', w: 'new' })],
      ['renamed new (was old)'],
    ],
    [
      'one name twice, in another order',
      [settings('s', { a: '1' }), settings('s', { a: '2' })],
      [settings('s', { a: '2' }), settings('s', { a: '1' })],
      [],
    ],
    ['files are not renamed', [data], [{ ...data, a: 'x' }], ['changed 0.yaml']],
  ])('%s', (_what, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });

  it('do not tell the name as a field, but what else differs', () => {
    expect(told(settings('s-4k2h79gmt5', { a: '1' }), settings('s-72b8tc6k9d', { a: '2' }))).toEqual([
      'data.a: "1" → "2"',
    ]);
  });

  it('keep the images of a renamed resource where they were', () => {
    const named2 = (name: string, image: string) =>
      object(
        'apps/v1',
        'Deployment',
        { spec: { a: 1, b: 2, c: 3, template: { spec: { containers: [{ name: 'c', image }] } } } },
        { name },
      );
    const { plan, changes: extent } = compare([named2('old', 'a:1')], [named2('new', 'a:2')]);
    expect(plan.images).toEqual([{ places: ['Deployment/new/c'], before: 'a:1', after: 'a:2', link: null }]);
    expect(extent).toBe('other');
  });

  it('are found among thousands in a few seconds', () => {
    const many = (sign: string) =>
      Array.from({ length: 2000 }, (_, n) => settings(`${sign}${n}`, { a: `${n}`, b: '2', c: '3', d: sign }));
    const [before, after] = [resources(...many('a')), resources(...many('b'))];
    const rendering = { target: { app: 'a', env: 'b' }, directory: 'd', renderer: 'plain', before, after };
    const started = performance.now();
    compareTarget(rendering, NO_SETTINGS);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

test('a thousand resources are compared within a second', () => {
  const many = (tag: string) =>
    Array.from({ length: 1000 }, (_, n) =>
      object(
        'apps/v1',
        'Deployment',
        {
          spec: {
            replicas: 2,
            template: {
              spec: {
                containers: [{ name: 'c', image: `a:${tag}`, env: [{ name: 'A', value: 'x' }], args: ['-a', '-b'] }],
              },
            },
          },
        },
        { name: `d${n}` },
      ),
    );
  const [before, after] = [resources(...many('1')), resources(...many('2'))];
  const rendering = { target: { app: 'a', env: 'b' }, directory: 'd', renderer: 'plain', before, after };
  const started = performance.now();
  expect(compareTarget(rendering, NO_SETTINGS).plan.resources).toHaveLength(1000);
  expect(performance.now() - started).toBeLessThan(3000);
});

describe('highlights', () => {
  const deployment = (image: string, spec: object = {}) =>
    object('apps/v1', 'Deployment', { spec: { ...spec, template: { spec: { containers: [{ name: 'c', image }] } } } });
  it('tell version, replicas and what else came and went', () => {
    const { plan } = compare(
      [deployment('acme/api:1.4.2', { replicas: 3 })],
      [deployment('acme/api:1.5.0', { replicas: 5 }), settings('s', { a: '1' })],
    );
    expect(plan.highlights).toEqual([
      { kind: 'version', image: null, before: '1.4.2', after: '1.5.0' },
      { kind: 'replicas', resource: 'Deployment/x', before: 3, after: 5 },
      { kind: 'resources', change: 'added', resourceKind: 'ConfigMap', count: 1 },
    ]);
  });

  it('name each image where not all became the same', () => {
    const containers = (...images: readonly string[]) =>
      object('apps/v1', 'Deployment', {
        spec: { template: { spec: { containers: images.map((image, index) => ({ name: `c${index}`, image })) } } },
      });
    const steps = (before: readonly string[], after: readonly string[]) =>
      compare([containers(...before)], [containers(...after)]).plan.highlights.flatMap((each) =>
        each.kind === 'version' ? [`${each.image ?? '-'}: ${each.before ?? '-'} → ${each.after ?? '-'}`] : [],
      );
    expect(steps(['a/api:1', 'a/web:1'], ['a/api:2', 'a/web:2'])).toEqual(['-: 1 → 2']);
    expect(steps(['postgres:16', 'a/api:1.0.0'], ['postgres:16', 'a/api:1.1.0'])).toEqual(['api: 1.0.0 → 1.1.0']);
    expect(steps(['a/api:1.0.0'], ['a/api:1.0.0', 'redis:7'])).toEqual(['redis: - → 7']);
    expect(steps(['a/api:1.0.0', 'redis:7'], ['a/api:1.0.0'])).toEqual(['redis: 7 → -']);
    expect(steps(['nginx:1'], ['caddy:2'])).toEqual(['-: nginx 1 → caddy 2']);
    expect(steps(['a/api:1'], ['b/api:1'])).toEqual(['-: a/api 1 → b/api 1']);
    const pinned = (digit: string) => `a:1@sha256:${digit.repeat(64)}`;
    expect(steps([pinned('a')], [pinned('b')])).toEqual(['a: sha256:aaaaaaaaaaaa → sha256:bbbbbbbbbbbb']);
  });

  it('tell an image, replicas and an order all together', () => {
    const api = (image: string, replicas: number, ...mounts: readonly string[]) =>
      object('apps/v1', 'Deployment', {
        spec: {
          replicas,
          template: {
            spec: { containers: [{ name: 'c', image, volumeMounts: mounts.map((mountPath) => ({ mountPath })) }] },
          },
        },
      });
    const { plan } = compare([api('a:1', 1, '/a', '/b')], [api('a:2', 2, '/b', '/a')]);
    expect(plan.highlights.map((each) => (each.kind === 'resources' ? each.change : each.kind))).toEqual([
      'version',
      'replicas',
      'reordered',
    ]);
  });

  it('count what changed in more than that', () => {
    const { plan } = compare([deployment('a:1')], [deployment('a:2', { paused: true })]);
    expect(plan.highlights.map((each) => each.kind)).toEqual(['version', 'resources']);
  });
});

test.each<[unknown, number, string, string]>([
  ['abc', 10, 'abc', 'whole'],
  ['abcdefghijk', 10, 'abcdefghi…', 'cut'],
  [['a', 'b', 'c', 'd', 'e'], 8, '[a, b, …', 'cut'],
  [{ b: 1n, a: null }, 20, '{a: null, b: 1}', 'whole'],
  ['é😀😀😀', 5, 'é😀…', 'cut'],
  [[], 10, '[]', 'whole'],
  ['', 10, '""', 'whole'],
])('%s in %i characters', (value, limit, text, extent) => {
  expect(oneLineYaml(value, limit)).toEqual({ text, extent });
});

describe('for any values', () => {
  const scalar = fc.oneof(
    fc.constantFrom<unknown>('a', 'b', '', null, true, 1n, 2n, 0.5, -0),
    fc.string({ maxLength: 4 }),
  );
  const key = fc.constantFrom(
    'name',
    'id',
    'containers',
    'env',
    'args',
    'rules',
    'verbs',
    'x',
    '__proto__',
    'toString',
    'a.b',
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'tree' },
      scalar,
      fc.array(tie('tree'), { maxLength: 4, depthIdentifier: 'tree' }),
      fc.array(fc.record({ name: fc.constantFrom('p', 'q', 'r'), x: tie('tree') }), {
        maxLength: 4,
        depthIdentifier: 'tree',
      }),
      fc
        .array(fc.tuple(key, tie('tree')), { maxLength: 4, depthIdentifier: 'tree' })
        .map((entries) => Object.fromEntries(entries)),
    ),
  }));
  const context = fc.constantFrom('kubernetes' as const, 'other' as const);
  const leaves = (value: unknown): readonly string[] => {
    if (value === undefined) return [];
    if (Array.isArray(value)) return value.flatMap(leaves);
    if (isRecord(value)) return Object.values(value).flatMap(leaves);
    return [`${typeof value} ${Object.is(value, -0) ? '-0' : String(value)}`];
  };
  const balance = (gone: readonly string[], come: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const leaf of gone) counts.set(leaf, (counts.get(leaf) ?? 0) - 1);
    for (const leaf of come) counts.set(leaf, (counts.get(leaf) ?? 0) + 1);
    return [...counts].filter(([, count]) => count !== 0).sort();
  };

  it('there is a difference exactly where they are unequal, and it is the same from both sides', () => {
    fc.assert(
      fc.property(tree, tree, context, (before, after, where) => {
        const values = new EqualValues();
        const there = findDifferences(before, after, { context: where, values });
        const back = findDifferences(after, before, { context: where, values });
        expect(there.length === 0).toBe(values.areEqual(before, after));
        expect(back.length === 0).toBe(there.length === 0);
        expect(findDifferences(before, structuredClone(before), { context: where, values })).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('the differences account for every value that came or went', () => {
    fc.assert(
      fc.property(tree, tree, context, (before, after, where) => {
        const differences = findDifferences(before, after, { context: where, values: new EqualValues() });
        const values = differences.filter((each) => each.kind === 'value');
        expect(
          balance(
            values.flatMap((each) => leaves(each.before)),
            values.flatMap((each) => leaves(each.after)),
          ),
        ).toEqual(balance(leaves(before), leaves(after)));
      }),
      { numRuns: 500 },
    );
  });

  it('putting lists into the new order loses nothing', () => {
    fc.assert(
      fc.property(tree, tree, context, (before, after, where) => {
        const aligned = alignOrder(before, after, { context: where, values: new EqualValues() });
        expect([...leaves(aligned)].sort()).toEqual([...leaves(before)].sort());
      }),
      { numRuns: 500 },
    );
  });

  it('containers are matched whatever their order', () => {
    const items = fc.uniqueArray(fc.record({ name: fc.constantFrom(...'abcdef'), image: fc.constantFrom('x', 'y') }), {
      selector: ({ name }) => name,
      maxLength: 6,
    });
    const shuffled = items.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, shuffled, ([before, mixedBefore], [after, mixedAfter]) => {
        const fieldsOf = (old: unknown, now: unknown) =>
          findDifferences(
            { containers: old },
            { containers: now },
            { context: 'kubernetes', values: new EqualValues() },
          )
            .flatMap((each) =>
              each.kind === 'value' ? [`${each.path} ${JSON.stringify([each.before, each.after])}`] : [],
            )
            .sort();
        expect(fieldsOf(mixedBefore, mixedAfter)).toEqual(fieldsOf(before, after));
      }),
    );
  });

  it('what is added one way is removed the other', () => {
    const resource = fc
      .tuple(
        fc.constantFrom('A', 'B'),
        fc.constantFrom('p', 'q', 'r', 's'),
        fc.dictionary(fc.constantFrom(...'abcd'), fc.constantFrom('1', '2')),
      )
      .map(([kind, name, spec]) => object('v1', kind, { spec }, { name }));
    const side = fc.uniqueArray(resource, {
      maxLength: 6,
      selector: ({ kind, metadata }) => JSON.stringify([kind, metadata]),
    });
    fc.assert(
      fc.property(side, side, (before, after) => {
        const kinds = (change: string, found: ReturnType<typeof compare>) =>
          found.plan.resources.filter((each) => each.change === change).map(({ kind, name }) => `${kind} ${name}`);
        const [there, back] = [compare(before, after), compare(after, before)];
        expect(kinds('added', back)).toEqual(kinds('removed', there));
        expect(kinds('removed', back)).toEqual(kinds('added', there));
        expect(kinds('renamed', back)).toHaveLength(kinds('renamed', there).length);
        expect(there.plan.resources.length === 0).toBe(there.plan.digestBefore === there.plan.digestAfter);
      }),
      { numRuns: 200 },
    );
  });

  it('comparing whole targets never throws and says as much as is different', () => {
    const known = fc.constantFrom(
      'Deployment',
      'StatefulSet',
      'Service',
      'Secret',
      'PersistentVolumeClaim',
      'Job',
      'HorizontalPodAutoscaler',
    );
    const hostile = fc.record({
      kind: known,
      apiVersion: fc.constantFrom('v1', 'apps/v1', 'batch/v1', 'autoscaling/v2'),
      metadata: tree,
      spec: tree,
      data: tree,
    });
    const pods = hostile.chain((each) =>
      fc
        .record({ containers: tree, initContainers: tree, volumes: tree })
        .map((spec) => ({ ...each, spec: { template: { spec } } })),
    );
    const side = fc.array(fc.oneof(tree, hostile, pods), { maxLength: 3 });
    fc.assert(
      fc.property(side, side, (before, after) => {
        const { plan } = compare(before, after);
        expect(plan.resources.length === 0).toBe(plan.digestBefore === plan.digestAfter);
        for (const resource of plan.resources) {
          if (resource.change === 'changed') expect(resource.fields.length).toBeGreaterThan(0);
          if (resource.change === 'reordered') expect(resource.reordered.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});

test.each([
  ['v1', 'kubernetes'],
  ['apps/v1', 'kubernetes'],
  ['rbac.authorization.k8s.io/v1', 'kubernetes'],
  ['gateway.networking.k8s.io/v1', 'other'],
  ['argoproj.io/v1alpha1', 'other'],
  ['', 'other'],
])('%s is an API of %s', (apiVersion, expected) => {
  expect(listContext(apiVersion)).toBe(expected);
});
