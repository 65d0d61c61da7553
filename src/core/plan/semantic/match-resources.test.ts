import { describe, expect, it, test } from 'vitest';
import { compareTarget } from '../compare.js';
import { NO_SETTINGS } from '../plan-settings.js';
import { object } from '../testing/kubernetes-object.js';
import { changes, compare, resources, settings, told } from './testing/comparison.js';

describe('renames', () => {
  const data = { a: '1', b: '2', c: '3', d: '4' };
  test.each<[string, unknown[], unknown[], string[]]>([
    [
      'a generated name',
      [settings('s-4k2h79gmt5', { a: '1' })],
      [settings('s-72b8tc6k9d', { a: '2' })],
      ['renamed s-72b8tc6k9d (was s-4k2h79gmt5)'],
    ],
    [
      'a generated name for a given one',
      [settings('s', { a: '1' })],
      [settings('s-72b8tc6k9d', { a: '1' })],
      ['renamed s-72b8tc6k9d (was s)'],
    ],
    [
      'an ending that is no hash',
      [settings('s-production', { a: '1' })],
      [settings('s-acceptance', { a: '1' })],
      ['added s-acceptance', 'removed s-production'],
    ],
    ['another name, the same content', [settings('old', data)], [settings('new', data)], ['renamed new (was old)']],
    [
      'another name, nearly the same content',
      [settings('old', data)],
      [settings('new', { ...data, a: 'x' })],
      ['renamed new (was old)'],
    ],
    [
      'another name and content',
      [settings('old', data)],
      [settings('new', { a: '1', e: '2', f: '3', g: '4' })],
      ['added new', 'removed old'],
    ],
    ['too little to tell', [settings('old', { a: '1' })], [settings('new', { a: '1' })], ['added new', 'removed old']],
    ['another namespace', [settings('s', data)], [settings('s', data, 'm')], ['added s', 'removed s']],
    [
      'a kind that only resembles it',
      [settings('old', data)],
      [object('x.io/v1', 'ConfigMap', { data }, { name: 'new', namespace: 'n' })],
      ['removed old', 'added new'],
    ],
    [
      'the likest of two',
      [settings('a', data), settings('b', { ...data, a: 'x' })],
      [settings('c', { ...data, a: 'x' }), settings('d', data)],
      ['renamed c (was b)', 'renamed d (was a)'],
    ],
    [
      'the own name in values',
      [settings('old', { u: 'http://old/', v: 'old-x', w: 'old' })],
      [settings('new', { u: 'http://new/', v: 'new-x', w: 'new' })],
      ['renamed new (was old)'],
    ],
    [
      'one name twice, in another order',
      [settings('s', { a: '1' }), settings('s', { a: '2' })],
      [settings('s', { a: '2' }), settings('s', { a: '1' })],
      [],
    ],
    ['files are not renamed', [data], [{ ...data, a: 'x' }], ['changed 0.yaml']],
  ])('%s', (_what, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });

  it('do not tell the name as a field, but what else differs', () => {
    expect(told(settings('s-4k2h79gmt5', { a: '1' }), settings('s-72b8tc6k9d', { a: '2' }))).toEqual([
      'data.a: "1" → "2"',
    ]);
  });

  it('keep the images of a renamed resource where they were', () => {
    const named2 = (name: string, image: string) =>
      object(
        'apps/v1',
        'Deployment',
        { spec: { a: 1, b: 2, c: 3, template: { spec: { containers: [{ name: 'c', image }] } } } },
        { name },
      );
    const { plan, changes: extent } = compare([named2('old', 'a:1')], [named2('new', 'a:2')]);
    expect(plan.images).toEqual([{ places: ['Deployment/new/c'], before: 'a:1', after: 'a:2', link: null }]);
    expect(extent).toBe('other');
  });

  it('are found among thousands in a few seconds', () => {
    const many = (sign: string) =>
      Array.from({ length: 2000 }, (_, n) => settings(`${sign}${n}`, { a: `${n}`, b: '2', c: '3', d: sign }));
    const [before, after] = [resources(...many('a')), resources(...many('b'))];
    const rendering = { target: { app: 'a', env: 'b' }, directory: 'd', renderer: 'plain', before, after };
    const started = performance.now();
    compareTarget(rendering, NO_SETTINGS);
    expect(performance.now() - started).toBeLessThan(60_000);
  });
});
