import { describe, expect, it } from 'vitest';
import { isAllowed, parsePlace, type AllowedPlace } from './allowance.js';
import { readKustomizeRemote } from './kustomize-remote.js';

const places = (...texts: readonly string[]): readonly AllowedPlace[] =>
  texts.flatMap((each) => parsePlace(each) ?? []);

describe('what a server allows', () => {
  const allowed = places('https://github.com/acme', 'https://Example.test:8443/', 'oci://ghcr.io/acme/charts/');

  it.each([
    'https://github.com/acme',
    'https://GitHub.com/acme/bases',
    'https://github.com/other/../acme/bases',
    'https://example.test:8443/any/thing.yaml?x=1',
    'oci://ghcr.io/acme/charts/redis',
  ])('is %s', (url) => expect(isAllowed(allowed, url)).toBe(true));

  it.each([
    'https://github.com/acme-corp/bases',
    'https://github.com/acme/../other',
    'https://github.com/acme/%2e%2e/other',
    'https://github.com/acme%2fbases',
    'https://github.com/acme/..%2fother',
    'https://github.com/acme\\..\\other',
    'https://github.com.evil.test/acme',
    'https://github.com@evil.test/acme',
    'https://user@github.com/acme',
    'https://github.com:8443/acme',
    'http://github.com/acme',
    'https://example.test/x',
    'https://ghcr.io/acme/charts/redis',
    'oci://ghcr.io/acme',
    'oci://ghcr.io/acme/charts-of-others',
    'ssh://github.com/acme',
    'github.com/acme',
  ])('is not %s', (url) => expect(isAllowed(allowed, url)).toBe(false));

  it.each([
    'github.com',
    'http://github.com',
    'https://',
    'https://*.acme.test',
    'https://a@b.test',
    'https://a.test?x',
  ])('is not named by %s', (text) => expect(parsePlace(text)).toBeNull());
});

describe('a remote reference of a kustomization', () => {
  const directory = (repository: string, path: string, ref: string) => ({ kind: 'directory', repository, path, ref });

  it.each([
    ['https://github.com/acme/bases//api?ref=v1', directory('https://github.com/acme/bases', 'api', 'v1')],
    ['github.com/acme/bases/api/dev?ref=v1', directory('https://github.com/acme/bases', 'api/dev', 'v1')],
    ['https://github.com/acme/bases?ref=release/1.0', directory('https://github.com/acme/bases', '', 'release/1.0')],
    ['git::https://git.test/a/b/c.git//x/?ref=v1', directory('https://git.test/a/b/c.git', 'x', 'v1')],
    ['https://git.test/a/b.git/x?version=v1&timeout=3s', directory('https://git.test/a/b.git', 'x', 'v1')],
    ['https://dev.azure.com/o/p/_git/r//x?ref=v1', directory('https://dev.azure.com/o/p/_git/r', 'x', 'v1')],
    ['https://a.test/install.yaml?token=1', { kind: 'file', url: 'https://a.test/install.yaml?token=1' }],
  ])('%s is read', (reference, expected) => expect(readKustomizeRemote(reference)).toEqual(expected));

  it.each([
    ['git@github.com:acme/bases.git?ref=v1', /only https/],
    ['ssh://git@a.test/acme/bases.git?ref=v1', /only https/],
    ['http://a.test/x.yaml', /only https/],
    ['gh:acme/bases?ref=v1', /only https/],
    ['https://me:secret@a.test/x.git?ref=v1', /user or password/],
    ['https://github.com/acme/bases//api', /names no revision/],
    ['https://gitlab.test/acme/bases/api?ref=v1', /put \/\/ after it/],
    ['https://github.com/acme/bases?ref=--upload-pack=x', /can’t be one/],
    ['https://github.com/acme/bases?ref=a..b', /can’t be one/],
  ])('%s is refused', (reference, why) =>
    expect(readKustomizeRemote(reference)).toEqual({ kind: 'unsupported', why: expect.stringMatching(why) }),
  );
});
