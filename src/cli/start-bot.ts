/** The composition root of the running bot: chooses every adapter, starts server and worker, and ends them in order. */
import { availableParallelism } from 'node:os';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { App } from '../app/app.js';
import { readQueues } from '../app/queue/queue-views.js';
import { readPlanPage } from '../app/plan/plan-page.js';
import { recoverDeliveries, takeInDelivery } from '../app/intake/take-up-delivery.js';
import { startWorker } from '../app/intake/worker.js';
import type { WebhookReader } from '../ports/webhooks.js';
import { createServer } from '../server/create-server.js';
import type { ReadinessPart, ServedMetrics } from '../server/server-options.js';
import { createApp, type AppOptions, type CreatedApp } from './create-app.js';
import { openStorage } from './open-storage.js';
import { createMetrics, metricsReader } from './start-metrics.js';
import { startSweeps, type Sweeps } from './start-sweeps.js';
import type { Storage } from './storage.js';
import { warnWithoutSandbox } from './warn-without-sandbox.js';

interface StartOptions extends AppOptions {
  readonly version: string;
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
  const metrics = createMetrics(options);
  const storage = await openStorage({ ...options, purpose: role === 'web' ? 'look' : 'work' });
  const { app, readers, mirrors } = await createAppOrClose({ ...options, metrics }, storage);
  let sweeps: Sweeps | null = null;
  const readiness: Readiness = async () => [await storage.readiness(), ...((await sweeps?.readiness()) ?? [])];
  const server = createBotServer(options, {
    app,
    readers,
    readiness,
    metrics: {
      webhookTaken: (source, outcome) => metrics.webhookTaken(source, outcome),
      page: metricsReader(app, metrics, storage),
    },
  });
  try {
    if (role !== 'web') await warnWithoutSandbox(app);
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
  parts: {
    readonly app: App;
    readonly readers: readonly WebhookReader[];
    readonly readiness: Readiness;
    readonly metrics: ServedMetrics;
  },
): FastifyInstance {
  const { app, readers, readiness, metrics } = parts;
  return createServer({
    readers,
    inbox: app.inbox,
    clock,
    log,
    bodyLimit: settings.bodyLimit,
    apiToken: settings.apiToken,
    takeIn: (delivery) => takeInDelivery(app, delivery),
    readiness,
    metrics,
    version,
    planPage: (request) => readPlanPage(app, request),
    queues: () => readQueues(app),
    buriedJobs: () => app.queue.dead(),
    serves: role === 'worker' ? 'health' : 'all',
  });
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

function urlOf(host: string, address: AddressInfo | string | null): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
