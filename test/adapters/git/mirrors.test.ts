// What mirrors do beyond their contract: secrets, repairs, turns, limits.
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkGit } from '../../../src/adapters/git/check-git.js';
import { createMirrors, type GitMirrors } from '../../../src/adapters/git/create-mirrors.js';
import { networkSettings } from '../../../src/adapters/git/git-environment.js';
import { mirrorDirectory } from '../../../src/adapters/git/mirror-directory.js';
import { createProcesses } from '../../../src/adapters/process/create-processes.js';
import { Forbidden, Unavailable } from '../../../src/core/problem.js';
import type { Log } from '../../../src/ports/log.js';
import type { Processes } from '../../../src/ports/processes.js';
import { GitHttpServer, GitOrigin, processes } from '../../contract/git-origin.js';

const repository = { forge: 'github', path: 'acme/config' } as const;
const secret = { username: 'x-access-token', password: 'ghs_topsecret' };
const basic = Buffer.from(`${secret.username}:${secret.password}`).toString('base64');

let origin: GitOrigin;
let server: GitHttpServer;
let opened: GitMirrors[];
let lines: string[];
let commands: string[];
let first: string;

beforeEach(async () => {
  origin = await GitOrigin.make();
  server = await GitHttpServer.start(origin, secret);
  first = origin.commit({ 'a.yaml': 'a: 1\n', 'large.bin': 'x'.repeat(1024 * 1024 + 1) });
  origin.setRef('refs/heads/main', first);
  opened = [];
  lines = [];
  commands = [];
});

afterEach(async () => {
  await Promise.all(opened.map((mirrors) => mirrors.close()));
  await server.close();
  await origin.remove();
});

const dataDirectory = (): string => join(origin.folder, 'data');
const directory = (): string => mirrorDirectory(dataDirectory(), repository);

function mirrors(): GitMirrors {
  const write = (fields: object, message: string): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log };
  const watched: Processes = {
    run: (request) => {
      commands.push([request.program, ...request.arguments].join(' '));
      return processes.run(request);
    },
    start: (request) => {
      commands.push([request.program, ...request.arguments].join(' '));
      return processes.start(request);
    },
  };
  const made = createMirrors({ dataDirectory: dataDirectory(), processes: watched, log });
  opened.push(made);
  return made;
}

const remote = (credentials = async () => secret, cloneUrl = server.cloneUrl) => ({
  repository,
  cloneUrl,
  credentials,
});

/** How often the remote was asked for its branches. */
const fetches = (): number => server.requests.filter((path) => path.includes('info/refs')).length;

async function everyFile(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')))).join('\n');
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it did not reject');
}

describe('credentials', () => {
  test('are asked for at each fetch and stand in no command, file or log line', async () => {
    let asked = 0;
    const mirror = await mirrors().of(remote(async () => ((asked += 1), secret)));
    expect(asked).toBe(1);
    server.credentials = { username: 'x-access-token', password: 'ghs_second' };
    const wrong = await failure(mirror.fetch());
    expect(wrong).toBeInstanceOf(Unavailable);
    expect(wrong.message).toContain('git fetch of github:acme/config failed');
    server.credentials = secret;
    await mirror.fetch();
    expect(asked).toBe(3);
    const traces = [wrong.message, ...lines, ...commands, await everyFile(dataDirectory())].join('\n');
    for (const hidden of [secret.password, basic]) expect(traces).not.toContain(hidden);
  });

  test('are used for what is fetched later', async () => {
    const mirror = await mirrors().of(remote());
    const before = fetches();
    await mirror.file(first, 'a.yaml');
    expect(fetches()).toBe(before);
    expect((await mirror.file(first, 'large.bin'))?.length).toBe(1024 * 1024 + 1);
    expect(fetches()).toBe(before + 1);
    await mirror.file(first, 'large.bin');
    expect(fetches()).toBe(before + 1);
  });

  test('in the address itself are not sent and not shown', async () => {
    const cloneUrl = server.cloneUrl.replace('//', '//bob:hunter2@');
    expect(await (await mirrors().of(remote(async () => secret, cloneUrl))).branch('main')).toBe(first);
    const gone = server.cloneUrl.replace('//', '//bob:hunter2@').replace('origin.git', 'gone.git');
    const error = await failure(
      mirrors().of({ ...remote(), repository: { ...repository, path: 'a/gone' }, cloneUrl: gone }),
    );
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).not.toContain('hunter2');
  });
});

