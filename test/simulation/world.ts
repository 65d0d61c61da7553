/**
 * The simulated world of one seed: a forge, a bot that may die and be started again on the same store or on an empty one, one clock.
 *
 * Nothing of it waits: the bot's requests go to the forge within this process, and whenever the bot reaches out (a request, its queue,
 * its inbox, its cache, its mirror) the script may step in between: a person acts, another worker works, time jumps, or the bot dies.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { createGithub } from '../../src/adapters/github/create-github.js';
import { createGitlab } from '../../src/adapters/gitlab/create-gitlab.js';
import { ManualClock } from '../../src/adapters/memory/manual-clock.js';
import { MemoryCache } from '../../src/adapters/memory/memory-cache.js';
import { MemoryInbox } from '../../src/adapters/memory/memory-inbox.js';
import { MemoryWorkQueue } from '../../src/adapters/memory/memory-work-queue.js';
import type { App } from '../../src/app/app.js';
import { recoverDeliveries, sweepAll, takeUpDelivery } from '../../src/app/intake/take-up-delivery.js';
import { workOnce } from '../../src/app/intake/worker.js';
import { createRenderers, NOTHING_MORE } from '../../src/cli/create-renderers.js';
import type { ForgeKind, RepositoryId } from '../../src/core/ids.js';
import { laneAndKey } from '../../src/core/job.js';
import type { Mirror } from '../../src/ports/repository.js';
import { Forbidden, Unavailable } from '../../src/core/problem.js';
import type { Processes } from '../../src/ports/processes.js';
import type { Cache, Inbox } from '../../src/ports/store.js';
import type { Claim, WorkQueue } from '../../src/ports/work-queue.js';
import { createServer } from '../../src/server/create-server.js';
import type { Post, PostAnswer } from '../../src/simulator/delivery/post.js';
import { startSimulator, type Simulator } from '../../src/simulator/start-simulator.js';
import { recordingLog, type RecordingLog } from '../stories/recording-log.js';
import {
  API_TOKEN,
  APP_ID,
  BOT_ADDRESS,
  BOT_TOKEN,
  FORGE_ADDRESS,
  groundSeed,
  MARKER_KEY,
  REPOSITORY,
  START,
  WEBHOOK_SECRET,
  type ConfigurationVariant,
} from './ground.js';
import { intercept } from './intercept.js';
import { NearMirror } from './near-mirror.js';
import { ObjectStore } from './object-store.js';
import { HONEST, type Planted } from './planted.js';
import { QuickGitRepository } from './quick-git.js';
import { tellRealTime, tellTime } from './virtual-date.js';

/** One run of a job, or of whatever else the bot does by itself: what its requests are held against. */
export interface Task {
  readonly name: string;
  readonly incarnation: Incarnation;
  /** Null outside of lanes: the server, a start, a plan. */
  readonly lane: string | null;
  readonly fence: number;
  /** {@link World.moment} when it began. */
  readonly began: number;
  /** The mirror's view of the target branch at the last fetch. */
  turn: Promise<unknown>;
}

/** Where the bot reached out to. `write`: a request that changes the forge. */
export type Reach =
  | { readonly kind: 'request'; readonly method: string; readonly path: string; readonly write: boolean }
  | { readonly kind: 'port'; readonly name: string };

export interface BotRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string | null;
  readonly write: boolean;
}

/** What the script does when the bot reaches out; told of each reach before it happens. */
export interface Script {
  /** Resolves when the bot may go on. */
  reached(reach: Reach, task: Task): Promise<void>;
  /** What the network makes of a request. */
  fault(request: BotRequest): RequestFault | null;
  /** After the act, before the bot hears of it. */
  acted(request: BotRequest, task: Task): Promise<void>;
}

export type RequestFault =
  | { readonly kind: 'status'; readonly status: number; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'reset' | 'time-out' | 'empty-body' }
  | { readonly kind: 'act-then-reset' }
  | { readonly kind: 'act-then-status'; readonly status: number };

