import { describe, expect, it, test } from 'vitest';
import type { CarryRule } from '../configuration.js';
import { carriedChanges, carriedWhole, type CarriedFile, type TargetFiles } from './carried-set.js';

type Sketch = Record<string, string>;

/** `path: blob`, or `path: blob x` for a file that may be run, or `path: =text`. */
function files(directory: string, sketch: Sketch): TargetFiles {
  const all = Object.entries(sketch).map(([path, content]): CarriedFile => ({
    path,
    blob: content,
    mode: content.endsWith(' x') ? '100755' : '100644',
  }));
  const texts = Object.entries(sketch).filter(([, content]) => content.startsWith('='));
  return { directory, files: all, texts: new Map(texts.map(([path, content]) => [path, content.slice(1)])) };
}

const everything: CarryRule = { kind: 'files', files: ['**'], except: [] };
const except = (...names: string[]): CarryRule => ({ kind: 'files', files: ['**'], except: names });
const field = (file: string, path: string): CarryRule => ({ kind: 'field', file, path });

function carried(from: Sketch, to: Sketch, rules: readonly CarryRule[]): unknown {
  const result = carriedChanges(files('apps/api/envs/dev', from), files('apps/api/envs/test', to), rules);
  if (result.kind === 'impossible') return `${result.path}: ${Object.values(result.problem).join(' ')}`;
  return result.changes.map((change) =>
    change.kind === 'edit'
      ? `edit ${change.path} =${change.text}`
      : `${change.kind} ${change.path}${change.kind === 'copy' ? ` ${change.blob} ${change.mode}` : ''}`,
  );
}

describe('the carried set', () => {
  const K = 'kustomization.yaml';
  test.each<[string, Sketch, Sketch, CarryRule[], unknown]>([
    ['the same', { a: '1' }, { a: '1' }, [everything], []],
    [
      'changed, new and gone',
      { b: '2', a: '1' },
      { b: '1', c: '1' },
      [everything],
      ['copy a 1 100644', 'copy b 2 100644', 'delete c'],
    ],
    ['a mode', { a: '1 x' }, { a: '1' }, [everything], ['copy a 1 x 100755']],
    [
      'hidden files and folders',
      { '.x': '1', 'a/b/c': '1' },
      {},
      [everything],
      ['copy .x 1 100644', 'copy a/b/c 1 100644'],
    ],
    [
      'except',
      { a: '2', 'settings.yaml': '2', 'd/settings.yaml': '2' },
      { 'settings.yaml': '1' },
      [except('settings.yaml')],
      ['copy a 2 100644', 'copy d/settings.yaml 2 100644'],
    ],
    ['except anywhere', { 'd/settings.yaml': '2' }, { 'settings.yaml': '1' }, [except('**/settings.yaml')], []],
    [
      'an own file that no rule names',
      { 'a.yaml': '1' },
      { 'own.txt': '1' },
      [{ kind: 'files', files: ['*.yaml'], except: [] }],
      ['copy a.yaml 1 100644'],
    ],
    [
      'one rule excepts what another names',
      { a: '2' },
      { a: '1' },
      [except('a'), { kind: 'files', files: ['a'], except: [] }],
      ['copy a 2 100644'],
    ],
    ['no rules', { a: '2' }, { a: '1' }, [], []],
    [
      'a name that looks like a glob',
      { '!a': '1', '#b': '1' },
      {},
      [{ kind: 'files', files: ['!a', '#b'], except: [] }],
      ['copy !a 1 100644', 'copy #b 1 100644'].toSorted(),
    ],
    [
      'a field, and its file never whole',
      { [K]: '=images:\n- {name: api, newTag: "2"}\nreplicas: 1\n', a: '1' },
      { [K]: '=# mine\nimages:\n- {name: api, newTag: "1"} # tag\nreplicas: 9\n' },
      [everything, field(K, 'images[*].newTag')],
      ['copy a 1 100644', `edit ${K} =# mine\nimages:\n- {name: api, newTag: "2"} # tag\nreplicas: 9\n`],
    ],
    [
      'fields by name, in any order',
      { [K]: '=images: [{name: b, newTag: b2}, {name: a, newTag: a2}]' },
      { [K]: '=images: [{name: a, newTag: a1}, {name: b, newTag: b1}, {name: c, newTag: c1}]' },
      [field(K, 'images[*].newTag')],
      [`edit ${K} =images: [{name: a, newTag: a2}, {name: b, newTag: b2}, {name: c, newTag: c1}]`],
    ],
    ['a field that stays', { [K]: '=tag: "1.10"' }, { [K]: '=tag: 1.10' }, [field(K, 'tag')], []],
    ['a field the source lacks', { [K]: '=x: 1' }, { [K]: '=tag: 1' }, [field(K, 'tag')], []],
    ['a field the destination lacks', { [K]: '=tag: 2' }, { [K]: '=x: 1' }, [field(K, 'tag')], []],
    ['a file the source lacks', {}, { [K]: '=tag: 1' }, [everything, field(K, 'tag')], []],
    ['a file the destination lacks', { [K]: '=tag: 1' }, {}, [everything, field(K, 'tag')], []],
    [
      'two rules for one field',
      { [K]: '=tag: 2' },
      { [K]: '=tag: 1' },
      [field(K, 'tag'), field('*.yaml', 'tag')],
      [`edit ${K} =tag: "2"`],
    ],
    [
      'several documents',
      { [K]: '=tag: a2\n---\ntag: b2\n' },
      { [K]: '=tag: a1\n---\ntag: b1\n---\ntag: c1\n' },
      [field(K, 'tag')],
      [`edit ${K} =tag: a2\n---\ntag: b2\n---\ntag: c1\n`],
    ],
    ['a broken source', { [K]: '=tag: "' }, { [K]: '=tag: 1' }, [field(K, 'tag')], `${K}: not-yaml apps/api/envs/dev`],
    [
      'a broken destination',
      { [K]: '=tag: 1' },
      { [K]: '=tag: "' },
      [field(K, 'tag')],
      `${K}: not-yaml apps/api/envs/test`,
    ],
    [
      'a field that can’t be written',
      { [K]: '=tag: 2' },
      { [K]: '=tag: |\n  1\n' },
      [everything, field(K, 'tag')],
      `${K}: block-text tag`,
    ],
  ])('%s', (_what, from, to, rules, expected) => {
    expect(carried(from, to, rules)).toEqual(expected);
  });

  it('is there once it was carried', () => {
    const from = { a: '2', [K]: '=tag: 2\nx: 1\n' };
    const rules = [everything, field(K, 'tag')];
    expect(carried(from, { a: '2', [K]: '=tag: "2"\nx: 5\n' }, rules)).toEqual([]);
    expect(carriedWhole(K, rules)).toBe(false);
  });
});
