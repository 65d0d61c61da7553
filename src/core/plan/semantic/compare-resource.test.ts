import { describe, expect, it, test } from 'vitest';
import { compareTarget } from '../compare.js';
import { NO_SETTINGS } from '../plan-settings.js';
import { object } from '../testing/kubernetes-object.js';
import { compare, only, resources } from './testing/comparison.js';
import { container, named, pod } from './testing/pods.js';

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
    expect(performance.now() - started).toBeLessThan(60_000);
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

test('a thousand resources are compared in time', () => {
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
  expect(performance.now() - started).toBeLessThan(60_000);
});
