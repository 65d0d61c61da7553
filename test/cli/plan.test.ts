// `lockkeeper plan` as people run it, in repositories of every shape that git makes.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { startProgram, type Program } from '../processes/programs.js';

let root = '';
let repository = '';
/** A repository that each test has a copy of: git is started eight times to make it. */
let template = '';
const started: Program[] = [];

const git = (...words: readonly string[]): string =>
  execFileSync(
    'git',
    ['-c', 'user.name=a', '-c', 'user.email=a@acme.test', '-c', 'protocol.file.allow=always', ...words],
    {
      cwd: repository,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  ).trim();

function write(path: string, text: string): void {
  mkdirSync(dirname(join(repository, path)), { recursive: true });
  writeFileSync(join(repository, path), text);
}

function commit(message: string): void {
  git('add', '--all');
  git('commit', '-qm', message);
}

const settings = (level: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: api\ndata:\n  LOG_LEVEL: ${level}\n`;
const DEV = 'apps/api/envs/dev/settings.yaml';
const PROD = 'apps/api/envs/prod/settings.yaml';

async function plan(
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ status: unknown; output: string; errors: string }> {
  const program = startProgram(['plan', '--repository', repository, ...args], environment);
  started.push(program);
  const status = await program.ended;
  return { status, output: program.output(), errors: program.errors() };
}

beforeAll(() => {
  template = mkdtempSync(join(tmpdir(), 'plan-template-'));
  repository = template;
  git('init', '-q', '-b', 'main');
  write(
    '.lockkeeper.yaml',
    'version: 1\nlayout: { path: "apps/{app}/envs/{env}" }\nenvironments: { dev: {}, prod: { after: dev } }\n',
  );
  write(DEV, settings('debug'));
  write(PROD, settings('warn'));
  commit('Begin');
  git('tag', 'v1');
  git('checkout', '-qb', 'feature');
  write(DEV, settings('info'));
  write(PROD, settings('error'));
  commit('Log otherwise');
});
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plan-command-'));
  repository = join(root, 'repository');
  cpSync(template, repository, { recursive: true });
});
afterAll(() => rmSync(template, { recursive: true, force: true }));
afterEach(async () => {
  for (const program of started.splice(0)) await program.end('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

const CHANGED = { status: 0, output: expect.stringContaining('+  LOG_LEVEL: info'), errors: '' };

it('plans HEAD into the default branch, with the status that was asked for', { timeout: 60_000 }, async () => {
  expect(await plan()).toEqual(CHANGED);
  expect(await plan(['--exit-code'])).toEqual({ ...CHANGED, status: 2 });
  expect(await plan(['--exit-code', '--base', 'feature'])).toMatchObject({ status: 0, output: 'Nothing changes.\n' });
});

describe('finds its commits', { timeout: 60_000 }, () => {
  it.each(['main', 'v1', 'HEAD~1'])('with the base %s', async (base) => {
    expect(await plan(['--base', base])).toEqual(CHANGED);
  });

  it('with a detached HEAD', async () => {
    git('checkout', '-q', '--detach');
    expect(await plan()).toEqual(CHANGED);
  });

  it('in a bare repository, which has no work tree', async () => {
    git('clone', '-q', '--bare', '.', '../bare.git');
    repository = join(root, 'bare.git');
    expect(await plan(['--head', 'feature', '--base', 'main'])).toEqual(CHANGED);
    const { status, errors } = await plan(['--worktree', '--base', 'main']);
    expect([status, errors]).toEqual([1, expect.stringContaining('has no work tree: leave out --worktree')]);
  });

  it('in a work tree of its own, with what is not committed yet', async () => {
    git('worktree', 'add', '-q', '../beside', 'main');
    repository = join(root, 'beside');
    write(DEV, settings('info'));
    expect(await plan(['--worktree', '--base', 'v1'])).toEqual(CHANGED);
    expect(git('status', '--porcelain')).toBe(`M ${DEV}`);
  });

  it('in a shallow clone, or says what to fetch', async () => {
    const origin = `file://${repository}`;
    git('clone', '-q', '--depth', '1', '--branch', 'feature', origin, '../shallow');
    repository = join(root, 'shallow');
    const alone = await plan(['--base', 'main']);
    expect([alone.status, alone.errors]).toEqual([1, expect.stringContaining('git fetch origin main')]);
    git('fetch', '-q', '--depth', '1', 'origin', 'main:refs/remotes/origin/main');
    const apart = await plan(['--base', 'origin/main']);
    expect([apart.status, apart.errors]).toEqual([1, expect.stringContaining('git fetch --unshallow')]);
    git('fetch', '-q', '--unshallow', 'origin', 'feature');
    expect(await plan(['--base', 'origin/main'])).toEqual(CHANGED);
  });

  it('with a submodule beside the targets', async () => {
    const origin = `file://${repository}`;
    git('submodule', '--quiet', 'add', origin, 'vendor/module');
    commit('Vendor');
    expect(await plan()).toMatchObject({ status: 0, output: expect.stringContaining('+  LOG_LEVEL: info') });
  });

  test.each([
    ['GITHUB_BASE_REF', ''],
    ['CI_MERGE_REQUEST_TARGET_BRANCH_NAME', ''],
  ])('by %s in CI, of which there is only the remote branch', async (name) => {
    git('branch', '-q', '-m', 'main', 'trunk');
    git('clone', '-q', '--branch', 'feature', '.', '../ci');
    repository = join(root, 'ci');
    expect(await plan([], { [name]: 'trunk' })).toEqual(CHANGED);
    const { status, errors } = await plan([], { [name]: 'gone' });
    expect([status, errors]).toEqual([1, expect.stringContaining('git fetch origin gone')]);
  });

  it('says when there are none', async () => {
    repository = join(root, 'empty');
    mkdirSync(repository);
    expect(await plan()).toMatchObject({ status: 1, errors: expect.stringContaining('is no git repository') });
    git('init', '-q');
    expect(await plan()).toMatchObject({ status: 1, errors: expect.stringContaining('has no commits yet') });
  });
});

