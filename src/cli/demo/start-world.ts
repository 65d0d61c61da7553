/** Starts what the demo plays in: a local forge and the real bot, in one process and one temporary folder. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../adapters/clock/system-clock.js';
import type { SeedApp } from '../../simulator/seed.js';
import { startSimulator } from '../../simulator/start-simulator.js';
import { freePort } from '../free-port.js';
import { createLog } from '../log.js';
import { packageVersion } from '../package-version.js';
import { NOTHING_MORE } from '../create-renderers.js';
import type { BotSettings } from '../settings.js';
import { generateAppKeys } from '../simulator/generate-app-keys.js';
import { startBot } from '../start-bot.js';
import type { DemoStory } from './demo-story.js';
import { ownerOf, seedFor } from './seed-for.js';

export interface DemoWorld {
  readonly forgeUrl: string;
  readonly botUrl: string;
  readonly apiToken: string;
  /** The bot's log, in the temporary folder. */
  readonly logFile: string;
  /** Ends bot and forge and removes the temporary folder. */
  close(): Promise<void>;
}

interface WorldRequest {
  readonly forge: 'github' | 'gitlab';
  readonly story: DemoStory;
  /** Where programs are looked for. */
  readonly path: string;
}

/** Tried first, so that links stay the same from one demo to the next. */
const FORGE_PORT = 8470;
const BOT_PORT = 8471;
const APP_ID = 7;

/** Another program may take a port between its finding and its use: then all is begun anew with others. */
const MOST_ATTEMPTS = 5;

export async function startWorld(request: WorldRequest): Promise<DemoWorld> {
  let ports = { forge: await freePort(FORGE_PORT), bot: await freePort(BOT_PORT) };
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await startOn(ports, request);
    } catch (cause) {
      if (attempts === MOST_ATTEMPTS || (cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
      ports = { forge: await freePort(), bot: await freePort() };
    }
  }
}

interface Ports {
  readonly forge: number;
  readonly bot: number;
}

async function startOn(ports: Ports, request: WorldRequest): Promise<DemoWorld> {
  const directory = await mkdtemp(join(tmpdir(), 'lockkeeper-demo-'));
  const ending: (() => Promise<void>)[] = [() => rm(directory, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of ending.splice(0).toReversed()) await end();
  };
  try {
    return { ...(await startParts(request, { ports, directory }, ending)), close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** A demo is over long before a delivery is old. */
const IN_A_FILE = { redis: null, keepDeliveries: 24 * 60 * 60_000 } as const;

/** Pushes onto `ending` how to end what it has started. */
async function startParts(
  { forge, story, path }: WorldRequest,
  { ports, directory }: { readonly ports: Ports; readonly directory: string },
  ending: (() => Promise<void>)[],
): Promise<Omit<DemoWorld, 'close'>> {
  const webhook = { url: `http://127.0.0.1:${ports.bot}/api/${forge}/webhooks`, secret: secret() };
  const keys = generateAppKeys();
  const simulator = await startSimulator({
    forge,
    port: ports.forge,
    dataDirectory: join(directory, 'forge'),
    seed: seedFor(
      forge,
      story,
      forge === 'gitlab' ? { webhooks: [webhook] } : { app: appWith(webhook, keys.publicKey, ownerOf(story)) },
    ),
  });
  ending.push(() => simulator.close());
  const settings: BotSettings = {
    github:
      forge === 'github'
        ? {
            auth: { kind: 'app', appId: APP_ID, privateKey: keys.privateKey },
            webhookSecret: webhook.secret,
            apiUrl: simulator.apiUrl,
          }
        : null,
    gitlab:
      forge === 'gitlab'
        ? { url: simulator.url, token: 'lockkeeper-token', webhookSecret: webhook.secret, signingToken: null }
        : null,
    dataDirectory: join(directory, 'bot'),
    host: '127.0.0.1',
    port: ports.bot,
    publicUrl: `http://127.0.0.1:${ports.bot}`,
    apiToken: secret(),
    markerKey: secret(),
    ...IN_A_FILE,
    bodyLimit: 26_214_400,
    sweepInterval: 5 * 60 * 1000,
    rendering: NOTHING_MORE,
    logLevel: 'debug',
  };
  const logFile = join(directory, 'bot.log');
  const log = createLog(settings.logLevel, { file: logFile });
  const bot = await startBot({ settings, clock: systemClock, log, version: packageVersion(), path, pace: 'none' });
  ending.push(async () => void (await bot.close()));
  return { forgeUrl: simulator.url, botUrl: bot.url, apiToken: settings.apiToken ?? '', logFile };
}

function appWith(webhook: NonNullable<SeedApp['webhook']>, publicKey: string, account: string): SeedApp {
  const installations = [{ id: 70, account }];
  return { id: APP_ID, slug: 'lockkeeper', name: 'Lockkeeper', publicKey, webhook, installations };
}

function secret(): string {
  return randomBytes(18).toString('base64url');
}
