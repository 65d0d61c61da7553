import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { stringify } from 'yaml';
import { assemblePlan, type PlanFindings } from './assemble.js';
import { compareTarget as compareWith, type TargetRendering } from './compare.js';
import { parseManifests } from './manifests.js';
import { NO_SETTINGS } from './plan-settings.js';
import type { PlanProblem } from './plan.js';

const compareTarget = (rendering: TargetRendering) => compareWith(rendering, NO_SETTINGS);
const resources = (...values: unknown[]) =>
  parseManifests([{ name: 'a.yaml', text: values.map((value) => stringify(value)).join('---\n') }], () => 'f')
    .resources;
const deployment = (image: string, rest: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'api' },
  spec: { ...rest, template: { spec: { containers: [{ name: 'api', image }] } } },
});
const rendering = (before: readonly unknown[], after: readonly unknown[], app = 'api'): TargetRendering => ({
  target: { app, env: 'dev' },
  directory: `apps/${app}/envs/dev`,
  renderer: 'plain',
  before: resources(...before),
  after: resources(...after),
});

describe('compareTarget', () => {
  it('shows an image change as one changed resource', () => {
    const { plan, changes } = compareTarget(rendering([deployment('acme/api:1.0.0')], [deployment('acme/api:1.1.0')]));
    expect(changes).toBe('image-only');
    expect(plan).toMatchObject({
      versionBefore: '1.0.0',
      versionAfter: '1.1.0',
      images: [{ places: ['Deployment/api/api'], before: 'acme/api:1.0.0', after: 'acme/api:1.1.0', link: null }],
    });
    expect(plan.resources).toMatchInlineSnapshot(`
      [
        {
          "apiVersion": "apps/v1",
          "change": "changed",
          "diff": "@@ -6,5 +6,5 @@
         template:
           spec:
             containers:
      -        - image: acme/api:1.0.0
      +        - image: acme/api:1.1.0
                 name: api",
          "fields": [
            {
              "after": "acme/api:1.1.0",
              "before": "acme/api:1.0.0",
              "path": "spec.template.spec.containers[api].image",
            },
          ],
          "kind": "Deployment",
          "name": "api",
          "namespace": null,
          "previousName": null,
          "reordered": [],
        },
      ]
    `);
  });

  const a = { apiVersion: 'v1', kind: 'A', metadata: { name: 'a' } };
  test.each<[string, unknown[], unknown[], string, string[]]>([
    ['nothing', [a], [a], 'none', []],
    ['the order of resources', [a, deployment('a:1')], [deployment('a:1'), a], 'none', []],
    ['one added', [], [a], 'other', ['added']],
    ['one removed', [a], [], 'other', ['removed']],
    ['image and replicas', [deployment('a:1')], [deployment('a:2', { replicas: 2 })], 'other', ['changed']],
    ['replicas', [deployment('a:1')], [deployment('a:1', { replicas: 2 })], 'replicas-only', ['changed']],
    ['replicas to zero', [deployment('a:1')], [deployment('a:1', { replicas: 0 })], 'other', ['changed']],
    ['replicas less', [deployment('a:1', { replicas: 2 })], [deployment('a:1')], 'other', ['changed']],
    [
      'replicas of something else',
      [{ ...a, spec: { replicas: 1 } }],
      [{ ...a, spec: { replicas: 2 } }],
      'other',
      ['changed'],
    ],
    ['another image', [deployment('a:1')], [deployment('b:1')], 'other', ['changed']],
    ['an image and something added', [deployment('a:1')], [deployment('a:2'), a], 'other', ['added', 'changed']],
    ['the API version', [a], [{ ...a, apiVersion: 'v2' }], 'other', ['changed']],
    ['a second of one name', [a], [a, { ...a, x: 1 }], 'other', ['added']],
    ['another namespace', [a], [{ ...a, metadata: { name: 'a', namespace: 'x' } }], 'other', ['added', 'removed']],
    ['the kind', [a], [{ ...a, kind: 'B' }], 'other', ['removed', 'added']],
    ['plain YAML', [{ image: 'a:1' }], [{ image: 'a:2' }], 'other', ['changed']],
  ])('%s', (_what, before, after, changes, kinds) => {
    const compared = compareTarget(rendering(before, after));
    expect(compared.changes).toBe(changes);
    expect(compared.plan.resources.map((each) => each.change)).toEqual(kinds);
    expect(compared.plan.digestBefore === compared.plan.digestAfter).toBe(changes === 'none');
  });

  it('takes little time over five thousand lines that all differ', () => {
    const lines = (sign: string) => Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`${sign}${n}`, n]));
    const request = rendering([lines('a')], [lines('b')]);
    const started = performance.now();
    const diff = compareTarget(request).plan.resources[0]?.diff ?? '';
    expect(performance.now() - started).toBeLessThan(60_000);
    expect(diff.split('\n')).toHaveLength(10_001);
  });
});

