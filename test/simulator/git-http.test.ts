import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ForgeEvent } from '../../src/simulator/forge/events.js';
import type { Simulator } from '../../src/simulator/start-simulator.js';
import { acme, octokitOf, openPull, startGithub } from './github-fixture.js';

const run = promisify(execFile);

let simulator: Simulator;
let folder: string;
let events: ForgeEvent[];
beforeEach(async () => {
  simulator = await startGithub();
  folder = await mkdtemp(join(tmpdir(), 'git-http-'));
  events = [];
  simulator.forge.subscribe((event) => events.push(event));
});
afterEach(async () => {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

const remote = (password: string, user = 'x-access-token') =>
  `${simulator.url.replace('//', `//${user}:${password}@`)}/acme/config.git`;

async function git(...args: readonly string[]): Promise<string> {
  const identity = ['-c', 'user.name=Alice', '-c', 'user.email=alice@acme.test'];
  const env = {
    PATH: process.env['PATH'],
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
  const { stdout } = await run('git', [...identity, ...args], { env });
  return stdout.trim();
}

const failure = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'it did not fail',
    (error: unknown) => (error as { readonly stderr: string }).stderr,
  );

async function clone(password = 'alice-token', ...flags: readonly string[]): Promise<string> {
  const work = join(folder, 'work');
  await git('clone', '--quiet', ...flags, remote(password), work);
  return work;
}

async function commit(work: string, text: string): Promise<string> {
  await writeFile(join(work, 'README.md'), text);
  await git('-C', work, 'commit', '--quiet', '-am', 'Change the readme');
  return git('-C', work, 'rev-parse', 'HEAD');
}

test('clones with a token, as whatever user name', async () => {
  expect(await readFile(join(await clone(), 'README.md'), 'utf8')).toBe('one\ntwo\nthree\n');
  const heads = await git('ls-remote', '--heads', remote('dave-token', 'oauth2'));
  expect(heads).toContain('refs/heads/main');
});

test('partial bare clones and single objects are served', async () => {
  const work = await clone('alice-token', '--bare', '--filter=blob:none');
  expect(await git('-C', work, 'show', 'main:README.md')).toBe('one\ntwo\nthree');
  const { sha } = await openPull(octokitOf(simulator, 'alice'));
  await octokitOf(simulator, 'alice').git.deleteRef({ ...acme, ref: 'heads/change' });
  await git('-C', work, 'fetch', '--quiet', 'origin', sha);
  expect(await git('-C', work, 'show', `${sha}:apps/api/a.yaml`)).toBe('image: 1.1.0');
});

test('tells the same refs with and without the newer protocol, whatever there is', async () => {
  const refs = async (): Promise<readonly string[]> => {
    const [newer, older] = await Promise.all(
      [2, 0].map((version) => git('-c', `protocol.version=${version}`, 'ls-remote', '--symref', remote('alice-token'))),
    );
    expect(newer).toBe(older);
    return (newer ?? '').split('\n').map((line) => line.replace(/^[0-9a-f]{40}/, 'ID'));
  };
  expect(await refs()).toEqual(['ref: refs/heads/main\tHEAD', 'ID\tHEAD', 'ID\trefs/heads/main']);
  await openPull(octokitOf(simulator, 'alice'), 'a/b');
  const { directory } = simulator.forge.git('acme/config');
  await git('--git-dir', directory, 'pack-refs', '--all');
  await openPull(octokitOf(simulator, 'alice'), 'a/c', { 'apps/api/b.yaml': 'image: 1.1.0\n' });
  const pulls = ['refs/heads/a/b', 'refs/heads/a/c', 'refs/heads/main', 'refs/pull/1/head', 'refs/pull/2/head'];
  expect(await refs()).toEqual(['ref: refs/heads/main\tHEAD', 'ID\tHEAD', ...pulls.map((name) => `ID\t${name}`)]);
  await git('--git-dir', directory, 'tag', '-a', '-m', 'The first', 'v1', 'main');
  expect(await refs()).toContain('ID\trefs/tags/v1^{}');
});

test('without a token 401, with a wrong one 401, without permission 404 or 403', async () => {
  const anonymous = await fetch(`${simulator.url}/acme/config.git/info/refs?service=git-upload-pack`);
  expect(anonymous.status).toBe(401);
  expect(anonymous.headers.get('www-authenticate')).toContain('Basic');
  expect(await failure(git('ls-remote', remote('wrong')))).toContain('Authentication failed');
  expect(await failure(git('ls-remote', remote('stranger-token')))).toContain('not found');
  const work = await clone('dave-token');
  await git('-C', work, 'switch', '--quiet', '-c', 'mine');
  expect(await failure(git('-C', work, 'push', 'origin', 'mine'))).toContain('403');
});

test('a push makes a push event and a new version of the pull request before git has its answer', async () => {
  const { number, sha } = await openPull(octokitOf(simulator, 'alice'));
  const work = await clone();
  await git('-C', work, 'switch', '--quiet', 'change');
  const next = await commit(work, 'pushed\n');
  events.length = 0;
  await git('-C', work, 'push', '--quiet', 'origin', 'change');
  expect(events.map((event) => event.kind)).toEqual(['push', 'pull-request']);
  expect(events[0]).toMatchObject({
    ref: 'refs/heads/change',
    before: sha,
    after: next,
    forced: false,
    actor: 'alice',
  });
  const { data } = await octokitOf(simulator, 'alice').pulls.get({ ...acme, pull_number: number });
  expect(data.head.sha).toBe(next);
  await git('-C', work, 'fetch', '--quiet', 'origin', `refs/pull/${number}/head`);
  expect(await git('-C', work, 'rev-parse', 'FETCH_HEAD')).toBe(next);
});

test('forced pushes are told as forced', async () => {
  await openPull(octokitOf(simulator, 'alice'));
  const work = await clone();
  await git('-C', work, 'switch', '--quiet', '-C', 'change', 'origin/main');
  await commit(work, 'instead\n');
  events.length = 0;
  expect(await failure(git('-C', work, 'push', 'origin', 'change'))).toContain('non-fast-forward');
  expect(events).toEqual([]);
  await git('-C', work, 'push', '--quiet', '--force', 'origin', 'change');
  expect(events[0]).toMatchObject({ kind: 'push', forced: true });
});

test('a deleted branch closes its pull request', async () => {
  const { number } = await openPull(octokitOf(simulator, 'alice'));
  const work = await clone();
  await git('-C', work, 'push', '--quiet', 'origin', '--delete', 'change');
  const { data } = await octokitOf(simulator, 'alice').pulls.get({ ...acme, pull_number: number });
  expect(data.state).toBe('closed');
});

test("the protected branch and the forge's own refs are not pushed to", async () => {
  const work = await clone();
  await commit(work, 'straight to main\n');
  expect(await failure(git('-C', work, 'push', 'origin', 'main'))).toContain(
    'Protected branch update failed for refs/heads/main',
  );
  expect(await failure(git('-C', work, 'push', 'origin', 'HEAD:refs/pull/9/head'))).toContain('remote rejected');
  expect(events).toEqual([]);
});

test('who may push to a protected branch still may not force it', async () => {
  simulator.forge.protections.remove('acme/config', 'main');
  simulator.forge.protections.set('acme/config', { pattern: 'ma*', push: 'write' });
  simulator.forge.protections.set('acme/config', { pattern: 'main', push: 'nobody' });
  const work = await clone();
  await commit(work, 'straight to main\n');
  await git('-C', work, 'push', '--quiet', 'origin', 'main');
  await git('-C', work, 'commit', '--quiet', '--amend', '-m', 'Rewritten');
  expect(await failure(git('-C', work, 'push', '--force', 'origin', 'main'))).toContain('Cannot force-push');
});

test('two pushes at once both arrive', async () => {
  const work = await clone();
  await commit(work, 'x\n');
  const push = (branch: string) => git('-C', work, 'push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`);
  await Promise.all([push('one'), push('two'), push('three')]);
  expect((await simulator.forge.branches.list('acme/config')).map((one) => one.name)).toEqual([
    'main',
    'one',
    'three',
    'two',
  ]);
});
