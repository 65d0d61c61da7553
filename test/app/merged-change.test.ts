/** Where the target branch stood before each way of merging. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMirrors, type GitMirrors } from '../../src/adapters/git/create-mirrors.js';
import { baseOfMerge } from '../../src/app/policy/merged-change.js';
import type { Sha } from '../../src/core/ids.js';
import type { MergedPullRequest } from '../../src/core/last-merged.js';
import { GitOrigin, processes, silentLog } from '../contract/git-origin.js';

let origin: GitOrigin;
let mirrors: GitMirrors;
let base: Sha;
let tip: Sha;
let head: Sha;

beforeAll(async () => {
  origin = await GitOrigin.make();
  mirrors = createMirrors({ dataDirectory: join(origin.folder, 'data'), processes, log: silentLog });
  base = origin.commit({ 'a.txt': '1\n' });
  tip = origin.change(base, { 'b.txt': 'since\n' }, { message: 'Since\n' });
  const first = origin.change(base, { 'a.txt': '2\n' }, { message: 'First\n\nWhy.\n' });
  head = origin.change(first, { 'c.txt': '3\n' }, { message: 'Second\n' });
  origin.setRef('refs/heads/work', head);
});
afterAll(async () => {
  await mirrors.close();
  await origin.remove();
});

async function baseOf(mergeCommit: Sha | null, of: Sha = head): Promise<Sha | null> {
  if (mergeCommit !== null) origin.setRef('refs/heads/main', mergeCommit);
  const remote = { repository: { forge: 'github', path: 'acme/config' }, cloneUrl: origin.directory } as const;
  const mirror = await mirrors.of({ ...remote, credentials: async () => ({ username: '', password: '' }) });
  await mirror.fetch();
  return baseOfMerge(mirror, { mergeCommit, head: { sha: of } } as MergedPullRequest);
}

const both = { 'a.txt': '2\n', 'c.txt': '3\n' };

it('is the first parent of a merge commit', async () => {
  expect(await baseOf(origin.change(tip, both, { parents: [tip, head] }))).toBe(tip);
});

it('is the parent of a squashed commit', async () => {
  expect(await baseOf(origin.change(tip, both, { message: 'First (#7)\n' }))).toBe(tip);
});

it('is what stands before all of the commits that were rebased', async () => {
  const first = origin.change(tip, { 'a.txt': '2\n' }, { message: 'First\n\nWhy.\n' });
  const second = origin.change(first, { 'c.txt': '3\n' }, { message: 'Second\n' });
  expect(await baseOf(second)).toBe(tip);
});

it('is the parent where there was one commit only', async () => {
  const one = origin.change(base, { 'd.txt': '4\n' }, { message: 'One\n' });
  origin.setRef('refs/heads/one', one);
  expect(await baseOf(origin.change(tip, { 'd.txt': '4\n' }, { message: 'One\n' }), one)).toBe(tip);
});

it('is not known of a fast-forward, nor without a commit', async () => {
  expect(await baseOf(head)).toBeNull();
  expect(await baseOf(null)).toBeNull();
});
