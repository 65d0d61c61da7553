/**
 * The world of a story: a simulated forge over HTTP, the real adapters, server and use cases, and time that moves only by hand.
 *
 * Webhooks are sent and jobs are worked off by `settle()`, one after the other, until nothing is left: no story sleeps. A comment of the
 * bot that no assertion read fails the story.
 */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { createMirrors, type GitMirrors } from '../../src/adapters/git/create-mirrors.js';
import { createGithub } from '../../src/adapters/github/create-github.js';
import { createGitlab } from '../../src/adapters/gitlab/create-gitlab.js';
import { ManualClock } from '../../src/adapters/memory/testing/manual-clock.js';
import { MemoryCache } from '../../src/adapters/memory/memory-cache.js';
import { MemoryInbox } from '../../src/adapters/memory/memory-inbox.js';
import { MemoryWorkQueue } from '../../src/adapters/memory/memory-work-queue.js';
import { createOpa } from '../../src/adapters/opa/create-opa.js';
import { createOpaWasm } from '../../src/adapters/opa-wasm/create-opa-wasm.js';
import { createProcesses } from '../../src/adapters/process/create-processes.js';
import { sandboxed } from '../../src/adapters/sandbox/sandboxed.js';
import type { App } from '../../src/app/app.js';
import { readQueues } from '../../src/app/queue/queue-views.js';
import { readPlanPage } from '../../src/app/plan/plan-page.js';
import { recoverDeliveries, sweepAll, takeInDelivery } from '../../src/app/intake/take-up-delivery.js';
import { workOnce } from '../../src/app/intake/worker.js';
import { createRenderers, NOTHING_MORE } from '../../src/cli/create-renderers.js';
import { freePort } from '../../src/cli/free-port.js';
import type { ForgeKind } from '../../src/core/ids.js';
import type { Forge } from '../../src/ports/forge.js';
import { createServer } from '../../src/server/create-server.js';
import { demoFiles, demoSeed } from '../../src/simulator/demo-seed.js';
import { startSimulator, type Simulator } from '../../src/simulator/start-simulator.js';
import type { Seed } from '../../src/simulator/seed.js';
import { builtPrograms } from '../processes/programs.js';
import { People, type SeenPullRequest } from './people.js';
import { recordingLog, type RecordingLog } from './recording-log.js';

export const SECRET = 'webhook-secret-of-the-story';
export const API_TOKEN = 'api-token-of-the-story';
const APP_ID = 7;
/** Jobs one settling may take: more means that the bot goes round in circles. */
const MOST_JOBS = 2000;

/** The App's: making them takes longer than most of a story. */
const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export interface StoryOptions {
  /** Files that stand in place of the demo's, or beside them; null removes one. */
  readonly files?: Readonly<Record<string, string | null>>;
  readonly change?: (seed: Seed) => Seed;
  /** The repository with the organisation's policy. */
  readonly policyRepository?: string;
}

/** Generous: a story takes seconds, on a machine with nothing else to do. */
const TIME_LIMIT = 180_000;

/** Registers the story for both forges. */
export function story(name: string, play: (world: World) => Promise<void>, options: StoryOptions = {}): void {
  describe.each(['github', 'gitlab'] as const)('%s', (forge) => {
    let world: World | null = null;
    afterEach(async () => {
      await world?.close();
      world = null;
    });
    it(
      name,
      async () => {
        world = await World.start(forge, options);
        await play(world);
        expect(world.unreadComments(), 'comments of the bot that the story did not read').toEqual([]);
        expect(world.log.problems(), 'warnings and errors in the log').toEqual([]);
      },
      TIME_LIMIT,
    );
  });
}

export class World {
  readonly #read = new Set<number>();

  private constructor(
    readonly kind: ForgeKind,
    readonly clock: ManualClock,
    readonly simulator: Simulator,
    readonly people: People,
    readonly log: RecordingLog,
    readonly botUrl: string,
    private readonly request: PartsRequest,
    private parts: { app: App; server: FastifyInstance; mirrors: GitMirrors },
  ) {}

