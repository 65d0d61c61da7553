/** Starts a simulated forge on the loopback interface: state, git over HTTP, one REST dialect, webhooks, pages, control API. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { registerControl } from './control/register-control.js';
import { Deliveries } from './delivery/deliveries.js';
import type { SendPost } from './delivery/post.js';
import { demoSeed } from './demo-seed.js';
import type { Dialect, DialectContext } from './dialect.js';
import { HttpFaults } from './faults/http-faults.js';
import { Forge } from './forge/forge.js';
import { registerGitHttp } from './git/git-http-backend.js';
import { openGithub } from './github/register-github.js';
import { openGitlab } from './gitlab/register-gitlab.js';
import type { InnerAnswer, InnerRequest } from './inner-request.js';
import { registerPages } from './pages/register-pages.js';
import type { Seed } from './seed.js';
import { plantSeed } from './seed.js';

interface SimulatorOptions {
  readonly forge: 'github' | 'gitlab';
  /** 0 or not given: a free port. */
  readonly port?: number;
  /** Git repositories are kept here; not given: in a temporary folder that `close` removes. */
  readonly dataDirectory?: string;
  /** The demo's when not given. */
  readonly seed?: Seed;
  /** The machine's clock when not given. */
  readonly clock?: () => Date;
  /** `automatic` when not given. */
  readonly deliver?: 'automatic' | 'stepped';
  /** One line for each request answered; silent when not given. */
  readonly log?: (line: string) => void;
  /**
   * For simulations in one process: it listens nowhere, is asked through `answer` under this address (`http://forge.test`), and hands
   * webhooks to `post`.
   */
  readonly within?: { readonly address: string; readonly post: SendPost };
}

export interface Simulator {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** What a client takes as its base URL: `…/api/v3` (GitHub) or `…/api/v4` (GitLab's API; its clients take `url`). */
  readonly apiUrl: string;
  readonly forge: Forge;
  readonly deliveries: Deliveries;
  readonly faults: HttpFaults;
  /** The API answers as over HTTP, without a connection; nothing else is reached so, and faults strike only what comes over HTTP. */
  answer(request: InnerRequest): Promise<InnerAnswer>;
  /** Stops sending webhooks, cuts connections, removes the temporary folder. */
  close(): Promise<void>;
}

export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const now = options.clock ?? (() => new Date());
  const { dataDirectory, removeIt } = await takeFolder(options);
  const forge = new Forge({ dialect: options.forge, now, dataDirectory });
  const deliveries = createOutbox(options, now);
  const faults = new HttpFaults();
  let url = options.within?.address ?? '';
  const context: DialectContext = { forge, deliveries, url: () => url };
  const api = (forge.dialect === 'github' ? openGithub : openGitlab)(context);
  const server = options.within === undefined ? createServer() : null;
  const close = async (): Promise<void> => {
    await deliveries.close();
    await server?.close();
    await removeIt();
  };
  try {
    if (server !== null) {
      await registerEverything(server, context, { api, faults, log: options.log });
      url = await server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
    }
    await plantSeed(forge, options.seed ?? demoSeed(options.forge));
  } catch (cause) {
    await close();
    throw cause;
  }
  return {
    url,
    apiUrl: `${url}${options.forge === 'github' ? '/api/v3' : '/api/v4'}`,
    forge,
    deliveries,
    faults,
    answer: (request) => api.answer(request),
    close,
  };
}

/** Where repositories are kept; what was made for them goes with them. */
async function takeFolder({ dataDirectory }: SimulatorOptions): Promise<{
  readonly dataDirectory: string;
  removeIt(): Promise<void>;
}> {
  if (dataDirectory === undefined) {
    const made = await mkdtemp(join(tmpdir(), 'forge-'));
    return { dataDirectory: made, removeIt: () => rm(made, { recursive: true, force: true }) };
  }
  await mkdir(dataDirectory, { recursive: true });
  return { dataDirectory, removeIt: async () => undefined };
}

function createOutbox({ deliver, within }: SimulatorOptions, now: () => Date): Deliveries {
  return new Deliveries({ mode: deliver ?? 'automatic', now, ...(within === undefined ? {} : { post: within.post }) });
}

function createServer(): FastifyInstance {
  return fastify({
    forceCloseConnections: true,
    bodyLimit: 100 * 1024 * 1024,
    routerOptions: { maxParamLength: 4096 },
  });
}

async function registerEverything(
  server: FastifyInstance,
  context: DialectContext,
  extras: { readonly api: Dialect; readonly faults: HttpFaults; readonly log: SimulatorOptions['log'] },
): Promise<void> {
  const { api, faults, log } = extras;
  if (log !== undefined) {
    server.addHook('onResponse', async (request, reply) => log(`${request.method} ${request.url} ${reply.statusCode}`));
  }
  faults.register(server);
  await registerGitHttp(server, context.forge);
  await registerControl(server, { ...context, faults });
  await api.register(server);
  await registerPages(server, context);
}
