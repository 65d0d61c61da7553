import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { stringify } from 'yaml';
import { planSection, planTitle, problemText } from '../../text/plan-text.js';
import { assemblePlan } from './assemble.js';
import { parseManifests } from './manifests.js';
import { maskSecrets } from './mask.js';
import { NO_SETTINGS } from './plan-settings.js';

const fingerprint = (value: string) => createHmac('sha256', 'key').update(value).digest('hex').slice(0, 8);
const mask = (value: unknown) => maskSecrets(value, () => 'f');

const SECRET = 'hunter2hunter2';

describe('what is masked', () => {
  test.each([
    ['data', { kind: 'Secret', data: { p: SECRET } }, { kind: 'Secret', data: { p: 'masked:f' } }],
    ['stringData', { kind: 'Secret', stringData: { p: SECRET } }, { kind: 'Secret', stringData: { p: 'masked:f' } }],
    ['a misspelt field', { kind: 'Secret', stringdata: SECRET }, { kind: 'Secret', stringdata: 'masked:f' }],
    ['a misspelt kind', { kind: 'secret', data: { p: SECRET } }, { kind: 'secret', data: { p: 'masked:f' } }],
    [
      'lists and maps as values',
      { kind: 'Secret', data: { p: [SECRET], q: { r: SECRET } } },
      { kind: 'Secret', data: { p: 'masked:f', q: { r: 'masked:f' } } },
    ],
    [
      'numbers and nothing',
      { kind: 'Secret', data: { p: 123n, q: null, r: 1.5 } },
      { kind: 'Secret', data: { p: 'masked:f', q: 'masked:f', r: 'masked:f' } },
    ],
    [
      'items of a SecretList without a kind',
      { kind: 'SecretList', items: [{ data: { p: SECRET } }, SECRET] },
      { kind: 'SecretList', items: [{ kind: 'Secret', data: { p: 'masked:f' } }, 'masked:f'] },
    ],
    [
      'a Secret in a list in a List',
      { kind: 'List', items: [{ kind: 'List', items: [{ kind: 'Secret', data: SECRET }] }] },
      { kind: 'List', items: [{ kind: 'List', items: [{ kind: 'Secret', data: 'masked:f' }] }] },
    ],
    [
      'the literals of a secretGenerator',
      { secretGenerator: [{ name: 'x', literals: [`p=${SECRET}`], files: ['a'] }] },
      { secretGenerator: [{ name: 'x', literals: 'masked:f', files: ['a'] }] },
    ],
  ])('%s', (_what, value, expected) => {
    expect(mask(value)).toEqual(expected);
  });

  it('leaves the rest as it is', () => {
    const value = {
      kind: 'ConfigMap',
      metadata: { annotations: { a: 'b' } },
      data: { p: 'x' },
      binaryData: { q: 'eA==' },
      list: [{ kind: 'A' }, 1n, null],
    };
    expect(mask(value)).toEqual(value);
    const head = { kind: 'Secret', apiVersion: 'v1', type: 'Opaque', immutable: true, metadata: { name: 'x' } };
    expect(mask(head)).toEqual(head);
  });

  it('masks last-applied annotations anywhere', () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': SECRET };
    expect(
      JSON.stringify(mask({ kind: 'X', metadata: { annotations }, spec: { template: { metadata: { annotations } } } })),
    ).not.toContain(SECRET);
  });
});

