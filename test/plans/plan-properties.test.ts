import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPlan } from '../../src/cli/plan/format-plan.js';
import { assemblePlan } from '../../src/core/plan/assemble.js';
import { parseManifests } from '../../src/core/plan/manifests.js';
import type { Plan } from '../../src/core/plan/plan.js';
import { NO_SETTINGS } from '../../src/core/plan/plan-settings.js';
import { planSection, planTitle } from '../../src/text/plan-text.js';
import { fingerprint } from './plan-fixtures.js';
import { expectSoundBodies, namesIn, resourcesOf } from './sound-body.js';

const SECRETS = ['hunter2-planted', 'swordfish-planted', 'tr0ub4dor-planted'] as const;

const hostile = fc.constantFrom(
  '```',
  '`````diff',
  '</details>',
  '<details><summary>',
  '@acme/sre',
  'fixes #12',
  '!3 ~bug %1',
  '\u202egnp.exe',
  '<script>alert(1)</script>',
  '[x](javascript:alert)',
  '\u0000\u0007',
  'ünïcödé 🚢',
  '\n---\n',
  '\n```\n',
  '\n`````\n</details>\n',
  '-->',
  '~~~',
  '$(id)',
);
const text = fc
  .array(fc.oneof({ weight: 1, arbitrary: hostile }, { weight: 2, arbitrary: fc.string({ maxLength: 12 }) }), {
    maxLength: 5,
  })
  .map((parts) => parts.join(''));
const name = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('api', 'web', 'db') }, { weight: 1, arbitrary: text });
const secret = fc.constantFrom(...SECRETS);
const long = fc
  .tuple(fc.constantFrom('line ` @all\n', '→ ünïcödé 🚢🚢🚢\n'), fc.integer({ min: 0, max: 1500 }))
  .map(([line, count]) => line.repeat(count));

const configMap = fc
  .record({ name, data: fc.dictionary(fc.constantFrom('a', 'b', '@c'), fc.oneof(text, text, long)) })
  .map(({ name: named, data }) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: named }, data }));
const secretObject = fc
  .record({ name, value: secret, key: text, field: fc.constantFrom('data', 'stringData') })
  .map(({ name: named, value, key, field }) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: named },
    [field]: { [key]: field === 'data' ? Buffer.from(value).toString('base64') : value },
  }));
const workload = fc
  .record({
    name,
    kind: fc.constantFrom('Deployment', 'StatefulSet'),
    replicas: fc.integer({ min: 0, max: 3 }),
    image: fc.oneof(fc.constantFrom('api:1.0.0', 'api:1.1.0'), text),
    value: secret,
    env: text,
  })
  .map(({ name: named, kind, replicas, image, value, env }) => ({
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: named },
    spec: {
      replicas,
      template: {
        spec: {
          containers: [
            {
              name: 'c',
              image,
              env: [
                { name: 'DB_PASSWORD', value },
                { name: 'X', value: env },
                { name: 'API_TOKEN', value },
              ],
            },
          ],
        },
      },
    },
  }));
const manifests = fc.array(fc.oneof(configMap, secretObject, workload), { maxLength: 8 });
const targets = fc.array(
  fc.record({ app: name, env: fc.constantFrom('dev', 'prod'), before: manifests, after: manifests }),
  { minLength: 1, maxLength: 4 },
);
const findings = fc.record({
  targets,
  outside: fc.array(text, { maxLength: 4 }),
  failure: fc.option(fc.record({ message: text, file: fc.option(text), value: secret }), { freq: 4 }),
  notes: fc.array(text, { maxLength: 3 }),
});

const plans = findings.map(({ targets: chosen, outside, failure, notes }): Plan => {
  const resources = (objects: readonly object[]) =>
    parseManifests(
      objects.map((object) => ({ name: 'file.yaml', text: JSON.stringify(object) })),
      fingerprint,
    ).resources;
  const seen = new Map(chosen.map((each) => [`${each.app}/${each.env}`, each]));
  const [first] = chosen;
  return assemblePlan({
    base: 'a'.repeat(40),
    head: 'b'.repeat(40),
    changedPaths: ['file.yaml', ...outside],
    renderings: [...seen.values()].map(({ app, env, before, after }) => ({
      target: { app, env },
      directory: `apps/${app}/${env}`,
      renderer: 'plain',
      before: resources(before),
      after: resources(after),
    })),
    notes: notes.map((what) => ({ kind: 'note', target: null, count: 1, what })),
    outside,
    outsideDigest: '',
    settings: NO_SETTINGS,
    problems:
      failure === null || first === undefined
        ? []
        : [
            {
              kind: 'render-failed',
              target: { app: first.app, env: first.env },
              side: 'after',
              file: failure.file,
              line: 1,
              message: `${failure.message} password=${failure.value}`,
            },
          ],
  });
});

const RUNS = { numRuns: 30 };
const LEAKED = SECRETS.flatMap((each) => [each, Buffer.from(each).toString('base64').slice(0, 16)]);

test('every body is balanced, within its room, without secrets and live mentions, and counts what it leaves out', () => {
  fc.assert(
    fc.property(plans, (plan) => expectSoundBodies(plan, LEAKED)),
    RUNS,
  );
});

test('the command line, the comment, the diff and the page show the same resources', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const count = resourcesOf(plan).length;
      const [json, page] = [formatPlan(plan, 'json'), formatPlan(plan, 'html')];
      expect(resourcesOf(JSON.parse(json) as Plan, 'json')).toEqual(resourcesOf(plan));
      expect(namesIn(formatPlan(plan, 'markdown'), 'markdown')).toEqual(resourcesOf(plan).map(nameOnly));
      expect(namesIn(page, 'html')).toEqual(resourcesOf(plan).map(nameOnly));
      expect(page.split('<details open>').length - 1).toBe(count);
      expect(formatPlan(plan, 'diff').match(/^\+\+\+ (b\/|\/dev\/null)/gm)?.length ?? 0).toBe(count);
      expect(planSection(plan, Number.MAX_SAFE_INTEGER)).toBe(formatPlan(plan, 'markdown').trimEnd());
      expect(planTitle(plan).length).toBeLessThanOrEqual(140);
    }),
    RUNS,
  );
});

test('what is long in bytes and not in characters is cut by its bytes', () => {
  const object = (line: string): object => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'ships' },
    data: { a: `${line}\n`.repeat(10_000) },
  });
  const [before, after] = ['→→→→→→→→', '→→→→→→→⇒'].map(
    (line) => parseManifests([{ name: 'a.yaml', text: JSON.stringify(object(line)) }], fingerprint).resources,
  );
  const rendering = { target: { app: 'api', env: 'dev' }, directory: 'd', renderer: 'plain' };
  const plan = assemblePlan({
    base: 'a'.repeat(40),
    head: 'b'.repeat(40),
    changedPaths: ['a.yaml'],
    renderings: [{ ...rendering, before: before ?? [], after: after ?? [] }],
    outside: [],
    outsideDigest: '',
    problems: [],
    settings: NO_SETTINGS,
  });
  expectSoundBodies(plan);
});

/** What became of it, and of what kind it is; names are escaped in each rendering's own way. */
function nameOnly(resource: string): string {
  return resource.split(' ').at(-1) ?? '';
}
