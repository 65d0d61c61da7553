import { expect, test } from 'vitest';
import type { TreeEntry } from '../forge-objects.js';
import { findPlace, viewTree } from './tree-view.js';

const links = new Map([
  ['apps/base', '../shared/base'],
  ['apps/file', 'base/x.yaml'],
  ['abs', '/etc/passwd'],
  ['up', '../../etc'],
  ['ring', 'apps/../ring2'],
  ['ring2', 'ring'],
  ['dangling', 'nothing'],
]);
const entries: readonly TreeEntry[] = [
  ...['shared/base/x.yaml', 'shared/y.yaml', 'apps/z.yaml'].map((path) => ({
    path,
    mode: '100644' as const,
    sha: '1',
  })),
  ...[...links.keys()].map((path) => ({ path, mode: '120000' as const, sha: '2' })),
  { path: 'module', mode: '160000', sha: '3' },
];
const view = viewTree(entries, links);

test.each([
  ['shared/y.yaml', 'shared/y.yaml'],
  ['./shared//base/../y.yaml', 'shared/y.yaml'],
  ['apps/base/x.yaml', 'shared/base/x.yaml'],
  ['apps/file', 'shared/base/x.yaml'],
  // Above the link's target, not above the link.
  ['apps/base/../y.yaml', 'shared/y.yaml'],
])('%s is the file %s', (path, real) => {
  const place = findPlace(view, path);
  expect(place.kind === 'file' && place.entry.path).toBe(real);
});

test.each([
  ['', ''],
  ['.', ''],
  ['apps/base', 'shared/base'],
  ['apps/base/..', 'shared'],
])('%j is the directory %j', (path, real) => {
  expect(findPlace(view, path)).toEqual({ kind: 'directory', path: real });
});

test.each(['/etc/passwd', 'abs', 'up', 'up/passwd', '..', 'apps/../../x'])('%s is outside', (path) => {
  expect(findPlace(view, path)).toEqual({ kind: 'outside' });
});

test.each(['nothing', 'dangling', 'ring', 'module', 'module/x', 'apps/z.yaml/x'])('%s is nowhere', (path) => {
  expect(findPlace(view, path)).toEqual({ kind: 'nowhere' });
});