describe('assemblePlan', () => {
  const findings = (over: Partial<PlanFindings> = {}): PlanFindings => ({
    base: 'b1',
    head: 'h1',
    changedPaths: ['apps/api/envs/dev/a.yaml'],
    renderings: [rendering([deployment('a:1')], [deployment('a:2')])],
    outside: [],
    outsideDigest: '',
    settings: NO_SETTINGS,
    problems: [],
    ...over,
  });
  const problem: PlanProblem = { kind: 'fork' };

  test.each<[string, Partial<PlanFindings>, string]>([
    ['images', {}, 'image-only'],
    ['nothing at all', { changedPaths: [], renderings: [] }, 'none'],
    [
      'images, and a file that nothing reads',
      { notes: [{ kind: 'unread-file', target: null, count: 1, what: 'a.yaml' }] },
      'other',
    ],
    [
      'replicas',
      { renderings: [rendering([deployment('a:1')], [deployment('a:1', { replicas: 3 })])] },
      'replicas-only',
    ],
    [
      'images here, replicas there',
      {
        renderings: [
          rendering([deployment('a:1')], [deployment('a:2')]),
          rendering([deployment('a:1')], [deployment('a:1', { replicas: 3 })], 'web'),
        ],
      },
      'other',
    ],
    ['a comment in a manifest', { renderings: [rendering([{ a: 1 }], [{ a: 1 }])] }, 'other'],
    ['an image and a script', { changedPaths: ['apps/api/envs/dev/a.yaml', 'apps/api/envs/dev/run.sh'] }, 'other'],
    ['an image and a file outside', { outside: ['x.yaml'], outsideDigest: 'x' }, 'other'],
    [
      'an image here, more there',
      { renderings: [rendering([deployment('a:1')], [deployment('a:2')]), rendering([], [{ a: 1 }], 'web')] },
      'other',
    ],
    ['a problem', { problems: [problem] }, 'unknown'],
    ['a problem and nothing else', { problems: [problem], changedPaths: [], renderings: [] }, 'unknown'],
  ])('the extent of %s', (_what, over, changes) => {
    expect(assemblePlan(findings(over)).changes).toBe(changes);
  });

  test.each<[string, Partial<PlanFindings>]>([
    ['another state before', { renderings: [rendering([deployment('a:0')], [deployment('a:2')])] }],
    ['another state after', { renderings: [rendering([deployment('a:1')], [deployment('a:3')])] }],
    ['another application', { renderings: [rendering([deployment('a:1')], [deployment('a:2')], 'web')] }],
    ['other files outside', { outsideDigest: 'x' }],
    ['a problem', { problems: [problem] }],
  ])('%s is another plan', (_what, over) => {
    expect(assemblePlan(findings(over)).digest).not.toBe(assemblePlan(findings()).digest);
  });

  const value = fc.dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
  );
  const object = fc
    .tuple(fc.constantFrom('p', 'q', 'r'), value)
    .map(([name, spec]) => ({ apiVersion: 'v1', kind: 'K', metadata: { name }, spec }));
  const side = fc.array(object, { maxLength: 4 });
  const someRenderings = fc
    .uniqueArray(fc.constantFrom('api', 'web', 'db'), { minLength: 1 })
    .chain((apps) => fc.tuple(...apps.map((app) => fc.tuple(fc.constant(app), side, side))));

  it('has one digest whatever the commits are called and in whatever order things come', () => {
    fc.assert(
      fc.property(someRenderings, (sides) => {
        const one = sides.map(([app, before, after]) => rendering(before, after, app));
        const other = sides
          .map(([app, before, after]) => rendering(before.toReversed(), after.toReversed(), app))
          .toReversed();
        const problems: PlanProblem[] = [problem, { kind: 'conflict', paths: [] }];
        const plan = assemblePlan(findings({ renderings: one, problems }));
        const again = assemblePlan(
          findings({ base: 'b2', head: 'h2', renderings: other, problems: problems.toReversed() }),
        );
        expect(again.digest).toBe(plan.digest);
        expect(again.targets.map((target) => target.target)).toEqual(plan.targets.map((target) => target.target));
      }),
      { numRuns: 30 },
    );
  });

  it('has another digest when one value is another', () => {
    fc.assert(
      fc.property(side, side, object, (before, after, extra) => {
        const plan = assemblePlan(findings({ renderings: [rendering(before, after)] }));
        const more = assemblePlan(findings({ renderings: [rendering(before, [...after, extra])] }));
        expect(more.digest).not.toBe(plan.digest);
        const difference = plan.targets.flatMap((target) => target.resources).length === 0;
        expect(difference).toBe(plan.targets.every((target) => target.digestBefore === target.digestAfter));
      }),
    );
  });
});