describe('what leaves', () => {
  const key = fc.constantFrom('data', 'stringData', 'stringdata', 'Data', 'extra');
  const value = fc.oneof(
    fc.constant<unknown>(SECRET),
    fc.constant<unknown>([SECRET]),
    fc.constant<unknown>({ containers: [{ name: 'x', image: `${SECRET}:1` }] }),
    fc.constant<unknown>({ deep: { deeper: [SECRET, { x: SECRET }] } }),
  );
  const secret = fc
    .record({
      apiVersion: fc.constantFrom('v1', undefined),
      name: fc.constantFrom('a', 'b'),
      key,
      field: fc.string(),
      value,
    })
    .map((each) => ({
      kind: 'Secret',
      ...(each.apiVersion === undefined ? {} : { apiVersion: each.apiVersion }),
      metadata: { name: each.name },
      [each.key]: { [each.field]: each.value },
    }));
  const wrapped = fc.oneof(
    secret,
    secret.map((each) => ({ kind: 'List', apiVersion: 'v1', items: [each] })),
    secret.map((each) => ({ kind: 'SecretList', apiVersion: 'v1', items: [{ ...each, kind: undefined }] })),
    secret.map((each) => ({ kind: 'Wrapper', apiVersion: 'x/v1', spec: { templates: [each] } })),
  );
  const damage = fc.constantFrom('', '\n"', '\n*nope', '\n  - x: y: z', '\n!x! y');
  const file = fc
    .tuple(fc.array(wrapped, { maxLength: 3 }), damage)
    .map(([documents, end]) => documents.map((each) => stringify(each)).join('---\n') + end);

  it('never holds what a Secret holds', () => {
    fc.assert(
      fc.property(file, file, (before, after) => {
        const target = { app: 'api', env: 'dev' };
        const sides = {
          before: parseManifests([{ name: 'a', text: before }], fingerprint),
          after: parseManifests([{ name: 'a', text: after }], fingerprint),
        };
        const problems = (['before', 'after'] as const).flatMap((side) =>
          sides[side].problems.map((problem) => ({ kind: 'broken-manifest', target, side, problem }) as const),
        );
        const renderings = [
          { target, directory: 'd', renderer: 'plain', before: sides.before.resources, after: sides.after.resources },
        ];
        const plan = assemblePlan({
          base: 'b',
          head: 'h',
          changedPaths: ['d/a'],
          renderings,
          outside: [],
          outsideDigest: '',
          settings: NO_SETTINGS,
          problems,
        });
        const texts = [
          JSON.stringify(plan),
          planTitle(plan),
          planSection(plan, 60_000),
          ...plan.problems.map(problemText),
        ];
        for (const text of texts) expect(text).not.toContain('hunter2');
      }),
    );
  });

  it('shows that a value changed', () => {
    const at = (value: string) =>
      parseManifests(
        [
          {
            name: 'a',
            text: stringify({ kind: 'Secret', apiVersion: 'v1', metadata: { name: 'x' }, data: { p: value } }),
          },
        ],
        fingerprint,
      ).resources[0]?.text;
    expect(at('one')).not.toBe(at('two'));
    expect(at('one')).toBe(at('one'));
  });
});

describe('values under sensitive names', () => {
  const masked = (value: unknown) => maskSecrets(value, () => 'f');
  test.each([
    [
      'an environment variable',
      { env: [{ name: 'DB_PASSWORD', value: 'hunter2' }] },
      { env: [{ name: 'DB_PASSWORD', value: 'masked:f' }] },
    ],
    [
      'a ConfigMap',
      { kind: 'ConfigMap', data: { apiKey: 'hunter2', level: 'info' } },
      { kind: 'ConfigMap', data: { apiKey: 'masked:f', level: 'info' } },
    ],
    [
      'a properties file',
      { data: { 'app.properties': 'a=1\ndb.password=hunter2\n' } },
      { data: { 'app.properties': 'a=1\ndb.password=masked:f\n' } },
    ],
    [
      'an argument',
      { args: ['--dsn', 'postgres://a:hunter2@db/x'] },
      { args: ['--dsn', 'postgres://a:masked:f@db/x'] },
    ],
  ])('are masked in %s', (_what, value, expected) => expect(masked(value)).toEqual(expected));

  test.each([
    [{ env: [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }] }],
    [{ volumes: [{ name: 'tls', secret: { secretName: 'api-tls' } }] }],
    [{ password: '${DB_PASSWORD}' }],
    [{ automountServiceAccountToken: false }],
  ])('are left where they only point at a secret: %j', (value) => expect(masked(value)).toEqual(value));

  test.each([
    [{ password: 'ENC[AES256_GCM,data:x]' }, { password: 'encrypted:f' }],
    [{ password: 'ENC[hunter2' }, { password: 'masked:f' }],
    [
      { kind: 'Secret', data: { a: 'ENC[AES256_GCM,data:x]', b: 'x' } },
      { kind: 'Secret', data: { a: 'encrypted:f', b: 'masked:f' } },
    ],
    [
      { kind: 'SealedSecret', spec: { encryptedData: { password: 'AgBy3i4OJSWK+PiTySYZZA==', other: 'hunter2' } } },
      { kind: 'SealedSecret', spec: { encryptedData: { password: 'encrypted:f', other: 'masked:f' } } },
    ],
  ])('are said to be encrypted where they are: %j', (value, expected) => expect(masked(value)).toEqual(expected));
});
