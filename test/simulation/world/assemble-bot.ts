/** Puts the real bot together for the simulated world, with what is planted between it and its ports. */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createGithub } from '../../../src/adapters/github/create-github.js';
import { createGitlab } from '../../../src/adapters/gitlab/create-gitlab.js';
import type { App } from '../../../src/app/app.js';
import { takeInDelivery } from '../../../src/app/intake/take-up-delivery.js';
import { createRenderers, NOTHING_MORE } from '../../../src/cli/create-renderers.js';
import type { ForgeKind } from '../../../src/core/ids.js';
import type { Clock } from '../../../src/ports/clock.js';
import type { Cache } from '../../../src/ports/store.js';
import type { Forge } from '../../../src/ports/forge.js';
import type { Log } from '../../../src/ports/log.js';
import type { Processes } from '../../../src/ports/processes.js';
import { createServer } from '../../../src/server/create-server.js';
import type { Simulator } from '../../../src/simulator/start-simulator.js';
import type { Planted } from '../bugs/planted-bug.js';
import type { NearMirror } from '../git/near-mirror.js';
import { API_TOKEN, APP_ID, BOT_ADDRESS, BOT_TOKEN, MARKER_KEY, WEBHOOK_SECRET } from '../ground.js';
import type { Stored } from './stored.js';
import { watchAnswers, watchCache, watchInbox, watchMirror, watchQueue, type Watcher } from './watched-ports.js';

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** Of the App, as the forge knows it. */
export const PUBLIC_KEY: string = keys.publicKey;

export interface BotParts {
  readonly forge: ForgeKind;
  readonly clock: Clock;
  readonly log: Log;
  readonly simulator: Simulator;
  /** `answers`: null where none are kept. */
  readonly stored: Omit<Stored, 'answers'> & { readonly answers: Cache | null };
  readonly mirror: NearMirror;
  readonly planted: Planted;
}

export interface AssembledBot {
  readonly app: App;
  readonly server: ReturnType<typeof createServer>;
}

export const sign = (text: string): string => createHmac('sha256', MARKER_KEY).update(text).digest('base64url');

const fingerprint = (value: string): string => createHmac('sha256', 'mask').update(value).digest('hex').slice(0, 8);

/** Those that the bot has, without what was planted. */
export function honestRenderers(): App['renderers']['all'] {
  const processes: Processes = {
    run: async () => ({ kind: 'not-found' }),
    start: () => {
      throw new Error('nothing stays in the simulation');
    },
  };
  return createRenderers({ processes, fingerprint, settings: NOTHING_MORE });
}

export async function assembleBot(watcher: Watcher, parts: BotParts): Promise<AssembledBot> {
  const { clock, log, stored, planted } = parts;
  const { forge, reader } = await connect(parts);
  const mirror = planted.mirror(watchMirror(watcher, parts.mirror));
  const plantIn = (honest: Forge): Forge => ({
    ...planted.forge(honest, { clock, mirror: parts.mirror }),
    afresh: () => plantIn(honest.afresh()),
  });
  const app: App = {
    forges: { [forge.kind]: plantIn(forge) },
    mirrors: { of: async () => mirror },
    renderers: { all: honestRenderers().map(planted.renderer), parallel: 1, sandbox: async () => 'limits-only' },
    queue: planted.queue(watchQueue(watcher, stored.queue)),
    inbox: planted.inbox(watchInbox(watcher, stored.inbox)),
    cache: planted.cache(watchCache(watcher, stored.cache)),
    clock,
    log,
    sign,
    fingerprint,
    planPages: { url: BOT_ADDRESS, sign: (path) => sign(`pages ${path}`) },
  };
  const server = createServer({
    readers: [reader],
    inbox: app.inbox,
    clock,
    log,
    apiToken: API_TOKEN,
    takeIn: (delivery) => takeInDelivery(app, delivery),
    readiness: async () => [],
    version: 'simulation',
  });
  return { app, server };
}

function connect({ forge, clock, log, simulator, stored, planted }: BotParts): ReturnType<typeof createGithub> {
  const answers = stored.answers === null ? {} : { answers: planted.answers(watchAnswers(stored.answers)) };
  return forge === 'github'
    ? createGithub({
        auth: { kind: 'app', appId: APP_ID, privateKey: keys.privateKey },
        webhookSecret: WEBHOOK_SECRET,
        apiUrl: simulator.apiUrl,
        pace: 'none',
        log,
        ...answers,
      })
    : createGitlab({
        url: simulator.url,
        token: BOT_TOKEN,
        webhookSecret: WEBHOOK_SECRET,
        signingToken: null,
        clock,
        log,
        ...answers,
      });
}
