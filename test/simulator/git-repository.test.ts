// What the simulator writes and reads without git is what git itself writes and reads.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
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
  const seen = async (): Promise<unknown> => ({
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

test('a file in place of a folder, and a folder in place of a file', async () => {
  const sha = await repository.writeBlob(Buffer.from('x'));
  const names = (tree: string): readonly string[] => git(['ls-tree', '-r', '--name-only', tree]).split('\n');
  const file = await repository.writeTree(await main(), [{ path: 'a', mode: '100644', sha }]);
  expect(names(file)).toEqual(['a', 'a-b', 'a.c', 'with space', 'z']);
  const nested = await repository.writeTree(file, [{ path: 'z/y', mode: '100755', sha }]);
  expect(names(nested)).toEqual(['a', 'a-b', 'a.c', 'with space', 'z/y']);
  expect(git(['fsck', '--strict', '--no-dangling'])).toBe('');
});
