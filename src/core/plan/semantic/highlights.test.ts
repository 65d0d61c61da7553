import { describe, expect, it } from 'vitest';
import { object } from '../testing/kubernetes-object.js';
import { compare, settings } from './testing/comparison.js';

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
