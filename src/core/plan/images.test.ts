import { describe, expect, it, test } from 'vitest';
import { imageLinks } from './image-links.js';
import { containerImages, imageChanges, versionOf, withoutVersions } from './images.js';

const pod = (image: string, rest: object = {}) => ({
  spec: { template: { spec: { containers: [{ name: 'api', image, ...rest }] } } },
});
const places = (value: unknown) => containerImages(value, 'K/n').map((each) => `${each.place} ${each.image}`);

describe('containerImages', () => {
  test.each<[string, unknown, string[]]>([
    ['a deployment', pod('a:1'), ['K/n/api a:1']],
    [
      'all kinds of containers',
      {
        initContainers: [{ name: 'i', image: 'a' }],
        containers: [{ image: 'b' }],
        ephemeralContainers: [{ name: 'e', image: 'c' }],
      },
      ['K/n/0 b', 'K/n/i a', 'K/n/e c'],
    ],
    [
      'a custom resource with its pod elsewhere',
      { spec: { jobs: [{ pod: { containers: [{ name: 'x', image: 'a' }] } }] } },
      ['K/n/x a'],
    ],
    ['an image outside containers', { spec: { image: 'a', values: { image: { tag: '1' } } } }, []],
    ['a variable named image', { containers: [{ name: 'x', env: [{ name: 'image', image: 'no' }] }] }, []],
    [
      'odd shapes',
      { containers: ['x', null, { image: 1 }, { name: 3, image: 'a' }], initContainers: { image: 'no' } },
      ['K/n/3 a'],
    ],
  ])('%s', (_what, value, expected) => {
    expect(places(value)).toEqual(expected);
  });
});

describe('withoutVersions', () => {
  const same = (a: unknown, b: unknown) => JSON.stringify(withoutVersions(a)) === JSON.stringify(withoutVersions(b));
  test.each<[string, unknown, unknown, boolean]>([
    ['another tag', pod('acme/api:1'), pod('acme/api:2'), true],
    ['another digest', pod('acme/api:1'), pod(`acme/api:1@sha256:${'a'.repeat(64)}`), true],
    ['another image', pod('acme/api:1'), pod('evil/api:1'), false],
    ['another registry', pod('ghcr.io/acme/api:1'), pod('ghcr.io:444/acme/api:1'), false],
    [
      'another variable',
      pod('a:1', { env: [{ name: 'image', value: 'a:1' }] }),
      pod('a:1', { env: [{ name: 'image', value: 'a:2' }] }),
      false,
    ],
    [
      'an image in a variable',
      pod('a:1', { env: [{ name: 'x', image: 'a:1' }] }),
      pod('a:1', { env: [{ name: 'x', image: 'a:2' }] }),
      false,
    ],
    ['an image outside containers', { spec: { image: 'a:1' } }, { spec: { image: 'a:2' } }, false],
    ['a map called containers', { containers: { image: 'a:1' } }, { containers: { image: 'a:2' } }, false],
    ['something that is no reference', pod('a b:1'), pod('a b:2'), false],
    ['one container more', pod('a:1'), { spec: { template: { spec: { containers: [] } } } }, false],
  ])('%s', (_what, before, after, expected) => {
    expect(same(before, after)).toBe(expected);
  });
});

test('imageChanges names what came, went and changed, each of several at one place', () => {
  const at = (place: string, image: string) => ({ place, image });
  expect(
    imageChanges(
      [at('a', '1'), at('b', '1'), at('d', '1'), at('d', '2')],
      [at('b', '1'), at('c', '1'), at('d', '1'), at('d', '3')],
      (before, after) => `${before}...${after}`,
    ),
  ).toEqual([
    { places: ['a'], before: '1', after: null, link: null },
    { places: ['c'], before: null, after: '1', link: null },
    { places: ['d'], before: '2', after: '3', link: '2...3' },
  ]);
});

