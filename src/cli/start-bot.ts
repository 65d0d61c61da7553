/** The composition root of the running bot: chooses every adapter, starts server and worker, and ends them in order. */
import { createHmac } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { createMirrors, type GitMirrors } from '../adapters/git/create-mirrors.js';
import { createOpa } from '../adapters/opa/create-opa.js';
import { createOpaWasm } from '../adapters/opa-wasm/create-opa-wasm.js';
import { createProcesses } from '../adapters/process/create-processes.js';
import { sandboxed } from '../adapters/sandbox/sandboxed.js';
import { createSealedCache } from '../adapters/sealed/sealed-cache.js';
import type { App } from '../app/app.js';
import { readQueues } from '../app/queue/queue-views.js';
import { readPlanPage } from '../app/plan/plan-page.js';
import { recoverDeliveries, takeUpDelivery } from '../app/intake/take-up-delivery.js';
import { startWorker } from '../app/intake/worker.js';
import type { Clock } from '../ports/clock.js';
import type { Forge } from '../ports/forge.js';
import type { Log } from '../ports/log.js';
import type { Cache } from '../ports/store.js';
import type { WebhookReader } from '../ports/webhooks.js';
import { createServer } from '../server/create-server.js';
import type { ReadinessPart } from '../server/server-options.js';
import { createRenderers } from './create-renderers.js';
import { openStorage } from './open-storage.js';
import type { BotSettings } from './settings.js';
import { startSweeps, type Sweeps } from './start-sweeps.js';
import type { Storage } from './storage.js';

export interface StartOptions {
  readonly settings: BotSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  /** Where programs are looked for. */
  readonly path: string;
  /** Proxies and certificate authorities for git, as `networkSettings` picks them. */
  readonly network?: Readonly<Record<string, string>>;
  /** `none` only against a forge of one's own. */
  readonly pace: 'forge' | 'none';
  /** Absent for all: web takes requests and enqueues what they ask for, workers do it and sweep. */
  readonly role?: BotRole;
}

export type BotRole = 'web' | 'worker' | 'all';

export interface RunningBot {
  /** `http://127.0.0.1:3000` */
  readonly url: string;
  /**
   * Answers what has come in, settles the jobs at hand, and lets go of everything. `given-back`: some jobs took too long; another process
   * will take them up, and this one must end now.
   */
  close(): Promise<'settled' | 'given-back'>;
}

/** How long, in ms, jobs at hand may still take once the bot is to stop: some seconds less than `serve` gives the whole of it. */
const DRAIN_LIMIT = 20_000;

/** Rejects with a sentence for the operator if the store can't be used or the port can't be had. */
export async function startBot(options: StartOptions): Promise<RunningBot> {
  const { settings, role = 'all' } = options;
  const storage = await openStorage({ ...options, purpose: role === 'web' ? 'look' : 'work' });
  const { app, readers, mirrors } = await createAppOrClose(options, storage);
  let sweeps: Sweeps | null = null;
  const readiness: Readiness = async () => [await storage.readiness(), ...((await sweeps?.readiness()) ?? [])];
  const server = createBotServer(options, { app, readers, readiness });
  try {
    await recoverDeliveries(app);
    await server.listen({ host: settings.host, port: settings.port });
  } catch (cause) {
    await server.close();
    await mirrors.close();
    await storage.close();
    throw cause;
  }
  // Only now: what happens on the forge after a sweep has looked must find somebody listening.
  if (role !== 'web') sweeps = startSweeps(app, storage.turns, settings);
  const worker = role === 'web' ? null : startWorker(app, Math.max(4, availableParallelism()));
  return {
    url: urlOf(settings.host, server.server.address()),
    async close() {
      sweeps?.stop();
      // At once: a worker that is to stop takes no further job while the last requests are answered.
      const [ended = 'settled'] = await Promise.all([worker?.stop(DRAIN_LIMIT), server.close()]);
      if (ended === 'settled') await mirrors.close();
      await storage.close();
      return ended;
    },
  };
}

type Readiness = () => Promise<readonly ReadinessPart[]>;