export interface Monitor {
  beforeRequest(request: BotRequest, task: Task): void;
  afterRequest(request: BotRequest, task: Task): Promise<void>;
}

interface Store {
  readonly queue: WorkQueue;
  readonly inbox: Inbox;
  readonly cache: Cache;
  readonly mirror: NearMirror;
}

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

const MOST_STARTS = 5;
/** What other tests of this process go on with. */
const realFetch = globalThis.fetch;

const tasks = new AsyncLocalStorage<Task>();
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/**
 * What the dead hear. Of a token they are told that they are dead: GitHub's client lets whoever asks next in the same process wait for the
 * same answer, and what waits in a process does not outlive it.
 */
function silence<T>(reach: Reach): Promise<T> {
  const asksForToken = reach.kind === 'request' && reach.path.endsWith('/access_tokens');
  return asksForToken ? Promise.reject(new Error('The bot that asked for a token is dead')) : never<T>();
}

/** From its start to its death. */
export class Incarnation {
  #state: 'alive' | 'dead' = 'alive';
  readonly death: Promise<'died'>;
  #die: (word: 'died') => void = () => undefined;

  constructor(
    readonly number: number,
    readonly app: App,
    readonly server: FastifyInstance,
  ) {
    this.death = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  die(): void {
    this.#state = 'dead';
    this.#die('died');
  }

  isDead(): boolean {
    return this.#state === 'dead';
  }
}

export interface WorldOptions {
  readonly forge: ForgeKind;
  readonly variant: ConfigurationVariant;
  readonly planted?: Planted;
}

export class World {
  /** Counts what happens: two things at one moment of the clock still have an order. */
  moment = 0;
  requests = 0;
  writes = 0;
  /** Of the store: 1 at first, one more each time it was emptied. */
  epoch = 1;
  script: Script = { reached: async () => undefined, fault: () => null, acted: async () => undefined };
  monitor: Monitor = { beforeRequest: () => undefined, afterRequest: async () => undefined };
  /** The newest claim of each lane. */
  readonly fences = new Map<string, number>();
  /** Where each mirror last saw the target branch. */
  lastTip = '';
  /** Those that the bot has, without what was planted. */
  honestRenderers: Pick<App['renderers'], 'all' | 'parallel'> = { all: [], parallel: 1 };
  readonly log: RecordingLog = recordingLog();
  private incarnations = 0;
  private alive: Incarnation | null = null;
  private shared: Store | null = null;

  private constructor(
    readonly options: WorldOptions,
    readonly clock: ManualClock,
    readonly simulator: Simulator,
    readonly store: ObjectStore,
    readonly git: QuickGitRepository,
    private readonly directory: string,
  ) {}

  static async start(options: WorldOptions): Promise<World> {
    const clock = new ManualClock(START);
    tellTime(clock);
    const directory = mkdtempSync(join(tmpdir(), 'simulation-'));
    let world: World | null = null;
    const simulator = await startSimulator({
      forge: options.forge,
      seed: groundSeed({ forge: options.forge, publicKey: keys.publicKey, variant: options.variant }),
      clock: () => new Date(clock.now()),
      deliver: 'stepped',
      dataDirectory: directory,
      within: { address: FORGE_ADDRESS, post: (post) => world?.receive(post) ?? never() },
    });
    const place = join(directory, `${REPOSITORY}.git`);
    const store = new ObjectStore(place);
    const git = new QuickGitRepository(place, store);
    simulator.forge.state.addGit(REPOSITORY, git);
    world = new World(options, clock, simulator, store, git, directory);
    const hooked = world;
    globalThis.fetch = (input, init) => hooked.fetch(input, init);
    await world.restart('keep');
    return world;
  }

  get repository(): RepositoryId {
    return { forge: this.options.forge, path: REPOSITORY };
  }

