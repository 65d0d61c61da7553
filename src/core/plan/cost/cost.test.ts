import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { stringify } from 'yaml';
import { parseManifests } from '../manifests.js';
import { inUnits, parseQuantity } from './quantity.js';
import { targetCost } from './target-cost.js';

const B = 10n ** 9n;

describe('parseQuantity', () => {
  test.each<[unknown, bigint | null]>([
    ['1', B],
    [1n, B],
    [0.1, B / 10n],
    [1.5, (B * 3n) / 2n],
    ['500m', B / 2n],
    ['0.5', B / 2n],
    ['.5', B / 2n],
    ['5.', 5n * B],
    ['+5', 5n * B],
    ['100u', B / 10_000n],
    ['1n', 1n],
    ['0.1n', 1n],
    ['1.0000000001', B + 1n],
    ['1k', 1000n * B],
    ['1Ki', 1024n * B],
    ['1.5Gi', 3n * 2n ** 29n * B],
    ['0.1Gi', (B * 2n ** 30n) / 10n],
    ['2e3', 2000n * B],
    ['2E3', 2000n * B],
    ['2e-3', B / 500n],
    ['1E', 10n ** 18n * B],
    ['1Ei', 2n ** 60n * B],
    ['9Ei', (2n ** 63n - 1n) * B],
    ['1e999', (2n ** 63n - 1n) * B],
    ['0', 0n],
    ['', null],
    ['.', null],
    ['-1', null],
    ['1 Gi', null],
    ['1gi', null],
    ['1K', null],
    ['1GiB', null],
    ['one', null],
    ['0x10', null],
    [`1${'0'.repeat(200)}`, null],
    [true, null],
    [null, null],
    [[1], null],
    [Number.NaN, null],
  ])('case %#', (value, expected) => {
    expect(parseQuantity(value), String(value)).toBe(expected);
  });

  it('takes any text, and what it takes is never negative', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.double(), fc.bigInt(), fc.stringMatching(/^[0-9.]{0,9}[eE+KMGimu-]{0,3}\d{0,4}$/)),
        (value) => {
          const amount = parseQuantity(value);
          if (amount !== null) expect(amount >= 0n).toBe(true);
        },
      ),
    );
  });

  it('rounds up to whole units', () => {
    expect(inUnits(1n, 1000)).toBe(1);
    expect(inUnits(B / 2n, 1000)).toBe(500);
    expect(inUnits(1024n * B, 1)).toBe(1024);
  });
});

const cost = (...values: readonly object[]) => {
  const text = values.map((value) => stringify(value)).join('---\n');
  const { resources } = parseManifests([{ name: 'a.yaml', text }], () => 'f');
  return targetCost({ before: [], after: resources }, null);
};
/** `cpu/memory/storage notes`. */
const sums = (...values: readonly object[]) => {
  const found = cost(...values);
  if (found === null) return 'nothing';
  const notes = found.notes.map(({ kind, resource }) => ` ${kind} ${resource}`);
  return `${found.cpu.after}/${found.memory.after}/${found.storage.after}${notes.join()}`;
};
const object = (apiVersion: string, kind: string, spec: object) => ({
  apiVersion,
  kind,
  metadata: { name: 'x' },
  spec,
});
const needs = (cpu: unknown, memory?: unknown) => ({ resources: { requests: { cpu, memory } } });
const pod = (...containers: readonly object[]) => ({ containers });
const template = (spec: object) => ({ template: { spec } });
const one = template(pod(needs('100m', '1Ki')));
const scaler = (minReplicas?: number) =>
  object('autoscaling/v2', 'HorizontalPodAutoscaler', {
    scaleTargetRef: { kind: 'Deployment', name: 'x' },
    minReplicas,
  });
const claimed = (storage: unknown) => ({ metadata: { name: 'd' }, spec: { resources: { requests: { storage } } } });

