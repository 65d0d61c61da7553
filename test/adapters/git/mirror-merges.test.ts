// What two commits merge to can't change: git is asked once, and again where its answer is gone.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MirrorsUnderTest } from './mirrors-under-test.js';

let under: MirrorsUnderTest;
beforeEach(async () => {
  under = await MirrorsUnderTest.start();
});
afterEach(() => under.close());

test('a merge is made once, and again when its tree is gone', async () => {
  const left = under.origin.change(under.first, { 'a.yaml': 'a: 2\n' });
  const right = under.origin.change(under.first, { 'b.yaml': 'b: 1\n' });
  const clash = under.origin.change(under.first, { 'a.yaml': 'a: 3\n' });
  for (const [name, head] of Object.entries({ left, right, clash })) under.origin.setRef(`refs/heads/${name}`, head);
  const mirror = await under.mirrors().of(under.remote());
  const merges = (): number => under.commands.filter((line) => line.includes('merge-tree')).length;

  const merged = await mirror.merge(left, right);
  expect(await mirror.merge(left, right)).toEqual(merged);
  expect(await mirror.merge(left, clash)).toEqual({ kind: 'conflict', paths: ['a.yaml'] });
  expect(await mirror.merge(left, clash)).toEqual({ kind: 'conflict', paths: ['a.yaml'] });
  expect(merges()).toBe(2);

  // As `git gc` removes it after two weeks: nothing refers to it.
  if (merged.kind !== 'merged') throw new Error('not merged');
  await rm(join(under.directory, 'objects', merged.tree.slice(0, 2), merged.tree.slice(2)));
  expect(await mirror.merge(left, right)).toEqual(merged);
  expect(merges()).toBe(3);
  expect(Buffer.from((await mirror.file(merged.tree, 'b.yaml')) ?? []).toString()).toBe('b: 1\n');
});
