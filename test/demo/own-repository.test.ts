import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProgram, type Program } from '../processes/programs.js';

let directory = '';
const started: Program[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'own-repository-'));
});
afterEach(async () => {
  for (const program of started.splice(0)) await program.end('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', directory, '-c', 'user.name=Zoe', '-c', 'user.email=zoe@example.test', ...args], {
    encoding: 'utf8',
  });

async function commit(files: Readonly<Record<string, string>>): Promise<void> {
  git('init', '--quiet', '--initial-branch=trunk');
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  git('add', '--all');
  git('commit', '--quiet', '--message=Start');
}

const play = (...args: readonly string[]) => {
  const program = startProgram(['demo', '--once', '--json', '--repository', directory, ...args]);
  started.push(program);
  return program;
};

const lastLine = (output: string): unknown => JSON.parse(output.trimEnd().split('\n').at(-1) ?? '');

const pod = (tag: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: shop }\nspec:\n  containers:\n    - { name: shop, image: "registry.test/shop:${tag}" }\n`;

const configuration = `version: 1
layout: { path: "deploy/{env}", app: shop }
environments:
  staging: { merge: manual }
  live: { after: staging, gates: { checks: ["e2e/*"] }, promotion: manual, merge: auto }
images:
  - { image: registry.test/shop, app: shop, into: staging }
policy:
  rules:
    - { name: two of ops, if: { environments: [live] }, require: { approvals: 2, from: { teams: [bigcorp/ops] } } }
    - { name: one of us, require: { approvals: 1, from: { users: [zoe] } } }
commands:
  promote: { live: { users: [yan] } }
`;

const files = {
  '.lockkeeper.yaml': configuration,
  'deploy/staging/pod.yaml': pod('v2.3.4'),
  'deploy/live/pod.yaml': pod('v2.3.4'),
};

describe('demo --repository', () => {
  it.each(['github', 'gitlab'])(
    'plays on a copy, with the people the configuration names (%s)',
    { timeout: 90_000 },
    async (forge) => {
      await commit(files);
      const demo = play('--forge', forge);
      expect(await demo.ended, demo.errors()).toBe(0);
      expect(lastLine(demo.output())).toMatchObject({
        ok: true,
        environments: { staging: 'v2.3.5', live: 'v2.3.5' },
        pullRequests: [
          { kind: 'bump', to: 'staging', merged: true },
          { kind: 'promotion', from: 'staging', to: 'live', merged: true },
        ],
        refused: [{ command: '/promote live', by: 'carol' }],
      });
      expect(git('log', '--format=%s', '--all'), 'the repository itself is left alone').toBe('Start\n');
    },
  );

  it('goes as far as the configuration allows, and says why it stops', { timeout: 90_000 }, async () => {
    await commit({ ...files, '.lockkeeper.yaml': configuration.replace('checks: ["e2e/*"]', 'soak: 24h') });
    const demo = play();
    expect(await demo.ended, demo.errors()).toBe(0);
    expect(lastLine(demo.output())).toMatchObject({
      ok: true,
      environments: { staging: 'v2.3.5', live: 'v2.3.4' },
      stopped: expect.stringMatching(/^live asks that a version stands in staging for a while/),
    });
  });

  it('says every problem of a broken configuration', async () => {
    await commit({
      ...files,
      '.lockkeeper.yaml': configuration.replace('staging }', 'stagin }').replace('version: 1', 'version: 9'),
    });
    const demo = play();
    expect(await demo.ended).toBe(2);
    expect(demo.output()).toBe('');
    expect(demo.errors()).toContain('.lockkeeper.yaml:1:10');
    expect(demo.errors()).toContain('did you mean `staging`?');
  });

  it('says that there is nothing to bump', async () => {
    await commit({ ...files, 'deploy/staging/pod.yaml': pod('v1').replace('shop:', 'other:') });
    const demo = play();
    expect(await demo.ended).toBe(2);
    expect(demo.errors()).toContain('No file of shop in staging names registry.test/shop.');
  });

  it('says that there is no configuration, no repository, no directory', async () => {
    const none = play();
    expect(await none.ended).toBe(2);
    expect(none.errors()).toContain(`${directory} is no git repository.`);
    await commit({ 'README.md': 'Hello\n' });
    const bare = play();
    expect(await bare.ended).toBe(2);
    expect(bare.errors()).toContain('has no .lockkeeper.yaml in the last commit of trunk');
    const nowhere = play('--repository', join(directory, 'nowhere'));
    expect(await nowhere.ended).toBe(2);
    expect(nowhere.errors()).toContain(`There is no directory ${join(directory, 'nowhere')}.`);
  });
});