describe('addresses', () => {
  test.each([
    'ext::sh -c "exit 1"',
    'ssh://git@example.test/x',
    'git@example.test:x.git',
    'git://example.test/x',
    '-x',
    '',
  ])('%j is refused', async (cloneUrl) => {
    expect(await failure(mirrors().of(remote(async () => secret, cloneUrl)))).toBeInstanceOf(Forbidden);
  });

  test('may change', async () => {
    const made = mirrors();
    const mirror = await made.of(remote());
    const moved = await GitHttpServer.start(origin, secret);
    const second = origin.change(first, { 'a.yaml': 'a: 2\n' });
    origin.setRef('refs/heads/main', second);
    server.beforeAnswer = async () => ({ status: 410 });
    expect(await made.of(remote(async () => secret, moved.cloneUrl))).toBe(mirror);
    await mirror.fetch();
    expect(await mirror.branch('main')).toBe(second);
    await moved.close();
  });
});

describe('pull request heads', () => {
  test('of both forges come with a fetch, without being asked for', async () => {
    const head = origin.change(first, { 'b.yaml': 'b: 1\n' });
    origin.setRef('refs/pull/1/head', head);
    origin.setRef('refs/merge-requests/1/head', head);
    for (const forge of ['github', 'gitlab'] as const) {
      const mirror = await mirrors().of({ ...remote(), repository: { forge, path: 'acme/config' } });
      const before = server.requests.length;
      expect(await mirror.has(head)).toBe(true);
      expect(Buffer.from((await mirror.file(head, 'b.yaml')) ?? []).toString()).toBe('b: 1\n');
      expect(server.requests.length).toBe(before);
    }
  });
});

describe('a failing remote', () => {
  test('is unavailable, and the next try works', async () => {
    const made = mirrors();
    server.beforeAnswer = async () => ({ status: 503 });
    const error = await failure(made.of(remote()));
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).toContain('503');
    expect(await readdir(join(dataDirectory(), 'mirrors', 'github'))).toEqual([]);
    server.beforeAnswer = async () => null;
    const mirror = await made.of(remote());
    server.beforeAnswer = async () => ({ status: 500 });
    expect(await failure(mirror.fetch())).toBeInstanceOf(Unavailable);
    expect(await mirror.branch('main')).toBe(first);
  });

  test('that does not answer is given up when we stop', async () => {
    const made = mirrors();
    const mirror = await made.of(remote());
    let reached = (): void => undefined;
    const asked = new Promise<void>((resolve) => (reached = resolve));
    server.beforeAnswer = () => {
      reached();
      return new Promise(() => undefined);
    };
    const fetching = failure(mirror.fetch());
    await asked;
    await made.close();
    expect(await fetching).toBeInstanceOf(Unavailable);
    expect(await failure(mirror.file(first, 'a.yaml'))).toBeInstanceOf(Unavailable);
    expect(await failure(mirror.fetch())).toBeInstanceOf(Unavailable);
  });
});

