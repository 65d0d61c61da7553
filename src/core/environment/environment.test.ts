import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EnvironmentRules } from '../configuration.js';
import { environmentOrder, successors } from './environment-order.js';
import { directoryOf, findTargets, targetOf } from './find-targets.js';
import { resolveEnvironment } from './resolve-environment.js';

const environment = (name: string, ...after: string[]): EnvironmentRules => ({
  name,
  after,
  gates: { checks: [], soak: 0 },
  promotion: 'manual',
  merge: 'manual',
});
const environments = [environment('dev'), environment('prod', 'dev')];
const places = { layouts: [{ path: 'apps/{app}/envs/{env}', app: null }], environments };

describe('findTargets', () => {
  it('finds a target where a file lies below its directory', () => {
    const paths = ['apps/web/envs/dev/a.yaml', 'apps/api/envs/prod/deep/er/b.yaml', 'apps/api/envs/prod/c.yaml'];
    expect(findTargets(paths, places)).toEqual([
      { name: { app: 'api', env: 'prod' }, directory: 'apps/api/envs/prod' },
      { name: { app: 'web', env: 'dev' }, directory: 'apps/web/envs/dev' },
    ]);
  });

  it.each(['apps/api/envs/prod', 'apps/api/base/x.yaml', 'apps/api/envs/old/x.yaml', 'other/api/envs/prod/x', 'x', ''])(
    '%j belongs to no target',
    (path) => {
      expect(targetOf(path, places)).toBeNull();
    },
  );

  it('names the one application of a layout without {app}, and takes the first layout that fits', () => {
    const several = { environments, layouts: [{ path: '{env}', app: 'shop' }, ...places.layouts] };
    expect(targetOf('dev/x.yaml', several)).toEqual({ name: { app: 'shop', env: 'dev' }, directory: 'dev' });
    expect(targetOf('apps/api/envs/dev/x', several)?.name.app).toBe('api');
  });

  it('places a target where its files are found again', () => {
    const name = fc.stringMatching(/^[a-z]{1,8}$/);
    fc.assert(
      fc.property(name, fc.constantFrom('dev', 'prod'), (app, env) => {
        const directory = directoryOf({ app, env }, places);
        expect(targetOf(`${directory}/x.yaml`, places)).toEqual({ name: { app, env }, directory });
      }),
    );
  });
});

describe('environmentOrder', () => {
  it('puts sources before successors and keeps the order of the file otherwise', () => {
    const graph = [
      environment('prod', 'test', 'perf'),
      environment('test', 'dev'),
      environment('perf', 'dev'),
      environment('dev'),
    ];
    expect(environmentOrder(graph)).toEqual({ kind: 'ordered', names: ['dev', 'test', 'perf', 'prod'] });
    expect(successors('dev', graph).map(({ name }) => name)).toEqual(['test', 'perf']);
  });

  it.each([
    [[environment('a', 'a')], ['a']],
    [
      [environment('z'), environment('a', 'z', 'c'), environment('b', 'a'), environment('c', 'b')],
      ['a', 'c', 'b'],
    ],
    [
      [environment('x', 'a'), environment('a', 'b'), environment('b', 'a')],
      ['a', 'b'],
    ],
  ])('names the circle', (graph, circle) => {
    expect(environmentOrder(graph)).toEqual({ kind: 'circle', circle });
  });
});

describe('resolveEnvironment', () => {
  it.each([
    ['prod', 'prod'],
    ['PROD', 'prod'],
  ])('finds %s', (typed, name) => {
    expect(resolveEnvironment(typed, environments)).toMatchObject({ kind: 'found', environment: { name } });
  });

  it('suggests the nearest and lists what there is', () => {
    expect(resolveEnvironment('prodd', environments)).toEqual({
      kind: 'unknown',
      typed: 'prodd',
      suggestion: 'prod',
      known: ['dev', 'prod'],
    });
    expect(resolveEnvironment('staging', environments)).toMatchObject({ suggestion: null });
  });
});