  static async start(kind: ForgeKind, options: StoryOptions): Promise<World> {
    const clock = new ManualClock(Date.now());
    const directory = await mkdtemp(join(tmpdir(), 'story-'));
    const port = await freePort();
    const botUrl = `http://127.0.0.1:${port}`;
    const simulator = await startSimulator({
      forge: kind,
      seed: seedFor(kind, botUrl, keys.publicKey, options),
      clock: () => new Date(clock.now()),
      deliver: 'stepped',
    });
    const log = recordingLog();
    const forgeSettings = { kind, simulator, privateKey: keys.privateKey };
    const { policyRepository } = options;
    const request = {
      forgeSettings,
      clock,
      log,
      directory,
      port,
      ...(policyRepository === undefined ? {} : { policyRepository }),
    };
    return new World(
      kind,
      clock,
      simulator,
      new People(simulator.url),
      log,
      botUrl,
      request,
      await startParts(request),
    );
  }

  get app(): App {
    return this.parts.app;
  }

  /** Puts something between the bot and its forge, from the next job on. */
  interpose(between: (forge: Forge) => Forge): void {
    const forge = this.app.forges[this.kind];
    if (forge === undefined) throw new Error('the world has no forge');
    const interposed = (real: Forge): Forge => ({ ...between(real), afresh: () => interposed(real.afresh()) });
    Object.assign(this.app.forges, { [this.kind]: interposed(forge) });
  }

  /** As it has to be written on this forge: GitLab takes `/merge` for itself. */
  get merge(): string {
    return this.kind === 'gitlab' ? '@lockkeeper /merge' : '/merge';
  }

  /** The bot's process ends and another starts after its data directory was deleted: it finds nothing but the forge. */
  async forgetEverything(): Promise<void> {
    await this.parts.server.close();
    await this.parts.mirrors.close();
    await rm(this.request.directory, { recursive: true, force: true });
    this.parts = await startParts(this.request);
  }

  /** What the forge sends meanwhile reaches nobody: the bot's process has ended, and starts again afterwards with its data. */
  async whileDown(happening: () => Promise<unknown>): Promise<void> {
    await this.parts.server.close();
    await this.parts.mirrors.close();
    await happening();
    await this.simulator.deliveries.deliverAll();
    this.parts = await startParts(this.request);
  }

  /** Delivers every webhook and works off every job that is due, until nothing is left. */
  async settle(): Promise<void> {
    // People are slower than bots: what they do next bears another time.
    this.clock.advance(1000);
    for (let jobs = 0; jobs < MOST_JOBS; jobs += 1) {
      if ((await workOnce(this.app)) === 'worked') continue;
      if ((await this.simulator.deliveries.deliverAll()) === 0) return;
    }
    throw new Error(`The bot does not come to rest: ${MOST_JOBS} jobs and more`);
  }

  /** Moves time on and settles. */
  async pass(milliseconds: number): Promise<void> {
    this.clock.advance(milliseconds);
    await this.settle();
  }

  /** What happens at start and every few minutes. */
  async sweep(): Promise<void> {
    await sweepAll(this.app);
    await this.settle();
  }

  /** As a start of the process does it. */
  async recover(): Promise<void> {
    await recoverDeliveries(this.app);
    await this.sweep();
  }

  async bump(request: Readonly<Record<string, unknown>>): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await fetch(`${this.botUrl}/api/v1/bumps`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ repository: 'acme/config', ...request }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  /** The bot's comments on a pull request that no assertion has read yet, oldest first; they count as read from now on. */
  async readNew(number: number): Promise<readonly string[]> {
    const pull = await this.people.pullRequest(number);
    const fresh = this.#botComments(pull).filter((comment) => !this.#read.has(comment.id));
    for (const comment of fresh) this.#read.add(comment.id);
    return fresh.map((comment) => withoutMarker(comment.body));
  }

  /** The bot's one comment that it edits in place; read from now on. */
  async sticky(number: number): Promise<string> {
    const pull = await this.people.pullRequest(number);
    const stickies = this.#botComments(pull).filter((comment) => comment.body.startsWith('<!-- lockkeeper:state '));
    expect(stickies.length, `sticky comments on ${number}`).toBe(1);
    for (const comment of stickies) this.#read.add(comment.id);
    return withoutMarker(stickies[0]?.body ?? '');
  }

