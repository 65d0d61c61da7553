/** A forge and a bot, each a process, and a person who pushes. */
import { NOTHING_MORE } from '../../src/cli/create-renderers.js';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../src/cli/free-port.js';
import type { BotSettings } from '../../src/cli/settings.js';
import { generateAppKeys } from '../../src/cli/simulator/generate-app-keys.js';
import { startChild, stopChild } from '../child.js';
import { APP_ID, type ForgeOrder } from './forge-process.js';

type Changes = Readonly<Record<string, string>>;

const REPOSITORY = '/_simulator/repositories/acme/config';
/** Longer than any plan may take, in ms. */
const PATIENCE = 20 * 60_000;

interface Posted {
  readonly head: { readonly sha: string };
  readonly checks: readonly { readonly name: string; readonly state: string; readonly description: string }[];
}

export class World {
  #bot: ChildProcess | null = null;
  #bots = 0;

  private constructor(
    private readonly directory: string,
    private readonly forge: ChildProcess,
    private readonly forgeUrls: { readonly url: string; readonly apiUrl: string },
    private readonly bot: { readonly port: number; readonly privateKey: string; readonly secret: string },
  ) {}

  static async start(applications: number): Promise<World> {
    const directory = await mkdtemp(join(tmpdir(), 'bench-'));
    const port = await freePort();
    const keys = generateAppKeys();
    const secret = 'webhook-secret-of-the-bench';
    const webhook = { url: `http://127.0.0.1:${port}/api/github/webhooks`, secret };
    const order: ForgeOrder = { applications, publicKey: keys.publicKey, webhook };
    const { child, answer } = await startChild(new URL('forge-process.ts', import.meta.url), order);
    const urls = answer as { url: string; apiUrl: string };
    return new World(directory, child, urls, { port, privateKey: keys.privateKey, secret });
  }

  /** A bot that has planned nothing yet; its mirror of the repository is there, as after a sweep. */
  async freshBot(): Promise<void> {
    await this.#stopBot();
    this.#bots += 1;
    const settings: BotSettings = {
      github: {
        auth: { kind: 'app', appId: APP_ID, privateKey: this.bot.privateKey },
        webhookSecret: this.bot.secret,
        apiUrl: this.forgeUrls.apiUrl,
      },
      gitlab: null,
      dataDirectory: join(this.directory, `bot-${this.#bots}`),
      host: '127.0.0.1',
      port: this.bot.port,
      publicUrl: null,
      apiToken: null,
      markerKey: 'marker-key-of-the-bench',
      redis: null,
      keepDeliveries: 30 * 24 * 60 * 60_000,
      bodyLimit: 26_214_400,
      sweepInterval: 60 * 60_000,
      rendering: NOTHING_MORE,
      logLevel: 'warn',
    };
    const { child, answer } = await startChild(new URL('bot-process.ts', import.meta.url), settings);
    this.#bot = child;
    const { url } = answer as { url: string };
    await until(async () => (await fetch(`${url}/readyz`)).ok);
    // The sweep of the start has cloned the repository by the time it has nothing left to do.
    await pause(3_000);
  }

  /** Of the bot that runs now, in bytes. */
  async peakMemory(): Promise<number> {
    if (this.#bot === null) return 0;
    const answer = once(this.#bot, 'message');
    this.#bot.send('peak');
    const [{ peak }] = (await answer) as [{ peak: number }];
    return peak;
  }

  /** Milliseconds from when the forge has taken the push until comment and check say the plan of what was pushed; opens the pull request if there is none. */
  async pushToPlan(branch: string, files: Changes, pull: 'open' | number): Promise<{ ms: number; pull: number }> {
    const start = pull === 'open' ? { start: 'main' } : {};
    const { sha } = (await this.#call('POST', `${REPOSITORY}/commits`, {
      actor: 'alice',
      branch,
      message: 'Change files',
      files,
      ...start,
    })) as { sha: string };
    const since = performance.now();
    const number = pull === 'open' ? await this.#open(branch) : pull;
    await until(async () => {
      const seen = (await this.#call('GET', `${REPOSITORY}/pull-requests/${number}`)) as Posted;
      const check = seen.checks.find(({ name }) => name === 'lockkeeper/plan');
      if (seen.head.sha !== sha || check === undefined || check.state === 'pending') return false;
      if (check.state !== 'success') throw new Error(`The plan failed: ${check.description}`);
      return true;
    });
    return { ms: performance.now() - since, pull: number };
  }

  async closePull(number: number): Promise<void> {
    await this.#call('POST', `${REPOSITORY}/pull-requests/${number}/state`, { actor: 'alice', state: 'closed' });
  }

  async close(): Promise<void> {
    await this.#stopBot();
    await stopChild(this.forge);
    await rm(this.directory, { recursive: true, force: true });
  }

  async #open(head: string): Promise<number> {
    const order = { actor: 'alice', base: 'main', body: '', title: 'Change files', head };
    return ((await this.#call('POST', `${REPOSITORY}/pull-requests`, order)) as { number: number }).number;
  }

  async #stopBot(): Promise<void> {
    if (this.#bot !== null) await stopChild(this.#bot);
    this.#bot = null;
  }

  async #call(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.forgeUrls.url}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }
}

/** Asks every few milliseconds, which the figures are as exact as. */
async function until(answer: () => Promise<boolean>): Promise<void> {
  const since = performance.now();
  while (!(await answer())) {
    if (performance.now() - since > PATIENCE) throw new Error('The bench waited too long');
    await pause(10);
  }
}
