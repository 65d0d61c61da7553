/** How fast webhooks are taken: by the bot with SQLite, with Redis, and by a bare Probot app that keeps nothing, in one run. */
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { NOTHING_MORE } from '../../src/cli/create-renderers.js';
import type { BotSettings } from '../../src/cli/settings.js';
import { generateAppKeys } from '../../src/cli/simulator/generate-app-keys.js';
import { startChild, stopChild } from '../child.js';
import { APP_ID, type ForgeOrder } from '../plan/forge-process.js';
import { startRedis } from '../redis.js';
import type { ProbotOrder } from './probot-process.js';
import { askProcessorTime } from './processor-time.js';
import { sendDeliveries, type Sent } from './send-deliveries.js';

interface Rate extends Sent {
  /** What taking one took of the processors, in µs: of the process that takes them, in all its threads. */
  readonly processorTime: number;
}

export interface IngestFigures {
  readonly deliveries: number;
  readonly connections: number;
  readonly cores: number;
  /** Every answered delivery is on the disk: each commit is flushed. */
  readonly sqlite: Rate;
  /** With its append-only file, flushed every second. Null where there is no redis-server. */
  readonly redis: Rate | null;
  /** Keeps nothing. */
  readonly probot: Rate;
  readonly ratios: Readonly<Record<string, number>>;
  readonly aims: Readonly<Record<string, 'met' | 'missed'>>;
}

const SECRET = 'webhook-secret-of-the-bench';
const CONNECTIONS = 32;

export async function benchIngest({ size }: { readonly size: 'full' | 'small' }): Promise<IngestFigures> {
  const deliveries = size === 'full' ? 5_000 : 60;
  const directory = await mkdtemp(join(tmpdir(), 'bench-ingest-'));
  const keys = generateAppKeys();
  const redisServer = await startRedis();
  const webhook = { url: 'http://127.0.0.1:9/api/github/webhooks', secret: SECRET };
  const forgeOrder: ForgeOrder = { applications: 1, publicKey: keys.publicKey, webhook };
  const forge = await startChild(new URL('../plan/forge-process.ts', import.meta.url), forgeOrder);
  const { apiUrl } = forge.answer as { apiUrl: string };
  const settings = (name: string, redisUrl: string | null): BotSettings => ({
    ...common(join(directory, name), redisUrl),
    github: {
      auth: { kind: 'app', appId: APP_ID, privateKey: keys.privateKey },
      webhookSecret: SECRET,
      apiUrl,
    },
  });
  const web = new URL('web-process.ts', import.meta.url);
  const probotOrder: ProbotOrder = { appId: APP_ID, privateKey: keys.privateKey, secret: SECRET };
  try {
    const sqlite = await measure('sqlite', () => startChild(web, settings('sqlite', null)), deliveries);
    const redis =
      redisServer && (await measure('redis', () => startChild(web, settings('redis', redisServer.url)), deliveries));
    const bare = new URL('probot-process.ts', import.meta.url);
    const probot = await measure('bare Probot', () => startChild(bare, probotOrder), deliveries);
    return report(deliveries, { sqlite, redis, probot });
  } finally {
    await stopChild(forge.child);
    await redisServer?.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function measure(
  name: string,
  start: () => Promise<{ child: ChildProcess; answer: unknown }>,
  count: number,
): Promise<Rate> {
  const { child, answer } = await start();
  try {
    const { url } = answer as { url: string };
    const sending = { url, secret: SECRET, count, connections: CONNECTIONS };
    // Warmed up first with as many: what is compiled while the first thousands come is no part of the rate.
    await sendDeliveries(sending);
    const since = await askProcessorTime(child);
    const sent = await sendDeliveries(sending);
    const processorTime = Math.round(((await askProcessorTime(child)) - since) / count);
    const { requestsPerSecond, p50, p99, sendersProcessorTime } = sent;
    console.log(
      `${name}: ${requestsPerSecond} requests/s, p50 ${p50} ms, p99 ${p99} ms; of the processors ${processorTime} µs each, and ${sendersProcessorTime} µs to send it`,
    );
    return { ...sent, processorTime };
  } finally {
    await stopChild(child);
  }
}

function common(dataDirectory: string, redisUrl: string | null): Omit<BotSettings, 'github'> {
  return {
    gitlab: null,
    dataDirectory,
    redis: redisUrl === null ? null : { url: redisUrl, prefix: 'bench' },
    keepDeliveries: 24 * 60 * 60_000,
    host: '127.0.0.1',
    port: 0,
    publicUrl: null,
    apiToken: null,
    markerKey: 'marker-key-of-the-bench',
    bodyLimit: 26_214_400,
    sweepInterval: 60 * 60_000,
    rendering: NOTHING_MORE,
    logLevel: 'info',
  };
}

function report(deliveries: number, rates: Pick<IngestFigures, 'sqlite' | 'redis' | 'probot'>): IngestFigures {
  const { sqlite, redis, probot } = rates;
  const ratios = {
    sqliteToProbot: ratio(sqlite.requestsPerSecond, probot.requestsPerSecond),
    sqliteP99ToProbot: ratio(sqlite.p99, probot.p99),
    sqliteProcessorTimeToProbot: ratio(sqlite.processorTime, probot.processorTime),
    ...(redis === null
      ? {}
      : {
          redisToProbot: ratio(redis.requestsPerSecond, probot.requestsPerSecond),
          redisP99ToProbot: ratio(redis.p99, probot.p99),
          redisProcessorTimeToProbot: ratio(redis.processorTime, probot.processorTime),
        }),
  };
  const aims = {
    'sqlite at 0.6 of Probot or more': ratios.sqliteToProbot >= 0.6 ? 'met' : 'missed',
    'p99 of sqlite below 10 times Probot’s': ratios.sqliteP99ToProbot < 10 ? 'met' : 'missed',
  } as const;
  return { deliveries, connections: CONNECTIONS, cores: availableParallelism(), ...rates, ratios, aims };
}

function ratio(one: number, other: number): number {
  return Math.round((one / other) * 100) / 100;
}
