import fc from 'fast-check';
import semver from 'semver';
import { describe, expect, it, test } from 'vitest';
import type { ImageRule } from '../configuration.js';
import { decideBump, type BumpDecision } from './decide-bump.js';
import { imageFields } from './image-fields.js';
import { formatImageReference, parseImageReference } from './image-reference.js';

const D1 = `sha256:${'1'.repeat(64)}`;
const D2 = `sha256:${'2'.repeat(64)}`;

describe('parseImageReference', () => {
  test.each<[string, string, string | null, string | null]>([
    ['api', 'api', null, null],
    ['api:1', 'api', '1', null],
    ['ghcr.io/acme/api:1.2.3-rc.1', 'ghcr.io/acme/api', '1.2.3-rc.1', null],
    ['localhost:5000/api', 'localhost:5000/api', null, null],
    ['localhost:5000/api:1', 'localhost:5000/api', '1', null],
    ['[::1]:5000/api:1', '[::1]:5000/api', '1', null],
    [`api@${D1}`, 'api', null, D1],
    [`localhost:5000/api:1@${D1}`, 'localhost:5000/api', '1', D1],
    ['Acme/API:V1', 'Acme/API', 'V1', null],
  ])('%s', (text, image, tag, digest) => {
    expect(parseImageReference(text)).toEqual({ image, tag, digest });
    expect(formatImageReference({ image, tag, digest })).toBe(text);
  });

  test.each([
    '',
    ':1',
    '@',
    'api:',
    'api:1:2',
    'api@sha256:x',
    `api@${D1}@${D1}`,
    'a b',
    'api: 1',
    '/api',
    'api/',
    'a//b',
    'https://ghcr.io/acme/api:1',
    '{{ .Values.image }}',
    '$(IMAGE)',
    '${IMAGE}:1',
    'api:1\n',
    'api:<b>',
    `${'a'.repeat(300)}:1`,
    `api:${'1'.repeat(129)}`,
  ])('%j is none', (text) => {
    expect(parseImageReference(text)).toBeNull();
  });
});

const IMAGE = 'ghcr.io/acme/api';
const fields = (text: string) =>
  imageFields(text, IMAGE).map((field) => `${field.path.join('.')} ${field.tag ?? '-'} ${field.digest ?? '-'}`);

test.each<[string, string, string[]]>([
  [
    'a deployment',
    `spec:\n  containers:\n  - {name: x, image: ${IMAGE}:1.0.0}\n  - image: other:1\n`,
    ['spec.containers.0.image 1.0.0 -'],
  ],
  ['a custom resource', `spec: {engine: {image: "${IMAGE}:1.0.0@${D1}"}}`, [`spec.engine.image 1.0.0 ${D1}`]],
  ['no tag', `image: ${IMAGE}`, ['image - -']],
  ['a kustomization', `images:\n- name: ${IMAGE}\n  newTag: 1.10\n`, ['images.0.newTag 1.10 -']],
  [
    'a renamed image',
    `images:\n- {name: api, newName: ${IMAGE}, newTag: "1"}\n- {name: ${IMAGE}, newName: mirror/api, newTag: "1"}\n`,
    ['images.0.newTag 1 -'],
  ],
  [
    'a pinned kustomization',
    `images:\n- {name: ${IMAGE}, newTag: "1", digest: "${D1}"}\n`,
    [`images.0.newTag 1 ${D1}`],
  ],
  ['Helm values', `image: {repository: ${IMAGE}, tag: 1.0.0}`, ['image.tag 1.0.0 -']],
  [
    'Helm values with a registry',
    'image: {registry: ghcr.io, repository: acme/api, tag: 1.0.0}',
    ['image.tag 1.0.0 -'],
  ],
  [
    'a registry that stands elsewhere',
    'global: {imageRegistry: ghcr.io}\nimage: {repository: acme/api, tag: 1.0.0}',
    [],
  ],
  ['another registry', `image: {registry: docker.io, repository: ${IMAGE}, tag: 1.0.0}`, []],
  ['an empty tag', `image:\n  repository: ${IMAGE}\n  tag: ""\n`, ['image.tag  -']],
  ['no tag beside the repository', `image: {repository: ${IMAGE}}`, []],
  ['an image whose name goes on', `image: ${IMAGE}-worker:1`, []],
  ['several documents', `image: ${IMAGE}:1\n---\nimage: ${IMAGE}:2\n`, ['image 1 -', 'image 2 -']],
  ['broken YAML', `image: "${IMAGE}:1`, []],
  ['a bomb', `image: ${IMAGE}:1\nx: ${'['.repeat(50_000)}`, []],
])('finds the version in %s', (_what, text, expected) => {
  expect(fields(text)).toEqual(expected);
});