  get botLogin(): string {
    return this.options.forge === 'github' ? 'lockkeeper[bot]' : 'lockkeeper';
  }

  get bot(): Incarnation {
    if (this.alive === null) throw new Error('no bot is running');
    return this.alive;
  }

  get stored(): Store {
    if (this.shared === null) throw new Error('there is no store');
    return this.shared;
  }

  sign = (text: string): string => createHmac('sha256', MARKER_KEY).update(text).digest('base64url');

  fingerprint = (value: string): string => createHmac('sha256', 'mask').update(value).digest('hex').slice(0, 8);

  /** The bot dies if it lives and another starts: on what it stored, or on nothing. */
  async restart(data: 'keep' | 'empty'): Promise<void> {
    this.alive?.die();
    if (data === 'empty') this.epoch += this.shared === null ? 0 : 1;
    if (this.shared === null || data === 'empty') {
      this.fences.clear();
      this.shared = {
        queue: new MemoryWorkQueue({ clock: this.clock }),
        inbox: new MemoryInbox(),
        cache: new MemoryCache(),
        mirror: new NearMirror(this.git, this.store),
      };
    }
    this.alive = await this.begin(this.shared);
    await this.run('the start', null, async ({ app }) => {
      await recoverDeliveries(app);
      await this.sweepWith(app);
    });
  }

