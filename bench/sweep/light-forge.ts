/**
 * A GitHub of many repositories in a process of its own: it answers listings as GitHub does (pages, links, weak ETags that are made of the
 * token too), out of one pull request that the simulated forge showed once.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { demoSeed } from '../../src/simulator/demo-seed.js';
import { startSimulator } from '../../src/simulator/start-simulator.js';

export interface LightForgeOrder {
  readonly repositories: number;
  readonly pullRequests: number;
}

/** What is asked of it over the channel. */
export type LightForgeAsk =
  | { readonly kind: 'count' }
  /** Somebody comments on the first pull request of each of the first so many repositories. */
  | { readonly kind: 'touch'; readonly repositories: number };

export interface LightForgeCount {
  readonly requests: number;
  readonly notModified: number;
  /** That it has no answer to. */
  readonly unknown: number;
}

const PAGE = 100;
/** Long settled, so that nothing is looked at twice for being new. */
const TOUCHED = '2026-01-05T09:00:00Z';

process.once('message', (order: LightForgeOrder) => void start(order));

async function start(order: LightForgeOrder): Promise<void> {
  const forge = new LightForge(order, await templateOf());
  const server = createServer((request, response) => forge.answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  process.on('message', (ask: LightForgeAsk) => {
    if (ask.kind === 'touch') forge.touch(ask.repositories);
    process.send?.(forge.take());
  });
  process.once('disconnect', () => process.exit(0));
  process.send?.({ apiUrl: `http://127.0.0.1:${port}` });
}

interface Template {
  /** JSON of one of the listing. */
  readonly pullRequest: string;
  readonly repository: string;
  /** The times in them that are replaced. */
  readonly updatedAt: string;
  readonly pushedAt: string;
}

/** As the simulated forge shows them, whose shapes are checked against GitHub's own descriptions. */
async function templateOf(): Promise<Template> {
  const simulator = await startSimulator({ forge: 'github', seed: demoSeed('github', {}) });
  try {
    const repository = 'acme/config';
    await simulator.forge.commits.commit({
      repository,
      actor: 'alice',
      branch: 'work',
      start: 'main',
      message: 'Change a file',
      actions: [{ kind: 'put', path: 'work.txt', content: Buffer.from('work\n') }],
    });
    const request = { title: 'Change a file', body: 'As agreed.', headBranch: 'work', baseBranch: 'main' };
    await simulator.forge.pullRequests.open({ repository, actor: 'alice', ...request });
    const headers = { authorization: 'Bearer alice-token' };
    const get = async (path: string) => (await fetch(`${simulator.apiUrl}${path}`, { headers })).json();
    const [pull] = (await get(`/repos/${repository}/pulls`)) as {
      updated_at: string;
      base: { repo: { pushed_at: string } };
    }[];
    if (pull === undefined) throw new Error('The simulated forge lists no pull request');
    return {
      pullRequest: JSON.stringify(pull),
      repository: JSON.stringify(await get(`/repos/${repository}`)),
      updatedAt: pull.updated_at,
      pushedAt: pull.base.repo.pushed_at,
    };
  } finally {
    await simulator.close();
  }
}

class LightForge {
  #requests = 0;
  #notModified = 0;
  #unknown = 0;
  #touched = 0;

  constructor(
    private readonly order: LightForgeOrder,
    private readonly template: Template,
  ) {}

  touch(repositories: number): void {
    this.#touched = repositories;
  }

  /** Since the last time. */
  take(): LightForgeCount {
    const count = { requests: this.#requests, notModified: this.#notModified, unknown: this.#unknown };
    [this.#requests, this.#notModified, this.#unknown] = [0, 0, 0];
    return count;
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    this.#requests += 1;
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? ''}`);
    const found = request.method === 'GET' ? this.#find(url) : null;
    if (found === null) {
      this.#unknown += 1;
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"Not Found"}');
      return;
    }
    const who = request.headers.authorization ?? '';
    const etag = `W/"${createHash('sha256').update(who).update(found.body).digest('hex')}"`;
    if (request.headers['if-none-match'] === etag) {
      this.#notModified += 1;
      response.writeHead(304, { etag }).end();
      return;
    }
    const link = found.next === null ? {} : { link: `<${found.next}>; rel="next"` };
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', etag, ...link }).end(found.body);
  }

  #find(url: URL): { readonly body: string; readonly next: string | null } | null {
    if (url.pathname === '/user') return { body: '{"login":"lockkeeper","type":"User"}', next: null };
    if (url.pathname === '/user/repos') return this.#repositories(url);
    const index = /^\/repos\/acme\/config-(\d+)\/pulls$/.exec(url.pathname)?.[1];
    return index === undefined ? null : { body: this.#pullRequests(Number(index)), next: null };
  }

  #repositories(url: URL): { readonly body: string; readonly next: string | null } {
    const page = Number(url.searchParams.get('page') ?? '1');
    const [first, end] = [(page - 1) * PAGE, Math.min(page * PAGE, this.order.repositories)];
    const shown = Array.from({ length: end - first }, (_, at) => this.#named(this.template.repository, first + at));
    const next = new URL(url);
    next.searchParams.set('page', String(page + 1));
    return { body: `[${shown.join(',')}]`, next: end < this.order.repositories ? next.href : null };
  }

  #pullRequests(index: number): string {
    const { pullRequest, updatedAt } = this.template;
    const named = this.#named(pullRequest, index);
    const shown = Array.from({ length: this.order.pullRequests }, (_, at) => {
      const touched = at === 0 && index < this.#touched ? '2026-01-05T09:00:01Z' : TOUCHED;
      return named
        .replace(/"number":1,/, `"number":${at + 1},`)
        .replaceAll(`"updated_at":"${updatedAt}"`, `"updated_at":"${touched}"`);
    });
    return `[${shown.join(',')}]`;
  }

  #named(json: string, index: number): string {
    return json
      .replaceAll('acme/config', `acme/config-${index}`)
      .replaceAll(`"pushed_at":"${this.template.pushedAt}"`, `"pushed_at":"${TOUCHED}"`);
  }
}
