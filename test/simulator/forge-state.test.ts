import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Forge } from '../../src/simulator/forge/forge.js';
import type { Outcome } from '../../src/simulator/forge/refusal.js';
import { parseSeed, plantSeed } from '../../src/simulator/seed.js';
import { tickingClock } from './github-fixture.js';

let folder: string;
let forge: Forge;
const repository = 'acme/config';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forge-state-'));
  forge = new Forge({ dialect: 'github', now: tickingClock(), dataDirectory: folder });
  await plantSeed(
    forge,
    parseSeed(`
users: [{ login: alice }, { login: bob }]
organisations: [{ login: acme, teams: { sre: [alice] } }]
repositories:
  - name: acme/config
    files: { a.txt: "1\\n2\\n3\\n4\\n5\\n", "odd \\"name\\\\é.txt": "x\\n" }
    collaborators: { alice: write }
    teams: { acme/sre: maintain }
`),
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function value<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(JSON.stringify(outcome.refusal));
}

const put = (path: string, text: string) => ({ kind: 'put', path, content: Buffer.from(text) }) as const;
const commit = async (branch: string, path: string, text: string, start?: string) =>
  value(
    await forge.commits.commit({
      repository,
      actor: 'alice',
      branch,
      message: `Change ${path}`,
      actions: [put(path, text)],
      ...(start === undefined ? {} : { start }),
    }),
  ).sha;
const open = (headBranch: string) =>
  forge.pullRequests.open({ repository, actor: 'alice', title: 'T', headBranch, baseBranch: 'main' });

test('a seed is planted as written, and what it does not know is refused', async () => {
  expect(forge.people.accessTo(repository, 'alice')).toBe('maintain');
  expect(forge.people.accessTo(repository, 'bob')).toBe('none');
  expect(forge.people.token('bob-token')?.login).toBe('bob');
  const paths = (await forge.git(repository).listTree('main', { recursive: true })).map((entry) => entry.path);
  expect(paths).toEqual(['a.txt', 'odd "name\\é.txt']);
  expect(() => parseSeed('user: []')).toThrow('unknown keys: user; known are users');
});

test('a repository on this machine is copied with its branches and its default branch', async () => {
  const source = join(folder, 'source');
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', '-C', source, ...args], { stdio: 'pipe' });
  execFileSync('git', ['init', '--quiet', '--initial-branch=trunk', source]);
  await writeFile(join(source, 'f.txt'), 'copied\n');
  git('add', '.');
  git('commit', '--quiet', '-m', 'one');
  git('branch', 'other');
  await plantSeed(forge, { repositories: [{ name: 'acme/copy', copyOf: source }] });
  expect(forge.repositories.get('acme/copy')).toMatchObject({ value: { defaultBranch: 'trunk' } });
  expect((await forge.branches.list('acme/copy')).map((one) => one.name)).toEqual(['other', 'trunk']);
  expect((await forge.git('acme/copy').readFile('trunk', 'f.txt'))?.toString()).toBe('copied\n');
});

test('two pull requests opened at once for the same head are one', async () => {
  await commit('x', 'a.txt', 'changed\n', 'main');
  const outcomes = await Promise.all([open('x'), open('x')]);
  expect(outcomes.map((one) => one.ok)).toEqual([true, false]);
});

test('two merges at once are done one after the other, each on what the other left', async () => {
  await commit('top', 'a.txt', 'one\n2\n3\n4\n5\n', 'main');
  await commit('bottom', 'a.txt', '1\n2\n3\n4\nfive\n', 'main');
  const pulls = [value(await open('top')), value(await open('bottom'))];
  const merge = (number: number) => forge.merging.merge({ repository, number, actor: 'alice', method: 'squash' });
  await Promise.all(pulls.map((one) => merge(one.number).then(value)));
  expect((await forge.git(repository).readFile('main', 'a.txt'))?.toString()).toBe('one\n2\n3\n4\nfive\n');
  expect(await forge.git(repository).log({ from: ['main'] })).toHaveLength(3);
});

test('rebasing replays each commit on the new base', async () => {
  await commit('x', 'a.txt', 'one\n2\n3\n4\n5\n', 'main');
  await commit('x', 'b.txt', 'b\n');
  await commit('main', 'a.txt', '1\n2\n3\n4\nfive\n');
  const { number } = value(await open('x'));
  value(await forge.merging.merge({ repository, number, actor: 'alice', method: 'rebase' }));
  const messages = (await forge.git(repository).log({ from: ['main'] })).map((one) => one.message);
  expect(messages.slice(0, 3)).toEqual(['Change b.txt', 'Change a.txt', 'Change a.txt']);
  expect((await forge.git(repository).readFile('main', 'a.txt'))?.toString()).toBe('one\n2\n3\n4\nfive\n');
});

test('a label set while a push is taken in is kept, and so is the push', async () => {
  await commit('x', 'a.txt', 'x\n', 'main');
  const { number } = value(await open('x'));
  const label = () => value(forge.pullRequests.setLabels({ repository, number, actor: 'alice', labels: ['during'] }));
  // Right after the push event the forge has read the pull request and waits for git.
  forge.subscribe((event) => event.kind === 'push' && queueMicrotask(label));
  const sha = await commit('x', 'a.txt', 'y\n');
  expect(forge.pullRequests.get(repository, number)).toMatchObject({ value: { labels: ['during'], headSha: sha } });
});

test('what happened to paths with odd names is told rightly', async () => {
  const git = forge.git(repository);
  const from = (await git.branchHead('main')) ?? '';
  const entry = await git.entryAt('main', 'odd "name\\é.txt');
  const changes = [
    { path: 'odd "name\\é.txt', mode: '100644', sha: null },
    { path: 'new\nline.txt', mode: '100755', sha: entry?.sha ?? '' },
    { path: 'bin', mode: '100644', sha: await git.writeBlob(Buffer.from([0, 1, 2])) },
    { path: 'a.txt', mode: '100644', sha: await git.writeBlob(Buffer.from('1\ndiff --git a/x b/x\n3\n4\n5')) },
  ];
  const differences = await git.differences(from, await git.writeTree(from, changes));
  expect(
    differences.map(({ status, path, previousPath, additions, deletions }) => [
      status,
      path,
      previousPath,
      additions,
      deletions,
    ]),
  ).toEqual([
    ['modified', 'a.txt', 'a.txt', 2, 2],
    ['added', 'bin', 'bin', 0, 0],
    ['renamed', 'new\nline.txt', 'odd "name\\é.txt', 0, 0],
  ]);
  expect(differences[0]?.patch).toContain('+diff --git a/x b/x');
  expect(differences[1]).not.toHaveProperty('patch');
  expect(differences[2]).toMatchObject({ oldMode: '100644', newMode: '100755' });
});