  /** Whoever looks after the process starts it again when it could not start. */
  private async begin(store: Store): Promise<Incarnation> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.incarnate(store);
      } catch (error) {
        if (attempt === MOST_STARTS || !(error instanceof Unavailable || error instanceof Forbidden)) throw error;
        this.log.warn({ err: error }, 'The bot could not start');
        this.clock.advance(5000);
      }
    }
  }

  /** A sweep that fails is made again later. */
  private async sweepWith(app: App): Promise<void> {
    try {
      await sweepAll(app);
    } catch (error) {
      if (!(error instanceof Unavailable || error instanceof Forbidden)) throw error;
      this.log.warn({ err: error }, 'A sweep failed');
    }
  }

  /** Runs something of the bot's; `died` if it did not live to the end of it. */
  async run(name: string, claim: Claim | null, work: (bot: Incarnation) => Promise<unknown>): Promise<'done' | 'died'> {
    const { bot } = this;
    const task = this.taskOf(name, bot, claim);
    const done = tasks.run(task, () => work(bot)).then(() => 'done' as const);
    return Promise.race([done, bot.death]);
  }

  /** One due job. */
  async work(): Promise<'worked' | 'idle' | 'died'> {
    const { bot } = this;
    const result = tasks.run(this.taskOf('a worker', bot, null), () => workOnce(bot.app));
    return Promise.race([result, bot.death]);
  }

  async sweep(): Promise<void> {
    await this.run('a sweep', null, ({ app }) => this.sweepWith(app));
  }

  /** A request to the bot's own server. */
  async ask(request: {
    readonly method: 'GET' | 'POST';
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  }): Promise<{ readonly status: number; readonly body: string } | null> {
    const { bot } = this;
    const { method, path: url, headers, body } = request;
    const answer = tasks.run(this.taskOf('the server', bot, null), () =>
      bot.server.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) }),
    );
    const first = await Promise.race([answer, bot.death]);
    return first === 'died' ? null : { status: first.statusCode, body: first.payload };
  }

  bumpHeaders(): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json' };
  }

  async close(): Promise<void> {
    this.alive?.die();
    await this.alive?.server.close();
    await this.simulator.close();
    rmSync(this.directory, { recursive: true, force: true });
    globalThis.fetch = realFetch;
    tellRealTime();
  }

  private taskOf(name: string, incarnation: Incarnation, claim: Claim | null): Task {
    const lane = claim === null ? null : laneAndKey(claim.subject).lane;
    return { name, incarnation, lane, fence: claim?.lock.fence ?? 0, began: this.moment, turn: Promise.resolve() };
  }

  /** A webhook arrives. */
  private async receive(post: Post): Promise<PostAnswer> {
    const { pathname } = new URL(post.url);
    const answer = await this.ask({
      method: 'POST',
      path: pathname,
      headers: lowerCased(post.headers),
      body: post.body,
    });
    return answer ?? { error: 'connection reset' };
  }

  private async incarnate(store: Store): Promise<Incarnation> {
    const { clock, log } = this;
    const planted = this.options.planted ?? HONEST;
    const { forge, reader } = await this.connect();
    const processes: Processes = {
      run: async () => ({ kind: 'not-found' }),
      start: () => {
        throw new Error('nothing stays in the simulation');
      },
    };
    const renderers = createRenderers({ processes, fingerprint: this.fingerprint, settings: NOTHING_MORE });
    this.honestRenderers = { all: renderers, parallel: 1 };
    const mirror = planted.mirror(this.watchedMirror(store.mirror));
    const app: App = {
      forges: { [forge.kind]: planted.forge(forge, { clock, mirror: store.mirror }) },
      mirrors: { of: async () => mirror },
      renderers: { all: renderers.map(planted.renderer), parallel: 1, sandbox: async () => 'limits-only' },
      queue: planted.queue(this.watchedQueue(store.queue)),
      inbox: planted.inbox(this.watchedInbox(store.inbox)),
      cache: planted.cache(this.watchedCache(store.cache)),
      clock,
      log,
      sign: this.sign,
      fingerprint: this.fingerprint,
      planPages: { url: BOT_ADDRESS, sign: (path) => this.sign(`pages ${path}`) },
    };
    const server = createServer({
      readers: [reader],
      inbox: app.inbox,
      clock,
      log,
      apiToken: API_TOKEN,
      onDelivery: (delivery) => takeUpDelivery(app, delivery),
      readiness: async () => [],
      version: 'simulation',
    });
    this.incarnations += 1;
    return new Incarnation(this.incarnations, app, server);
  }

  private connect(): ReturnType<typeof createGithub> {
    const { clock, log } = this;
    return this.options.forge === 'github'
      ? createGithub({
          auth: { kind: 'app', appId: APP_ID, privateKey: keys.privateKey },
          webhookSecret: WEBHOOK_SECRET,
          apiUrl: this.simulator.apiUrl,
          pace: 'none',
          log,
        })
      : createGitlab({
          url: this.simulator.url,
          token: BOT_TOKEN,
          webhookSecret: WEBHOOK_SECRET,
          signingToken: null,
          clock,
          log,
        });
  }

  /** Every reach of the bot comes by here: the script may step in, and the dead reach nothing. */
  private async reach<T>(reach: Reach, act: (task: Task) => Promise<T>): Promise<T> {
    const task = tasks.getStore();
    // Outside of any task: introducing itself when it is put together.
    if (task === undefined) return act(this.taskOf('an introduction', this.alive as Incarnation, null));
    const turn = task.turn.then(async () => {
      if (task.incarnation.isDead()) return silence<T>(reach);
      await tasks.exit(() => this.script.reached(reach, task));
      if (task.incarnation.isDead()) return silence<T>(reach);
      this.moment += 1;
      const result = await act(task);
      return task.incarnation.isDead() ? silence<T>(reach) : result;
    });
    task.turn = turn.catch(() => undefined);
    return turn;
  }

  private port<T>(name: string, act: () => Promise<T>): Promise<T> {
    return this.reach({ kind: 'port', name }, act);
  }

  private watchedQueue(queue: WorkQueue): WorkQueue {
    return intercept(queue, {
      enqueue: (job) => this.port('enqueue', () => queue.enqueue(job)),
      claim: async () => {
        const claim = await this.port('claim', () => queue.claim());
        const task = tasks.getStore();
        if (claim !== null && task !== undefined) {
          const { lane } = laneAndKey(claim.subject);
          this.fences.set(lane, Math.max(claim.lock.fence, this.fences.get(lane) ?? 0));
          Object.assign(task, { name: claim.key, lane, fence: claim.lock.fence, began: this.moment });
        }
        return claim;
      },
      extend: (claim) => this.port('extend', () => queue.extend(claim)),
      finish: (claim) => this.port('finish', () => queue.finish(claim)),
      retry: (claim, at) => this.port('retry', () => queue.retry(claim, at)),
      bury: (claim, reason) => this.port('bury', () => queue.bury(claim, reason)),
    });
  }

  private watchedInbox(inbox: Inbox): Inbox {
    return intercept(inbox, {
      record: (delivery) => this.port('record', () => inbox.record(delivery)),
      waiting: () => this.port('waiting', () => inbox.waiting()),
      settle: (source, id, outcome) => this.port('settle', () => inbox.settle(source, id, outcome)),
    });
  }

  private watchedCache(cache: Cache): Cache {
    return intercept(cache, { put: (key, value) => this.port('put', () => cache.put(key, value)) });
  }

  private watchedMirror(mirror: NearMirror): Mirror {
    return intercept<Mirror>(mirror, {
      fetch: () =>
        this.port('fetch', async () => {
          await mirror.fetch();
          this.lastTip = (await mirror.branch('main')) ?? '';
        }),
    });
  }

  private async fetch(input: Parameters<typeof fetch>[0], init: RequestInit = {}): Promise<Response> {
    const url = new URL(typeof input === 'string' || input instanceof URL ? input : input.url);
    const method = (init.method ?? 'GET').toUpperCase();
    const path = `${url.pathname}${url.search}`;
    const body = typeof init.body === 'string' ? init.body : null;
    const write = method !== 'GET' && !path.includes('/access_tokens');
    const request: BotRequest = { method, path, body, write };
    return this.reach({ kind: 'request', method, path, write }, (task) => this.exchange(request, init, task));
  }

  private async exchange(request: BotRequest, init: RequestInit, task: Task): Promise<Response> {
    this.requests += 1;
    if (request.write) this.writes += 1;
    const fault = this.script.fault(request);
    const before = fault === null ? null : answerBefore(fault);
    if (before !== null) return before();
    if (request.write) this.monitor.beforeRequest(request, task);
    const headers = lowerCased(Object.fromEntries(new Headers(init.headers)));
    const answer = await this.simulator.answer({
      method: request.method,
      path: request.path,
      headers,
      ...(request.body === null ? {} : { body: request.body }),
    });
    if (request.write) await this.monitor.afterRequest(request, task);
    await tasks.exit(() => this.script.acted(request, task));
    if (fault?.kind === 'act-then-reset') throw lostConnection();
    const status = fault?.kind === 'act-then-status' ? fault.status : answer.status;
    const isEmpty = fault?.kind === 'empty-body' || answer.body === '' || status === 204 || status === 304;
    const text = fault?.kind === 'act-then-status' ? '{"message":"Server Error"}' : answer.body;
    const response = new Response(isEmpty ? null : text, { status, headers: withoutLength(answer.headers) });
    return Object.defineProperty(response, 'url', { value: `${FORGE_ADDRESS}${request.path}` });
  }
}

function answerBefore(fault: RequestFault): (() => Response) | null {
  switch (fault.kind) {
    case 'status':
      return () =>
        new Response('{"message":"Fault on demand"}', {
          status: fault.status,
          headers: { 'content-type': 'application/json', ...fault.headers },
        });
    case 'reset':
      return () => {
        throw lostConnection();
      };
    case 'time-out':
      return () => {
        throw new DOMException('The operation was aborted due to timeout', 'TimeoutError');
      };
    default:
      return null;
  }
}

function lostConnection(): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) });
}

function withoutLength(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !['content-length', 'connection', 'transfer-encoding'].includes(name)),
  );
}

function lowerCased(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