describe('decideBump', () => {
  const rule = (over: Partial<ImageRule> = {}): ImageRule => ({
    image: IMAGE,
    app: 'api',
    into: 'dev',
    update: 'semver',
    range: null,
    source: null,
    tag: null,
    ...over,
  });
  const file = (...images: string[]) => ({
    path: 'a.yaml',
    text: images.map((image) => `- image: ${image} # here\n`).join(''),
  });
  const bump = (
    tag: string,
    files: ReturnType<typeof file>[],
    over: Partial<ImageRule> = {},
    digest: string | null = null,
  ) => decideBump(rule(over), { image: IMAGE, tag, digest, source: null }, files);
  const words = (decision: BumpDecision) => {
    if (decision.kind === 'edit') return decision.edits.map((edit) => edit.text).join('');
    return decision.kind === 'landed' ? `landed at ${decision.at}` : decision.why.kind;
  };

  test.each<[string, string[], string, Partial<ImageRule>, string | null, string]>([
    ['newer', ['1.0.0'], '1.1.0', {}, null, `- image: ${IMAGE}:1.1.0 # here\n`],
    ['the same', ['1.1.0'], '1.1.0', {}, null, 'landed at 1.1.0'],
    ['older', ['1.2.0'], '1.1.0', {}, null, 'landed at 1.2.0'],
    ['older than 1.10', ['1.10.0'], '1.9.0', {}, null, 'landed at 1.10.0'],
    [
      'one place behind, one ahead',
      ['1.0.0', '1.2.0'],
      '1.1.0',
      {},
      null,
      `- image: ${IMAGE}:1.1.0 # here\n- image: ${IMAGE}:1.2.0 # here\n`,
    ],
    ['a release after its candidate', ['1.1.0-rc.1'], '1.1.0', {}, null, `- image: ${IMAGE}:1.1.0 # here\n`],
    ['a candidate after its release', ['1.1.0'], '1.1.0-rc.1', {}, null, 'landed at 1.1.0'],
    ['a candidate within a range', ['1.0.0'], '1.1.0-rc.1', { range: '>=1.0.0 <2' }, null, 'out-of-range'],
    ['beyond the range', ['1.0.0'], '2.0.0', { range: '>=1.0.0 <2' }, null, 'out-of-range'],
    ['a v before it', ['v1.0.0'], 'v1.1.0', { range: '<2' }, null, `- image: ${IMAGE}:v1.1.0 # here\n`],
    ['a v that is new', ['1.0.0'], 'v1.1.0', {}, null, `- image: ${IMAGE}:v1.1.0 # here\n`],
    ['a v and older', ['1.2.0'], 'v1.1.0', {}, null, 'landed at 1.2.0'],
    ['no version', ['1.0.0'], 'latest', {}, null, 'no-version'],
    ['a short version', ['1.0.0'], '1.1', {}, null, 'no-version'],
    ['any tag', ['1.0.0'], 'main-3f2a', { update: 'any' }, null, `- image: ${IMAGE}:main-3f2a # here\n`],
    ['any older tag', ['2.0.0'], '1.0.0', { update: 'any' }, null, `- image: ${IMAGE}:1.0.0 # here\n`],
    ['from a tag that is no version', ['latest'], '1.0.0', {}, null, `- image: ${IMAGE}:1.0.0 # here\n`],
    ['a tag with spaces', ['1.0.0'], ' 1.1.0', {}, null, 'no-tag'],
    ['a tag with a line break', ['1.0.0'], '1.1.0\n', { update: 'any' }, null, 'no-tag'],
    ['build metadata', ['1.0.0'], '1.1.0+2', {}, null, 'no-tag'],
    ['no digest', ['1.0.0'], '1.1.0', {}, 'sha256:x', 'no-digest'],
    ['a digest', ['1.0.0'], '1.1.0', {}, D1, `- image: ${IMAGE}:1.1.0@${D1} # here\n`],
    ['another digest', [`1.1.0@${D1}`], '1.1.0', {}, D2, `- image: ${IMAGE}:1.1.0@${D2} # here\n`],
    ['the same digest', [`1.1.0@${D1}`], '1.1.0', {}, D1, 'landed at 1.1.0'],
    ['a pin and no digest', [`1.0.0@${D1}`], '1.1.0', {}, null, 'not-editable'],
    ['the same tag as a pin', [`1.1.0@${D1}`], '1.1.0', {}, null, 'landed at 1.1.0'],
  ])('%s', (_what, now, tag, over, digest, expected) => {
    expect(words(bump(tag, [file(...now.map((each) => `${IMAGE}:${each}`))], over, digest))).toBe(expected);
  });

  it('keeps a pin by digest alone unless a digest is given', () => {
    const pinned = [file(`${IMAGE}@${D1}`)];
    expect(bump('1.1.0', pinned)).toEqual({
      kind: 'refused',
      why: { kind: 'not-editable', path: 'a.yaml', problem: { kind: 'pinned' } },
    });
    expect(words(bump('1.1.0', pinned, {}, D2))).toBe(`- image: ${IMAGE}:1.1.0@${D2} # here\n`);
  });

  it('refuses where nothing names the image, and leaves other files alone', () => {
    expect(bump('1.1.0', [])).toEqual({
      kind: 'refused',
      why: { kind: 'not-named', target: { app: 'api', env: 'dev' }, image: IMAGE },
    });
    const decision = bump('1.1.0', [
      { path: 'b.yaml', text: 'image: other:1\n' },
      file(`${IMAGE}:1.0.0`),
      { path: 'c', text: '"' },
    ]);
    expect(decision).toMatchObject({ kind: 'edit', from: '1.0.0', to: '1.1.0', edits: [{ path: 'a.yaml' }] });
  });

  it('never makes anything older, and asked again has nothing to do', () => {
    const version = fc
      .tuple(fc.nat(3), fc.nat(12), fc.nat(3), fc.constantFrom('', '-rc.1', '-rc.10', '-alpha'))
      .map(([a, b, c, pre]) => `${a}.${b}.${c}${pre}`);
    const tag = fc.tuple(fc.constantFrom('', 'v'), version).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(tag, { minLength: 1, maxLength: 4 }), tag, (now, wished) => {
        const before = file(...now.map((each) => `${IMAGE}:${each}`));
        const decision = bump(wished, [before]);
        const after = decision.kind === 'edit' ? { ...before, text: decision.edits[0]?.text ?? '' } : before;
        const tags = imageFields(after.text, IMAGE).map((field) => field.tag ?? '');
        tags.forEach((each, index) => expect(semver.compare(each, now[index] ?? '')).toBeGreaterThanOrEqual(0));
        tags.forEach((each) => expect(semver.compare(each, wished)).toBeGreaterThanOrEqual(0));
        expect(bump(wished, [after]).kind).toBe('landed');
      }),
    );
  });
});