test('imageChanges tells the same change in several containers once', () => {
  const at = (...places: string[]) => places.map((place) => ({ place, image: 'a:1' }));
  const now = ['x', 'y', 'z'].map((place) => ({ place, image: place === 'z' ? 'a:3' : 'a:2' }));
  expect(imageChanges(at('x', 'y', 'z'), now, () => null)).toEqual([
    { places: ['x', 'y'], before: 'a:1', after: 'a:2', link: null },
    { places: ['z'], before: 'a:1', after: 'a:3', link: null },
  ]);
});

describe('versionOf', () => {
  const digest = `sha256:${'a1'.repeat(32)}`;
  test.each([
    [[], null],
    [['not an image'], null],
    [['acme/api:1.2.0'], '1.2.0'],
    [['acme/api'], 'latest'],
    [['acme/api:1', 'acme/worker:1'], '1'],
    [['localhost:5000/api:1', 'acme/proxy:2.0'], 'api 1, proxy 2.0'],
    [['acme/api:1', 'acme/api:2'], 'api 1, api 2'],
    [[`acme/api@${digest}`], 'sha256:a1a1a1a1a1a1'],
    [['a:1', 'b:2', 'c:3', 'd:4', 'e:5'], 'a 1, b 2, c 3 and 2 more'],
  ])('of %j is %j', (images, expected) => {
    expect(versionOf(images.map((image) => ({ place: 'x', image })))).toBe(expected);
  });

  it('is short for a thousand images', () => {
    expect(
      versionOf(Array.from({ length: 1000 }, (_, n) => ({ place: 'x', image: `a${n}:${n}` })))?.length,
    ).toBeLessThan(60);
  });
});

describe('imageLinks', () => {
  const at = (source: string | null, tag: string | null = null) => imageLinks([{ image: 'acme/api', source, tag }]);
  const github = 'https://github.com/acme/api';
  test.each<[string, ReturnType<typeof at>, string, string, string | null]>([
    ['GitHub', at(github), 'acme/api:1.4.2', 'acme/api:1.5.0', `${github}/compare/1.4.2...1.5.0`],
    ['an address of git', at(`${github}.git`), 'acme/api:1', 'acme/api:2', `${github}/compare/1...2`],
    ['a pattern of tags', at(github, 'v{version}'), 'acme/api:1', 'acme/api:2', `${github}/compare/v1...v2`],
    ['tags that fit it already', at(github, 'v{version}'), 'acme/api:v1', 'acme/api:v2', `${github}/compare/v1...v2`],
    [
      'a tag of a part',
      at(github, 'api/v{version}'),
      'acme/api:1',
      'acme/api:2',
      `${github}/compare/api%2Fv1...api%2Fv2`,
    ],
    ['a step back', at(github), 'acme/api:1.10.0', 'acme/api:1.9.0', `${github}/compare/1.9.0...1.10.0`],
    ['tags that are no versions', at(github), 'acme/api:b', 'acme/api:a', `${github}/compare/b...a`],
    [
      'GitLab',
      at('https://gitlab.com/acme/api/'),
      'acme/api:1',
      'acme/api:2',
      'https://gitlab.com/acme/api/-/compare/1...2',
    ],
    [
      'a GitLab of their own',
      at('https://gitlab.acme.example/a/b'),
      'acme/api:1',
      'acme/api:2',
      'https://gitlab.acme.example/a/b/-/compare/1...2',
    ],
    ['another forge', at('https://x.example/{from}/to/{to}'), 'acme/api:1', 'acme/api:2', 'https://x.example/1/to/2'],
    ['no source', at(null), 'acme/api:1', 'acme/api:2', null],
    ['another image', at(github), 'acme/web:1', 'acme/web:2', null],
    ['one image for another', at(github), 'acme/web:1', 'acme/api:2', null],
    ['a digest only', at(github), 'acme/api:1', `acme/api:1@sha256:${'a'.repeat(64)}`, null],
    ['no tag', at(github), 'acme/api', 'acme/api:2', null],
    ['what is no reference', at(github), 'acme/api:1', 'acme/api:a b', null],
  ])('%s', (_what, links, before, after, expected) => {
    expect(links(before, after)).toBe(expected);
  });
});