describe('fetches', () => {
  test('take turns, and each caller gets one that began after it asked', async () => {
    const mirror = await mirrors().of(remote());
    const [before, requests] = [fetches(), server.requests.length];
    let letGo = (): void => undefined;
    let reached = (): void => undefined;
    const asked = new Promise<void>((resolve) => (reached = resolve));
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    // The first fetch has asked for the branches but has no answer yet when the others come.
    server.beforeAnswer = async (path) => {
      if (!path.includes('git-upload-pack')) return null;
      reached();
      await gate;
      return null;
    };
    const one = mirror.fetch();
    await asked;
    const late = [mirror.fetch(), mirror.fetch(), mirror.fetch()];
    const second = origin.change(first, { 'a.yaml': 'a: 2\n' });
    expect(server.requests.length).toBe(requests + 1);
    letGo();
    await one;
    expect(fetches()).toBe(before);
    origin.setRef('refs/heads/main', second);
    await Promise.all(late);
    expect(fetches()).toBe(before + 1);
    expect(await mirror.branch('main')).toBe(second);
  });

  test('that find nothing new start no git, in a later process either', async () => {
    const mirror = await mirrors().of(remote());
    const before = commands.length;
    await mirror.fetch();
    expect(commands.slice(before)).toEqual([]);
    const later = await mirrors().of(remote());
    const opened = commands.length;
    await later.fetch();
    expect(commands.slice(opened)).toEqual([]);
    origin.setRef('refs/pull/1/head', first);
    await later.fetch();
    expect(commands.length).toBeGreaterThan(opened);
  });

  test('find what was moved while one was under way and moved back after it', async () => {
    const mirror = await mirrors().of(remote());
    const second = origin.change(first, { 'a.yaml': 'a: 2\n' });
    origin.setRef('refs/heads/new', first);
    server.beforeAnswer = async (path) => {
      if (path.includes('info/refs')) origin.setRef('refs/heads/main', second);
      return null;
    };
    await mirror.fetch();
    expect(await mirror.branch('main')).toBe(second);
    server.beforeAnswer = async () => null;
    origin.setRef('refs/heads/main', first);
    await mirror.fetch();
    expect(await mirror.branch('main')).toBe(first);
  });

  test('a failing one fails for those who shared it only', async () => {
    const mirror = await mirrors().of(remote());
    // The question for the refs, and git's own.
    let left = 2;
    server.beforeAnswer = async () => (left-- > 0 ? { status: 500 } : null);
    const results = await Promise.allSettled([mirror.fetch(), mirror.fetch(), mirror.fetch()]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });

  test('opening is shared', async () => {
    const made = mirrors();
    const [one, two] = await Promise.all([made.of(remote()), made.of(remote())]);
    expect(one).toBe(two);
    expect(fetches()).toBe(1);
  });
});

test('a branch is found where git has packed it, and a newer one of its own stands above', async () => {
  const mirror = await mirrors().of(remote());
  const file = join(directory(), 'refs', 'heads', 'main');
  execFileSync('git', [`--git-dir=${directory()}`, 'pack-refs', '--all', '--prune']);
  await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
  expect([await mirror.branch('main'), await mirror.branch('ain'), await mirror.branch('other')]).toEqual([
    first,
    null,
    null,
  ]);
  await writeFile(file, `${'a'.repeat(40)}\n`);
  expect(await mirror.branch('main')).toBe('a'.repeat(40));
});

describe('repairs', () => {
  test('a clone that was killed is made again, and what it left is removed', async () => {
    await mkdir(join(directory(), 'objects'), { recursive: true });
    await mkdir(`${directory()}.new-abc`, { recursive: true });
    const mirror = await mirrors().of(remote());
    expect(await mirror.branch('main')).toBe(first);
    expect(await readdir(join(dataDirectory(), 'mirrors', 'github'))).toEqual(['acme%2Fconfig.git']);
  });

  test('a mirror that lost its objects is made again when it is opened', async () => {
    await mirrors().of(remote());
    await rm(join(directory(), 'objects', 'pack'), { recursive: true });
    const mirror = await mirrors().of(remote());
    expect(Buffer.from((await mirror.file(first, 'a.yaml')) ?? []).toString()).toBe('a: 1\n');
    expect(lines.join('\n')).toContain('made anew');
  });

  test('a mirror that breaks while it is open is made again by the next fetch', async () => {
    const mirror = await mirrors().of(remote());
    await rm(join(directory(), 'objects', 'pack'), { recursive: true });
    await mirror.fetch();
    expect(Buffer.from((await mirror.file(first, 'a.yaml')) ?? []).toString()).toBe('a: 1\n');
  });

  test('an old lock file is removed, a fresh one respected', async () => {
    await mirrors().of(remote());
    const lock = join(directory(), 'packed-refs.lock');
    const branchLock = join(directory(), 'refs', 'heads', 'main.lock');
    await mkdir(join(directory(), 'refs', 'heads'), { recursive: true });
    await writeFile(lock, '');
    await writeFile(branchLock, '');
    const old = new Date(Date.now() - 3_600_000);
    await utimes(lock, old, old);
    const mirror = await mirrors().of(remote());
    const names = await readdir(directory(), { recursive: true });
    expect(names.filter((name) => name.endsWith('.lock'))).toEqual(['refs/heads/main.lock']);
    origin.setRef('refs/heads/main', origin.change(first, { 'a.yaml': 'a: 2\n' }));
    expect(await failure(mirror.fetch())).toBeInstanceOf(Unavailable);
    await rm(branchLock);
    await mirror.fetch();
  });

  test('many packs become one, and everything is still there', async () => {
    const mirror = await mirrors().of(remote(async () => secret, origin.directory));
    let tip = first;
    const tree = origin.git(['rev-parse', `${first}^{tree}`]);
    for (let round = 0; round < 51; round += 1) {
      tip = origin.commitTree(tree, { parents: [tip] });
      origin.setRef('refs/heads/main', tip);
      await mirror.fetch();
    }
    // The next fetch begins after the packs were made one.
    await mirror.fetch();
    const packs = (await readdir(join(directory(), 'objects', 'pack'))).filter((name) => name.endsWith('.pack'));
    expect(packs.length).toBeLessThan(10);
    expect(Buffer.from((await mirror.file(tip, 'a.yaml')) ?? []).toString()).toBe('a: 1\n');
    expect((await mirror.file(first, 'large.bin'))?.length).toBe(1024 * 1024 + 1);
    expect(await mirror.log({ from: first, to: tip, paths: [], limit: 100, walk: 'first-parents' })).toHaveLength(51);
  });
});

describe('this machine', () => {
  test('has a git that will do', async () => {
    expect(await checkGit(processes)).toEqual({ kind: 'usable', version: expect.stringMatching(/^\d+\.\d+/) });
  });

  test.each([
    ['git version 2.37.9', 'git 2.37.9 is too old: install git 2.38 or newer from your system’s packages'],
    ['git version 1.99', 'git 1.99 is too old: install git 2.38 or newer from your system’s packages'],
    ['nonsense', 'git does not say its version: install git 2.38 or newer from your system’s packages'],
  ])('with %s is told what to do', async (answer, message) => {
    const old: Processes = {
      ...processes,
      run: async () => ({ kind: 'ended', status: 0, stdout: Buffer.from(answer), stderr: '' }),
    };
    expect(await checkGit(old)).toEqual({ kind: 'unusable', message });
  });

  test('without git is told so, by mirrors too', async () => {
    const none = createProcesses({ path: origin.folder });
    const message = 'git is not installed: install git 2.38 or newer from your system’s packages';
    expect(await checkGit(none)).toEqual({ kind: 'unusable', message });
    const made = createMirrors({ dataDirectory: dataDirectory(), processes: none, log: console as unknown as Log });
    expect((await failure(made.of(remote()))).message).toBe(message);
  });

  test('passes on its proxies and certificate authorities, nothing else', () => {
    const settings = networkSettings({ HTTPS_PROXY: 'http://p', GIT_SSL_CAINFO: '/ca', HOME: '/h', GIT_TRACE: '1' });
    expect(settings).toEqual({ HTTPS_PROXY: 'http://p', GIT_SSL_CAINFO: '/ca' });
  });

  test('keeps mirrors apart, whatever their paths', () => {
    const at = (path: string, forge: 'github' | 'gitlab' = 'github') => mirrorDirectory('/data', { forge, path });
    expect(at('acme/config')).toBe('/data/mirrors/github/acme%2Fconfig.git');
    const all = ['a/b', 'a%2Fb', '..', '../..', 'g/'.repeat(200), `${'g/'.repeat(200)}x`].map((path) => at(path));
    expect(new Set([...all, at('a/b', 'gitlab')]).size).toBe(7);
    for (const path of all) expect(path).toMatch(/^\/data\/mirrors\/github\/[^/]{1,200}\.git$/);
  });
});