function createBotServer(
  { settings, clock, log, version, role }: StartOptions,
  parts: { readonly app: App; readonly readers: readonly WebhookReader[]; readonly readiness: Readiness },
): FastifyInstance {
  const { app, readers, readiness } = parts;
  return createServer({
    readers,
    inbox: app.inbox,
    clock,
    log,
    bodyLimit: settings.bodyLimit,
    apiToken: settings.apiToken,
    onDelivery: (delivery) => takeUpDelivery(app, delivery),
    readiness,
    version,
    planPage: (request) => readPlanPage(app, request),
    queues: () => readQueues(app),
    buriedJobs: () => app.queue.dead(),
    serves: role === 'worker' ? 'health' : 'all',
  });
}

interface CreatedApp {
  readonly app: App;
  readonly readers: readonly WebhookReader[];
  readonly mirrors: GitMirrors;
}

/** A store that is left open holds its lock, and a connection to Redis keeps the program from ending. */
async function createAppOrClose(options: StartOptions, storage: Storage): Promise<CreatedApp> {
  try {
    return await createApp(options, storage);
  } catch (cause) {
    await storage.close();
    throw cause;
  }
}

async function createApp(options: StartOptions, { queue, inbox, cache, answers }: Storage): Promise<CreatedApp> {
  const { settings, clock, log } = options;
  const processes = createProcesses({ path: options.path });
  const sandbox = sandboxed(processes, { path: options.path, parallel: availableParallelism() });
  const mirrors = createMirrors({
    dataDirectory: settings.dataDirectory,
    processes,
    log,
    ...(options.network === undefined ? {} : { network: options.network }),
  });
  const { forges, readers } = await createForges(options, createSealedCache(answers, settings.markerKey));
  const fingerprint: App['fingerprint'] = (value) =>
    createHmac('sha256', `mask:${settings.markerKey}`).update(value).digest('hex').slice(0, 8);
  const app: App = {
    forges,
    mirrors,
    renderers: {
      all: createRenderers({ processes: sandbox, fingerprint, settings: settings.rendering }),
      parallel: availableParallelism(),
      sandbox: () => sandbox.describe(),
    },
    queue,
    inbox,
    cache: createSealedCache(cache, settings.markerKey),
    clock,
    log,
    rego: createOpa({ processes: sandbox }),
    compiledRego: createOpaWasm({ processes, node: process.execPath }),
    sign: (text) => createHmac('sha256', settings.markerKey).update(text).digest('base64url'),
    fingerprint,
    ...(settings.policyRepository === undefined ? {} : { policyRepository: settings.policyRepository }),
    ...planPagesOf(settings),
  };
  return { app, readers, mirrors };
}

/** The key is derived, so that nothing else that is signed with the marker key opens a page. */
function planPagesOf({ publicUrl, markerKey }: BotSettings): Pick<App, 'planPages'> {
  if (publicUrl === null) return {};
  const key = createHmac('sha256', markerKey).update('plan pages').digest();
  return { planPages: { url: publicUrl, sign: (path) => createHmac('sha256', key).update(path).digest('base64url') } };
}

/** The clients of a forge that is not set are not loaded: they take longer than the rest of the start. */
async function createForges(
  { settings, clock, log, pace }: StartOptions,
  answers: Cache,
): Promise<{ forges: App['forges']; readers: readonly WebhookReader[] }> {
  const forges: { github?: Forge; gitlab?: Forge } = {};
  const readers: WebhookReader[] = [];
  if (settings.github !== null) {
    const { apiUrl, ...github } = settings.github;
    const { createGithub } = await import('../adapters/github/create-github.js');
    const { forge, reader } = await createGithub({
      ...github,
      ...(apiUrl === null ? {} : { apiUrl }),
      pace,
      answers,
      log,
    });
    forges.github = forge;
    readers.push(reader);
  }
  if (settings.gitlab !== null) {
    const { createGitlab } = await import('../adapters/gitlab/create-gitlab.js');
    const { forge, reader } = await createGitlab({ ...settings.gitlab, answers, clock, log });
    forges.gitlab = forge;
    readers.push(reader);
  }
  return { forges, readers };
}

function urlOf(host: string, address: AddressInfo | string | null): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
