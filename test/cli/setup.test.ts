// The set-up page, served to a browser on this machine, with a GitHub of the test's own that turns the code into an App.
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withEnvFile } from '../../src/cli/env-file.js';
import { readSettings } from '../../src/cli/settings.js';
import { startProgram, type Program } from '../processes/programs.js';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

describe('lockkeeper setup', () => {
  let home = '';
  let program: Program | null = null;
  let github: Server | null = null;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'setup-'));
  });
  afterEach(async () => {
    await program?.end('SIGKILL');
    github?.closeAllConnections();
    github?.close();
    program = github = null;
    rmSync(home, { recursive: true, force: true });
  });

  function start(environment: Readonly<Record<string, string>> = {}, args: readonly string[] = []): Program {
    program = startProgram(
      ['setup', '--url', 'https://bot.acme.test/', '--port', '0', ...args],
      { HOME: home, ...environment },
      home,
    );
    return program;
  }

  async function pageOf(running: Program): Promise<string> {
    const [, page = ''] = await running.until(/Open (http:\/\/127\.0\.0\.1:\d+\/probot) /);
    return page;
  }

  /** Answers the one request that makes an App of a code. */
  async function startGithub(): Promise<string> {
    github = createServer((request, response) => {
      const known = request.method === 'POST' && request.url === '/api/v3/app-manifests/the-code/conversions';
      response.writeHead(known ? 201 : 404, { 'content-type': 'application/json' });
      const app = {
        id: 42,
        client_id: 'Iv1.x',
        client_secret: 'client-secret',
        webhook_secret: 'hush',
        pem: privateKey,
      };
      response.end(JSON.stringify(known ? { ...app, html_url: 'https://github.test/apps/lockkeeper' } : {}));
    });
    await new Promise<void>((resolve) => github?.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(github.address() as AddressInfo).port}`;
  }

  test('serves a page whose manifest has the address, the permissions and the events of app.yml', async () => {
    const running = start({ GHE_HOST: 'git.acme.test', NODE_ENV: 'production' }, ['--organisation', 'acme']);
    const html = await (await fetch(await pageOf(running))).text();
    expect(html).toContain('action="https://git.acme.test/organizations/acme/settings/apps/new"');
    const manifest = JSON.parse(/value='([^']+)'/.exec(html)?.[1] ?? '{}') as object;
    expect(manifest).toMatchObject({
      name: 'lockkeeper',
      public: false,
      url: 'https://bot.acme.test/',
      hook_attributes: { url: 'https://bot.acme.test/api/github/webhooks' },
      redirect_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/probot\/setup$/),
      default_permissions: { metadata: 'read', contents: 'write', checks: 'write', members: 'read' },
      default_events: expect.arrayContaining(['pull_request', 'issue_comment', 'push', 'check_run']),
    });
    expect(await running.end('SIGTERM')).toBe(0);
  });

  test('writes what GitHub gives to .env, once, as serve reads it', async () => {
    writeFileSync(join(home, '.env'), '# mine\nLOG_LEVEL=debug');
    const running = start({ GHE_HOST: await startGithub(), GHE_PROTOCOL: 'http' });
    const page = await pageOf(running);
    const answer = await fetch(`${page}/setup?code=the-code`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([
      302,
      'https://github.test/apps/lockkeeper/installations/new',
    ]);
    const written = readFileSync(join(home, '.env'), 'utf8');
    expect(written).toMatch(
      /^# mine\nLOG_LEVEL=debug\nAPP_ID=42\nPRIVATE_KEY=-----BEGIN PRIVATE KEY-----\\n[^"]*\nWEBHOOK_SECRET=hush\n/,
    );
    expect(written).not.toContain('client-secret');
    expect(running.output()).not.toContain('PRIVATE KEY-----');
    expect(readSettings(withEnvFile({}, home), () => null)).toMatchObject({
      kind: 'valid',
      settings: { github: { auth: { appId: 42, privateKey }, webhookSecret: 'hush' }, logLevel: 'debug' },
    });
    const imported = { appId: '43', pem: privateKey, webhook_secret: 'other' };
    const again = await fetch(`${page}/import`, { method: 'POST', body: JSON.stringify(imported) });
    expect(again.status).toBe(500);
    expect(readFileSync(join(home, '.env'), 'utf8')).toBe(written);
  });

  test('makes a file that only its owner can read', async () => {
    const running = start({ GHE_HOST: await startGithub(), GHE_PROTOCOL: 'http' });
    await fetch(`${await pageOf(running)}/setup?code=the-code`, { redirect: 'manual' });
    expect(statSync(join(home, '.env')).mode & 0o077).toBe(0);
  });

  test('refuses where there is an App already', async () => {
    writeFileSync(join(home, '.env'), 'APP_ID=1\n');
    const running = start();
    expect(await running.ended).toBe(2);
    expect(running.errors()).toContain('APP_ID is set already');
  });
});
