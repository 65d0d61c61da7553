import { expect, it } from 'vitest';
import type { CarryRule } from '../configuration.js';
import { carriedChanges, type CarriedFile, type TargetFiles } from './carried-set.js';

const RULES: readonly CarryRule[] = [{ kind: 'field', file: 'values.yaml', path: 'tag' }];

function side(name: string, text: string | null, mode: CarriedFile['mode'] = '100644'): TargetFiles {
  const file = { path: 'values.yaml', blob: name, mode };
  return { directory: `envs/${name}`, files: [file], texts: new Map([['values.yaml', text]]) };
}

it.each(['100644', '100755'] as const)('leaves a file of mode %s with its mode where a field of it travels', (mode) => {
  expect(carriedChanges(side('dev', 'tag: a2\n'), side('test', 'tag: a1\n', mode), RULES)).toEqual({
    kind: 'changes',
    changes: [{ kind: 'edit', path: 'values.yaml', text: 'tag: a2\n', mode }],
  });
});

it('keeps a byte order mark where a field travels', () => {
  expect(carriedChanges(side('dev', 'tag: a2\n'), side('test', '\ufefftag: a1 # x\n'), RULES)).toMatchObject({
    changes: [{ text: '\ufefftag: a2 # x\n' }],
  });
});

it.each([
  ['dev', null, 'tag: a1\n'],
  ['test', 'tag: a2\n', null],
])('carries nothing while the file in %s is no text that could be written back', (where, from, to) => {
  expect(carriedChanges(side('dev', from), side('test', to), RULES)).toEqual({
    kind: 'impossible',
    path: 'values.yaml',
    problem: { kind: 'not-text', directory: `envs/${where}` },
  });
});
