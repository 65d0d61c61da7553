import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ControlApi } from '../../src/cli/demo/control-api.js';
import { startProgram, type Program } from '../processes/programs.js';

let directory = '';
const started: Program[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'demo-test-'));
});
afterEach(async () => {
  for (const program of started.splice(0)) await program.end('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

/** Its temporary folders are made in a folder of the test's own, so that leftovers are seen. */
const startDemo = (...args: readonly string[]) => {
  const program = startProgram(['demo', ...args], { TMPDIR: directory });
  started.push(program);
  return program;
};

const leftovers = (): Promise<readonly string[]> => readdir(directory);

/** Each looks for the same ports first. */
const AT_ONCE = ['github', 'gitlab'] as const;

describe('npm run demo -- --once --json', () => {
  it('tells every step in JSON and ends ok, on both forges, with others beside it', { timeout: 120_000 }, async () => {
    const demos = AT_ONCE.map((forge) => ({ forge, demo: startDemo('--forge', forge, '--once', '--json') }));
    for (const { forge, demo } of demos) {
      const status = await demo.ended;
      expect({ status, errors: demo.errors() }).toEqual({ status: 0, errors: '' });
      const events = demo
        .output()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown);
      expect(events.pop()).toEqual(released(forge));
      expect(events).not.toEqual([]);
      for (const event of events) expect(event).toMatchObject({ at: expect.any(Number), event: expect.any(String) });
    }
    expect(await leftovers()).toEqual([]);
  });
});

function released(forge: string): unknown {
  return {
    event: 'done',
    ok: true,
    forge,
    environments: { dev: '1.1.0', test: '1.1.0', prod: '1.1.0' },
    pullRequests: [
      { number: 1, kind: 'bump', from: null, to: 'dev', merged: true },
      { number: 2, kind: 'promotion', from: 'dev', to: 'test', merged: true },
      { number: 3, kind: 'promotion', from: 'test', to: 'prod', merged: true },
    ],
    refused: [
      {
        command: '/promote prod',
        by: 'carol',
        reason: expect.stringMatching(/you are not among those who may.*acme\/release/),
      },
    ],
  };
}

describe('npm run demo', () => {
  it('keeps forge and bot running after the play, and ends both on Ctrl-C', { timeout: 90_000 }, async () => {
    const demo = startDemo();
    await demo.until(/Ctrl-C ends both/);
    const [, forgeUrl = ''] = /A local GitHub runs at (\S+?),/.exec(demo.output()) ?? [];
    const [, botUrl = ''] = /Lockkeeper beside it at (\S+?)\.\n/.exec(demo.output()) ?? [];
    expect(demo.output()).toContain('Done. Git on the forge says: dev 1.1.0, test 1.1.0 and prod 1.1.0.');
    const page = await (await fetch(`${forgeUrl}/acme/config`)).text();
    expect(page).toContain('Promote api 1.0.0 → 1.1.0 to prod');
    expect((await fetch(`${botUrl}/healthz`)).status).toBe(200);
    const control = new ControlApi(forgeUrl, 'acme/config');
    const pushed = await fetch(`${forgeUrl}/_simulator/repositories/acme/config/commits`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        actor: 'alice',
        branch: 'try',
        start: 'main',
        message: 'Try',
        files: { 'try.txt': 'try' },
      }),
    });
    expect(pushed.status).toBe(200);
    const form = new URLSearchParams({ head: 'try', title: 'Try it' });
    const opened = await fetch(`${forgeUrl}/acme/config/open`, { method: 'POST', body: form, redirect: 'manual' });
    expect(opened.headers.get('location')).toBe('/acme/config/pull/4');
    await expect
      .poll(async () => (await control.pullRequests()).at(-1)?.comments.map(({ author }) => author), {
        timeout: 20_000,
      })
      .toEqual(['lockkeeper[bot]']);
    expect(await demo.end('SIGINT')).toBe(0);
    expect(demo.errors()).toBe('');
    expect(await leftovers()).toEqual([]);
    await expect(fetch(forgeUrl)).rejects.toThrow('fetch failed');
    await expect(fetch(botUrl)).rejects.toThrow('fetch failed');
  });
});
