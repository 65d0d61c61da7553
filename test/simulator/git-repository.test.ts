// What the simulator writes and reads without git is what git itself writes and reads.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { zeroSha } from '../../src/simulator/git/git-objects.js';
import { GitRepository } from '../../src/simulator/git/git-repository.js';

const alice = { name: 'Alice Ü', email: 'alice@acme.test', date: new Date('2026-03-02T09:00:00Z') };
const files = { 'a-b': '1\n', 'a/b': '2\n', 'a.c': '3\n', 'a/deep/é.yaml': '4\n', 'with space': '', z: 'last' };

let folder: string;
let repository: GitRepository;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'git-repository-'));
  const commit = { branch: 'main', author: alice, message: 'Start\n\nWith a body\n', files };
  repository = await GitRepository.withFiles(join(folder, 'one.git'), commit);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const git = (args: readonly string[], input = ''): string =>
  execFileSync('git', ['--git-dir', repository.directory, ...args], { input, encoding: 'utf8' }).trim();

const main = async (): Promise<string> => (await repository.branchHead('main')) ?? '';

test('the first commit is sound, and as git would have made it', async () => {
  expect(git(['fsck', '--strict', '--no-dangling'])).toBe('');
  expect(git(['-c', 'core.quotePath=false', 'ls-tree', '-r', '--name-only', 'main']).split('\n')).toEqual([
    'a-b',
    'a.c',
    'a/b',
    'a/deep/é.yaml',
    'with space',
    'z',
  ]);
  expect(git(['log', '-1', '--format=%an <%ae> %at %cn %ct %B', 'main'])).toBe(
    'Alice Ü <alice@acme.test> 1772442000 Alice Ü 1772442000 Start\n\nWith a body',
  );
});

test('names that git tidies up are tidied up', async () => {
  const tree = await repository.writeTree(undefined, []);
  const author = { ...alice, name: ' <Bob>, ', email: 'bob@acme.test' };
  const sha = await repository.writeCommit({ tree, parents: [], author, committer: alice, message: 'Empty' });
  expect((await repository.readCommit(sha))?.author.name).toBe('Bob');
  expect(git(['fsck', '--strict', '--no-dangling'])).toBe('');
});

test('a commit of what is not there is refused', async () => {
  const tree = 'a'.repeat(40);
  const commit = { tree, parents: [], author: alice, committer: alice, message: 'Nothing' };
  await expect(repository.writeCommit(commit)).rejects.toThrow('commit-tree');
});

test('a path that leads out of the tree is refused', async () => {
  const sha = await repository.writeBlob(Buffer.from('x'));
  for (const path of ['../a', 'a/.GIT/b', '/a', 'a//b'])
    await expect(repository.writeTree(undefined, [{ path, mode: '100644', sha }])).rejects.toThrow('no path of a tree');
});

