/** A simulated GitLab over HTTP with one project, its people, a webhook receiver, and clients for them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Gitlab } from '@gitbeaker/rest';
import fastify from 'fastify';
import { Deliveries } from '../../src/simulator/delivery/deliveries.js';
import { Forge } from '../../src/simulator/forge/forge.js';
import type { NewProtection } from '../../src/simulator/forge/protections.js';
import type { RepositorySettings } from '../../src/simulator/forge/state.js';
import { registerGitlab } from '../../src/simulator/gitlab/register-gitlab.js';
import { plantSeed } from '../../src/simulator/seed.js';

export const project = 'acme/config';
export const secretToken = 'hook secret';
export const signingToken = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export interface ReceivedHook {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface GitlabUnderTest {
  readonly url: string;
  readonly forge: Forge;
  readonly deliveries: Deliveries;
  readonly hooks: readonly ReceivedHook[];
  readonly client: (login: string) => InstanceType<typeof Gitlab<false>>;
  /** A request without a client, to see statuses and bodies as they are. */
  readonly call: (login: string, request: string, body?: unknown) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

export interface GitlabSetting {
  readonly settings?: Partial<RepositorySettings>;
  readonly protections?: readonly NewProtection[];
  readonly signed?: boolean;
}

const files = {
  'README.md': 'Read me\n',
  'apps/api/envs/dev/values.yaml': 'image:\n  tag: 1.0.0\n',
  'apps/api/envs/prod/values.yaml': 'image:\n  tag: 0.9.0\n',
};

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function receiver(hooks: ReceivedHook[]): Server {
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      hooks.push({ headers: request.headers, text, body: JSON.parse(text) as ReceivedHook['body'] });
      response.writeHead(200).end('ok');
    });
  });
}

/** A clock that moves on by one second whenever it is read, so that nothing happens at the same time. */
function tickingClock(): () => Date {
  let time = Date.parse('2026-03-02T09:00:00Z');
  return () => {
    time += 1000;
    return new Date(time);
  };
}

function seedFor(hookUrl: string, setting: GitlabSetting) {
  const secret = setting.signed === true ? { signingToken } : { secret: secretToken };
  return {
    users: ['alice', 'bob', 'carol', 'dave', 'eve', 'bot'].map((login) => ({
      login,
      name: login.charAt(0).toUpperCase() + login.slice(1),
    })),
    organisations: [
      { login: 'acme', owners: ['carol'], members: ['alice', 'bob', 'dave'], teams: { sre: ['alice', 'bob'] } },
    ],
    repositories: [
      {
        name: project,
        private: true,
        files,
        collaborators: { alice: 'write', bob: 'write', carol: 'admin', dave: 'read', bot: 'maintain' } as const,
        protections: setting.protections ?? [{ pattern: 'main', push: 'nobody' as const, merge: 'write' as const }],
        ...(setting.settings === undefined ? {} : { settings: setting.settings }),
        webhooks: [{ url: hookUrl, ...secret }],
      },
    ],
  };
}

async function callOnce(url: string, login: string, request: string, body?: unknown): Promise<Answer> {
  const [method = 'GET', path = ''] = request.split(' ');
  const token: Record<string, string> = login === '' ? {} : { 'private-token': `${login}-token` };
  const answer = await fetch(`${url}/api/v4${path}`, {
    method,
    headers: { ...token, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') === true;
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
}

export async function startGitlab(setting: GitlabSetting = {}): Promise<GitlabUnderTest> {
  const hooks: ReceivedHook[] = [];
  const receiving = receiver(hooks);
  const hookUrl = `http://127.0.0.1:${await listen(receiving)}/hooks`;
  const dataDirectory = await mkdtemp(join(tmpdir(), 'gitlab-test-'));
  const now = tickingClock();
  const forge = new Forge({ dialect: 'gitlab', now, dataDirectory });
  const deliveries = new Deliveries({ mode: 'stepped', now });
  const server = fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 4096 } });
  let url = '';
  await registerGitlab(server, { forge, deliveries, url: () => url });
  url = await server.listen({ host: '127.0.0.1', port: 0 });
  await plantSeed(forge, seedFor(hookUrl, setting));
  return {
    url,
    forge,
    deliveries,
    hooks,
    client: (login) => new Gitlab({ host: url, token: `${login}-token` }),
    call: (login, request, body) => callOnce(url, login, request, body),
    close: async () => {
      await deliveries.close();
      await server.close();
      receiving.closeAllConnections();
      await new Promise((resolve) => receiving.close(resolve));
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

export const api = `/projects/${encodeURIComponent(project)}`;

/** A branch with one changed file, and a merge request for it into main. */
export async function openMergeRequest(
  gitlab: GitlabUnderTest,
  wish: { readonly branch?: string; readonly file?: string; readonly content?: string; readonly author?: string } = {},
): Promise<{ readonly iid: number; readonly sha: string; readonly branch: string }> {
  const branch = wish.branch ?? 'bump/api';
  const client = gitlab.client(wish.author ?? 'alice');
  const commit = await client.Commits.create(
    project,
    branch,
    'Bump api to 1.1.0',
    [
      {
        action: 'update',
        filePath: wish.file ?? 'apps/api/envs/dev/values.yaml',
        content: wish.content ?? 'image:\n  tag: 1.1.0\n',
      },
    ],
    { startBranch: 'main' },
  );
  const opened = await client.MergeRequests.create(project, branch, 'main', 'Bump api to 1.1.0', {
    description: 'Because **1.1.0** is out.\n',
  });
  return { iid: opened.iid, sha: commit.id, branch };
}