  unreadComments(): readonly string[] {
    const { forge } = this.simulator;
    return forge.pullRequests
      .of('acme/config')
      .flatMap((pull) => forge.comments.of('acme/config', pull.number))
      .filter((comment) => this.isBot(comment.author) && !comment.system && !this.#read.has(comment.id))
      .map((comment) => withoutMarker(comment.body));
  }

  isBot(login: string): boolean {
    return login.startsWith('lockkeeper');
  }

  #botComments(pull: SeenPullRequest): SeenPullRequest['comments'] {
    return pull.comments.filter((comment) => this.isBot(comment.author) && !comment.system);
  }

  async close(): Promise<void> {
    await this.parts.server.close();
    await this.parts.mirrors.close();
    await this.simulator.close();
    await rm(this.request.directory, { recursive: true, force: true });
  }
}

function withoutMarker(body: string): string {
  return body.replace(/^<!-- lockkeeper:[^>]*-->\n/, '');
}

function seedFor(kind: ForgeKind, botUrl: string, publicKey: string, options: StoryOptions): Seed {
  const webhook = { url: `${botUrl}/api/${kind}/webhooks`, secret: SECRET };
  const seed =
    kind === 'github'
      ? demoSeed('github', {
          app: {
            id: APP_ID,
            slug: 'lockkeeper',
            publicKey,
            webhook,
            installations: [{ id: 70, account: 'acme', repositories: 'all' }],
          },
        })
      : demoSeed('gitlab', { webhooks: [webhook] });
  const files = Object.entries({ ...demoFiles(), ...options.files }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  const changed: Seed = {
    ...seed,
    repositories: (seed.repositories ?? []).map((each) => ({ ...each, files: Object.fromEntries(files) })),
  };
  return options.change?.(changed) ?? changed;
}

interface PartsRequest {
  readonly forgeSettings: { readonly kind: ForgeKind; readonly simulator: Simulator; readonly privateKey: string };
  readonly clock: ManualClock;
  readonly log: RecordingLog;
  readonly directory: string;
  readonly port: number;
  readonly policyRepository?: string;
}

async function startParts(request: PartsRequest): Promise<{ app: App; server: FastifyInstance; mirrors: GitMirrors }> {
  const { clock, log, directory } = request;
  const { kind, simulator, privateKey } = request.forgeSettings;
  const { forge, reader } =
    kind === 'github'
      ? await createGithub({
          auth: { kind: 'app', appId: APP_ID, privateKey },
          webhookSecret: SECRET,
          apiUrl: simulator.apiUrl,
          pace: 'none',
          answers: new MemoryCache(),
          log,
        })
      : await createGitlab({
          url: simulator.url,
          token: 'lockkeeper-token',
          webhookSecret: SECRET,
          signingToken: null,
          answers: new MemoryCache(),
          clock,
          log,
        });
  const path = process.env['PATH'] ?? '';
  const processes = createProcesses({ path });
  const sandbox = sandboxed(processes, { path, parallel: 2 });
  const mirrors = createMirrors({ dataDirectory: directory, processes, log });
  const fingerprint = (value: string): string => createHmac('sha256', 'mask').update(value).digest('hex').slice(0, 8);
  const queue = new MemoryWorkQueue({ clock });
  const app: App = {
    forges: { [kind]: forge },
    mirrors,
    renderers: {
      all: createRenderers({ processes: sandbox, fingerprint, settings: NOTHING_MORE }),
      parallel: 2,
      sandbox: () => sandbox.describe(),
    },
    queue,
    inbox: new MemoryInbox(queue),
    cache: new MemoryCache(),
    clock,
    log,
    rego: createOpa({ processes: sandbox }),
    ...(request.policyRepository === undefined ? {} : { policyRepository: request.policyRepository }),
    compiledRego: createOpaWasm({ processes, node: process.execPath, program: builtPrograms().compiledProcess }),
    sign: (text) => createHmac('sha256', 'story').update(text).digest('base64url'),
    fingerprint,
    planPages: {
      url: `http://127.0.0.1:${request.port}`,
      sign: (path) => createHmac('sha256', 'pages').update(path).digest('base64url'),
    },
  };
  const server = createServer({
    readers: [reader],
    inbox: app.inbox,
    clock,
    log,
    apiToken: API_TOKEN,
    takeIn: (delivery) => takeInDelivery(app, delivery),
    readiness: () => Promise.resolve([]),
    version: 'story',
    planPage: (asked) => readPlanPage(app, asked),
    queues: () => readQueues(app),
  });
  await server.listen({ host: '127.0.0.1', port: request.port });
  return { app, server, mirrors };
}