test('packed and loose are the same to it', async () => {
  const head = await main();
  const commit = (name: string, parents: readonly string[]): Promise<string> =>
    repository.writeCommit({ tree: trees[name] ?? '', parents, author: alice, committer: alice, message: name });
  const trees: Record<string, string> = {};
  for (const name of ['left', 'right', 'top'])
    trees[name] = await repository.writeTree(head, [{ path: name, mode: '100755', sha: git(['rev-parse', 'main:z']) }]);
  const left = await commit('left', [await commit('left', [head])]);
  const right = await commit('right', [head]);
  const top = await commit('top', [left, right]);
  for (const [index, sha] of [left, right, top].entries()) await repository.setRef(`refs/heads/${index}`, sha);
  const pairs = [
    [left, right],
    [top, right],
    [head, left],
    [left, left],
  ] as const;
  const between = ([one, other]: readonly [string, string]): Promise<unknown> =>
    Promise.all([
      repository.mergeBase(one, other),
      repository.isAncestor(one, other),
      repository.countCommits(other, [one]),
      repository.log({ from: [one], not: [other], oldestFirst: true }),
      repository.mergeTrees(one, other),
    ]);
  const seen = async (): Promise<unknown> => ({
    between: await Promise.all(pairs.map(between)),
    logs: [await repository.log({ from: [left], limit: 2, skip: 1 }), await repository.log({ from: [top], limit: 1 })],
    listings: [
      await repository.listTree(top, { recursive: true }),
      await repository.listTree(top, { recursive: false }),
      await repository.entryAt(top, 'a/deep'),
      await repository.entryAt(top, 'a/deep/nowhere'),
      await repository.entryAt(top, 'z/nowhere'),
    ],
    refs: await repository.listRefs('refs/'),
    head: await main(),
    commit: await repository.readCommit('main'),
    type: await repository.objectType(head),
    text: (await repository.readFile(head, 'a/b'))?.toString(),
    tree: await repository.writeTree(head, [{ path: 'a', mode: '100644', sha: git(['rev-parse', 'main:z']) }]),
  });
  const loose = await seen();
  git(['pack-refs', '--all', '--prune']);
  git(['repack', '-a', '-d', '-q']);
  git(['prune-packed']);
  repository = new GitRepository(repository.directory);
  expect(await seen()).toEqual(loose);
  expect(await repository.branchHead('mai')).toBeUndefined();
});

test('refs move as git moves them: from where they were, and not in each other’s way', async () => {
  const [from, tree] = [await main(), git(['rev-parse', 'main^{tree}'])];
  const commit = { tree, parents: [from], author: alice, committer: alice, message: 'Next' };
  const to = await repository.writeCommit(commit);
  expect(await repository.updateRef('refs/heads/main', to, to)).toBe('moved');
  expect(await repository.updateRef('refs/heads/main', to, from)).toBe('updated');
  expect(await repository.updateRef('refs/heads/one/two', to, zeroSha)).toBe('updated');
  expect(await repository.updateRef('refs/heads/one/two', from, zeroSha)).toBe('moved');
  await expect(repository.updateRef('refs/heads/one', to, zeroSha)).rejects.toThrow('update-ref');
  await expect(repository.updateRef('refs/heads/one/two/three', to, zeroSha)).rejects.toThrow('update-ref');
  await expect(repository.updateRef('refs/heads/tree', tree, zeroSha)).rejects.toThrow('update-ref');
  const refs = ['for-each-ref', '--format=%(refname) %(objectname)'];
  expect(git(refs)).toBe(`refs/heads/main ${to}\nrefs/heads/one/two ${to}`);
  expect(await repository.updateRef('refs/heads/one/two', zeroSha, from)).toBe('moved');
  expect(await repository.updateRef('refs/heads/one/two', zeroSha, to)).toBe('updated');
  expect(await repository.updateRef('refs/heads/one', from, zeroSha)).toBe('updated');
  expect(git(refs)).toBe(`refs/heads/main ${to}\nrefs/heads/one ${from}`);
  git(['pack-refs', '--all', '--prune']);
  expect(await repository.updateRef('refs/heads/one', zeroSha, from)).toBe('updated');
  expect(await repository.updateRef('refs/heads/main', from, to)).toBe('updated');
  expect(git(refs)).toBe(`refs/heads/main ${from}`);
});

test('a file in place of a folder, and a folder in place of a file', async () => {
  const sha = await repository.writeBlob(Buffer.from('x'));
  const names = (tree: string): readonly string[] => git(['ls-tree', '-r', '--name-only', tree]).split('\n');
  const file = await repository.writeTree(await main(), [{ path: 'a', mode: '100644', sha }]);
  expect(names(file)).toEqual(['a', 'a-b', 'a.c', 'with space', 'z']);
  const nested = await repository.writeTree(file, [{ path: 'z/y', mode: '100755', sha }]);
  expect(names(nested)).toEqual(['a', 'a-b', 'a.c', 'with space', 'z/y']);
  expect(git(['fsck', '--strict', '--no-dangling'])).toBe('');
});