it('writes to a file, or says why not', { timeout: 60_000 }, async () => {
  const file = join(root, 'plan.html');
  expect(await plan(['--format', 'html', '--output', file])).toEqual({ status: 0, output: '', errors: '' });
  expect(readFileSync(file, 'utf8')).toContain('<!doctype html>');
  const { status, errors } = await plan(['--output', join(root, 'missing', 'plan.md')]);
  expect([status, errors]).toEqual([1, expect.stringContaining('plan.md can’t be written')]);
});

it('plans one target, and says that there are others', { timeout: 60_000 }, async () => {
  const one = await plan(['--target', 'api/prod']);
  expect(one.output).toContain('+  LOG_LEVEL: error');
  expect(one.output).not.toContain('LOG_LEVEL: info');
  expect(one.output).toContain('left out by --target: api/dev');
  const none = await plan(['--target', 'api/test', '--exit-code']);
  expect([none.status, none.errors]).toEqual([1, 'There is no target api/test. Targets: api/dev, api/prod.\n']);
  const unnamed = await plan(['--target', 'api']);
  expect([unnamed.status, unnamed.errors]).toEqual([
    1,
    'There is no target api. A target is named APP/ENV. Targets: api/dev, api/prod.\n',
  ]);
});

it('plans a repository without configuration by a layout', { timeout: 60_000 }, async () => {
  git('checkout', '-q', 'main');
  git('rm', '-q', '.lockkeeper.yaml');
  commit('Unconfigure');
  git('checkout', '-q', 'feature');
  git('rm', '-q', '.lockkeeper.yaml');
  commit('Unconfigure');
  expect(await plan()).toMatchObject({ status: 1, errors: expect.stringContaining('--layout') });
  const unnamed = await plan(['--layout', 'apps/{env}']);
  expect(unnamed).toMatchObject({ status: 1, errors: expect.stringContaining('say whose it is with --app NAME') });
  expect(await plan(['--layout', 'apps/{app}/envs/{env}'])).toEqual(CHANGED);
});

it('says the same in every format', { timeout: 60_000 }, async () => {
  const outputs = await Promise.all(
    ['markdown', 'json', 'diff', 'html'].map(async (format) => (await plan(['--format', format])).output),
  );
  for (const output of outputs)
    for (const word of ['LOG_LEVEL: info', 'LOG_LEVEL: error']) expect(output).toContain(word);
  const { digest } = JSON.parse(outputs[1] ?? '') as { digest: string };
  expect(outputs[3]).toContain(digest.slice(0, 12));
});

test('a command of the server’s own renders here as it does there, and settings that are wrong are named', async () => {
  write(
    '.lockkeeper.yaml',
    'version: 1\nlayout: { path: "apps/{app}/envs/{env}" }\nenvironments: { dev: {}, prod: { after: dev } }\nrender: { command: shown }\n',
  );
  commit('Render by a command');
  write(DEV, settings('error'));
  commit('Say less');
  const refused = await plan(['--base', 'HEAD~1']);
  expect([refused.status, refused.output]).toEqual([1, expect.stringContaining('shown')]);
  const environment = { LOCKKEEPER_RENDER_COMMANDS: '{"shown": ["cat", "{directory}/settings.yaml"]}' };
  const rendered = await plan(['--base', 'HEAD~1'], environment);
  expect([rendered.status, rendered.output]).toEqual([0, expect.stringContaining('LOG_LEVEL')]);
  const wrong = await plan(['--base', 'HEAD~1'], { LOCKKEEPER_RENDER_COMMANDS: 'nowhere.json' });
  expect([wrong.status, wrong.errors]).toEqual([1, expect.stringContaining('nowhere.json, which can’t be read')]);
});
