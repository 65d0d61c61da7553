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
import { pullRequestPayload } from './pull-request-payload.js';
import { sendDeliveries, type Sending, type Sent } from './send-deliveries.js';

/** Medians of all rounds. */
interface Rate extends Sent {
  /** What taking one took of the processors, in µs: of the process that takes them, in all its threads. */
  readonly processorTime: number;
}

export interface IngestFigures {
  /** In each round, to each. */
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

/** Each of so many times every process is started anew: two runs of one program, compiled as it goes, differ by a quarter. */
const STARTS = 7;
/** Measured after each start, in turn with the others, so that what else the machine does falls on all of them. */
const ROUNDS = 3;

/** What is measured, and what it did in each round. */
interface Contender {
  readonly name: string;
  readonly program: URL;
  readonly order: (start: number) => object;
  readonly rounds: Rate[];
}

export async function benchIngest({ size }: { readonly size: 'full' | 'small' }): Promise<IngestFigures> {
  const [deliveries, starts] = size === 'full' ? [2_000, STARTS] : [60, 1];
  const keys = generateAppKeys();
  const payload = await pullRequestPayload(keys.publicKey);
  const directory = await mkdtemp(join(tmpdir(), 'bench-ingest-'));
  const redisServer = await startRedis();
  const webhook = { url: 'http://127.0.0.1:9/api/github/webhooks', secret: SECRET };
  const forgeOrder: ForgeOrder = { applications: 1, publicKey: keys.publicKey, webhook };
  const forge = await startChild(new URL('../plan/forge-process.ts', import.meta.url), forgeOrder);
  const { apiUrl } = forge.answer as { apiUrl: string };
  const bot = (name: string, redisUrl: string | null): Contender => {
    const order = (start: number): BotSettings => ({
      ...common(join(directory, `${name}-${start}`), redisUrl),
      github: { auth: { kind: 'app', appId: APP_ID, privateKey: keys.privateKey }, webhookSecret: SECRET, apiUrl },
    });
    return { name, program: new URL('web-process.ts', import.meta.url), order, rounds: [] };
  };
  const sqlite = bot('sqlite', null);
  const redis = redisServer && bot('redis', redisServer.url);
  const probotOrder: ProbotOrder = { appId: APP_ID, privateKey: keys.privateKey, secret: SECRET };
  const bare = new URL('probot-process.ts', import.meta.url);
  const probot: Contender = { name: 'bare Probot', program: bare, order: () => probotOrder, rounds: [] };
  const contenders = [sqlite, ...(redis === null ? [] : [redis]), probot];
  try {
    for (let start = 0; start < starts; start += 1)
      await compare(contenders, start, { secret: SECRET, payload, count: deliveries, connections: CONNECTIONS });
    const rates = { sqlite: told(sqlite), redis: redis && told(redis), probot: told(probot) };
    return report(deliveries, rates);
  } finally {
    await stopChild(forge.child);
    await redisServer?.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function compare(contenders: readonly Contender[], start: number, sending: ToEach): Promise<void> {
  const children: ChildProcess[] = [];
  try {
    const running: Running[] = [];
    for (const { program, order, rounds } of contenders) {
      const { child, answer } = await startChild(program, order(start));
      children.push(child);
      running.push({ child, url: (answer as { url: string }).url, rounds });
    }
    // Warmed up first: what is compiled while the first thousands come is no part of the rate.
    for (const { url } of running) await sendDeliveries({ ...sending, url, count: 2 * sending.count });
    for (let round = 0; round < ROUNDS; round += 1)
      for (const each of running) each.rounds.push(await measure(each, sending));
  } finally {
    await Promise.all(children.map(stopChild));
  }
}

type ToEach = Omit<Sending, 'url'>;

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  readonly rounds: Rate[];
}

async function measure({ child, url }: Running, sending: ToEach): Promise<Rate> {
  const since = await askProcessorTime(child);
  const sent = await sendDeliveries({ ...sending, url });
  return { ...sent, processorTime: Math.round(((await askProcessorTime(child)) - since) / sending.count) };
}

function told({ name, rounds }: Contender): Rate {
  const rate = medians(rounds);
  const { requestsPerSecond, p50, p99, processorTime, sendersProcessorTime } = rate;
  console.log(
    `${name}: ${requestsPerSecond} requests/s, p50 ${p50} ms, p99 ${p99} ms; of the processors ${processorTime} µs each, and ${sendersProcessorTime} µs to send it`,
  );
  return rate;
}

function medians(rounds: readonly Rate[]): Rate {
  const median = (figure: (rate: Rate) => number): number => {
    const sorted = rounds.map(figure).toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  };
  return {
    requestsPerSecond: median((rate) => rate.requestsPerSecond),
    p50: median((rate) => rate.p50),
    p99: median((rate) => rate.p99),
    refused: rounds.reduce((sum, { refused }) => sum + refused, 0),
    sendersProcessorTime: median((rate) => rate.sendersProcessorTime),
    processorTime: median((rate) => rate.processorTime),
  };
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