test.each<[string, readonly object[], string]>([
  ['a deployment', [object('apps/v1', 'Deployment', { replicas: 3, ...one })], '300/3072/0'],
  [
    'one that is declared twice',
    [
      object('apps/v1', 'Deployment', { replicas: 2, ...one }),
      object('apps/v1', 'Deployment', { replicas: 3, ...one }),
    ],
    '300/3072/0',
  ],
  ['without replicas', [object('apps/v1', 'Deployment', one)], '100/1024/0'],
  ['with none', [object('apps/v1', 'Deployment', { replicas: 0, ...one })], 'nothing'],
  ['autoscaled', [object('apps/v1', 'Deployment', one), scaler(4)], '400/4096/0 autoscaled Deployment/x'],
  ['autoscaled by default', [object('apps/v1', 'Deployment', one), scaler()], '100/1024/0 autoscaled Deployment/x'],
  [
    'the autoscaler before replicas, which it overrules',
    [object('apps/v1', 'Deployment', { replicas: 2, ...one }), scaler(4)],
    '400/4096/0 autoscaled Deployment/x',
  ],
  [
    'none before the autoscaler, which leaves it alone',
    [object('apps/v1', 'Deployment', { replicas: 0, ...one }), scaler(4)],
    'nothing',
  ],
  ['two containers', [object('v1', 'Pod', pod(needs(1), needs('0.5', '1k')))], '1500/1000/0'],
  ['a limit for want of a request', [object('v1', 'Pod', pod({ resources: { limits: { cpu: 2 } } }))], '2000/0/0'],
  [
    'a request before its limit',
    [object('v1', 'Pod', pod({ resources: { requests: { cpu: 1 }, limits: { cpu: 2 } } }))],
    '1000/0/0',
  ],
  [
    'the largest init container',
    [object('v1', 'Pod', { ...pod(needs(1)), initContainers: [needs(2), needs(3)] })],
    '3000/0/0',
  ],
  [
    'small init containers',
    [object('v1', 'Pod', { ...pod(needs(4)), initContainers: [needs(2), needs(3)] })],
    '4000/0/0',
  ],
  [
    'a sidecar, beside the rest',
    [object('v1', 'Pod', { ...pod(needs(2)), initContainers: [{ ...needs(1), restartPolicy: 'Always' }, needs(3)] })],
    '4000/0/0',
  ],
  [
    'requests of the whole pod',
    [object('v1', 'Pod', { ...pod(needs(2)), ...needs(5), overhead: { cpu: '10m' } })],
    '5010/0/0',
  ],
  ['a daemon set', [object('apps/v1', 'DaemonSet', one)], '100/1024/0 once-per-node DaemonSet/x'],
  [
    'a stateful set',
    [object('apps/v1', 'StatefulSet', { replicas: 2, ...one, volumeClaimTemplates: [claimed('1Ki')] })],
    '200/2048/2048',
  ],
  ['a claim', [object('v1', 'PersistentVolumeClaim', claimed('1Gi').spec)], '0/0/1073741824'],
  ['a job', [object('batch/v1', 'Job', { parallelism: 3, ...one })], '300/3072/0'],
  ['a job of fewer completions', [object('batch/v1', 'Job', { parallelism: 3, completions: 1, ...one })], '100/1024/0'],
  ['a suspended job', [object('batch/v1', 'Job', { suspend: true, ...one })], 'nothing'],
  ['a cron job', [object('batch/v1', 'CronJob', { jobTemplate: { spec: one } })], 'nothing'],
  ['a replica set', [object('apps/v1', 'ReplicaSet', { replicas: 2, ...one })], '200/2048/0'],
  ['another group', [object('x.io/v1', 'Deployment', one)], 'nothing'],
  ['quantities that are none', [object('v1', 'Pod', pod(needs('lots', '1Ki')))], '0/1024/0 unreadable Pod/x'],
  [
    'replicas that are none',
    [object('apps/v1', 'Deployment', { replicas: -1, ...one })],
    '0/0/0 unreadable Deployment/x',
  ],
  ['odd shapes', [object('v1', 'Pod', { containers: [1, null, { resources: [] }], initContainers: {} })], 'nothing'],
])('%s', (_what, values, expected) => {
  expect(sums(...values)).toBe(expected);
});

test('money, for what has a price', () => {
  const side = (replicas: number) =>
    parseManifests(
      [
        {
          name: 'a',
          text: stringify(object('apps/v1', 'Deployment', { replicas, ...template(pod(needs('500m', '1Gi'))) })),
        },
      ],
      () => 'f',
    ).resources;
  const sides = { before: side(3), after: side(4) };
  const prices = { currency: 'EUR', cpu: 20, memory: 3, storage: null };
  expect(targetCost(sides, prices)?.money).toEqual({ currency: 'EUR', before: 39, after: 52 });
  expect(targetCost(sides, null)?.money).toBeNull();
});
