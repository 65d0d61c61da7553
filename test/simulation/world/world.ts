/**
 * The simulated world of one seed: a forge, a bot that may die and be started again on the same store or on an empty one, one clock.
 *
 * Nothing of it waits: the bot's requests go to the forge within this process, and whenever the bot reaches out (a request, its queue,
 * its inbox, its cache, its mirror) the script may step in between: a person acts, another worker works, time jumps, or the bot dies.
 */
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../../src/adapters/memory/testing/manual-clock.js';
import type { App } from '../../../src/app/app.js';
import { recoverDeliveries, sweepAll } from '../../../src/app/intake/take-up-delivery.js';
import { workOnce } from '../../../src/app/intake/worker.js';
import type { ForgeKind } from '../../../src/core/ids.js';
import { Forbidden, Unavailable } from '../../../src/core/problem.js';
import type { Post, PostAnswer } from '../../../src/simulator/delivery/post.js';
import { startSimulator, type Simulator } from '../../../src/simulator/start-simulator.js';
import { recordingLog, type RecordingLog } from '../../stories/recording-log.js';
import { HONEST, type Planted } from '../bugs/planted-bug.js';
import { NearMirror } from '../git/near-mirror.js';
import { ObjectStore } from '../git/object-store.js';
import { QuickGitRepository } from '../git/quick-git.js';
import { API_TOKEN, FORGE_ADDRESS, groundSeed, REPOSITORY, START } from '../ground.js';
import type { Setting } from '../setting.js';
import { assembleBot, PUBLIC_KEY } from './assemble-bot.js';
import { Incarnation } from './incarnation.js';
import { never, silence, outsideOfTasks, tasks } from './tasks.js';
import { answerAfter, answerBefore, lowerCased } from './network.js';
import { NO_MONITOR, NO_SCRIPT, numberNamed } from './reach.js';
import type { BotRequest, Monitor, Reach, Script, Task } from './reach.js';
import { keepStore, type Stored, type StoreKeeper, type StoreKind } from './stored.js';
import { tellRealTime, tellTime } from './virtual-date.js';
import type { Watcher } from './watched-ports.js';

const MOST_STARTS = 5;
/** What other tests of this process go on with. */
const realFetch = globalThis.fetch;

/** In memory where the system has such a place: a seed makes and removes some hundred folders. */
function quickDirectory(): string {
  try {
    accessSync(MEMORY, constants.W_OK);
    return MEMORY;
  } catch {
    return tmpdir();
  }
}

const MEMORY = '/dev/shm';

export interface WorldOptions {
  readonly forge: ForgeKind;
  readonly setting: Setting;
  readonly store: StoreKind;
  readonly planted?: Planted;
}

export class World implements Watcher {
  /** Counts what happens: two things at one moment of the clock still have an order. */
  moment = 0;
  requests = 0;
  writes = 0;
  /** Of the store: 1 at first, one more each time it was emptied. */
  epoch = 1;
  script: Script = NO_SCRIPT;
  monitor: Monitor = NO_MONITOR;
  readonly fences = new Map<string, number>();
  lastTip = '';
  readonly log: RecordingLog = recordingLog();
  mirror: NearMirror;
  private readonly keeper: StoreKeeper;
  private readonly forks = new Map<string, string>();
  private incarnations = 0;
  private alive: Incarnation | null = null;
  private kept: Stored | null = null;

  private constructor(
    readonly options: WorldOptions,
    readonly clock: ManualClock,
    readonly simulator: Simulator,
    readonly store: ObjectStore,
    readonly git: QuickGitRepository,
    private readonly directory: string,
  ) {
    this.keeper = keepStore(options.store, clock, directory);
    this.mirror = new NearMirror(git, store);
  }

  static async start(options: WorldOptions): Promise<World> {
    const { forge, setting } = options;
    const clock = new ManualClock(START);
    tellTime(clock);
    const directory = mkdtempSync(join(quickDirectory(), 'simulation-'));
    let world: World | null = null;
    const simulator = await startSimulator({
      forge,
      seed: groundSeed({ forge, publicKey: PUBLIC_KEY, variant: setting.variant, rules: setting.rules }),
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

  get botLogin(): string {
    return this.options.forge === 'github' ? 'lockkeeper[bot]' : 'lockkeeper';
  }

  get bot(): Incarnation {
    if (this.alive === null) throw new Error('no bot is running');
    return this.alive;
  }

  get stored(): Stored {
    if (this.kept === null) throw new Error('there is no store');
    return this.kept;
  }

  /** The bot dies if it lives and another starts: on what it stored, or on nothing. */
  async restart(data: 'keep' | 'empty'): Promise<void> {
    this.alive?.die();
    if (data === 'empty') {
      this.epoch += 1;
      this.fences.clear();
      this.keeper.empty();
      this.mirror = new NearMirror(this.git, this.store);
    }
    this.kept = this.keeper.open();
    this.alive = await this.begin(this.kept);
    await this.run('the start', async ({ app }) => {
      await recoverDeliveries(app);
      await this.sweepWith(app);
    });
  }

  /** Whoever looks after the process starts it again when it could not start. */
  private async begin(stored: Stored): Promise<Incarnation> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.incarnate(stored);
      } catch (error) {
        if (attempt === MOST_STARTS || !(error instanceof Unavailable || error instanceof Forbidden)) throw error;
        this.log.warn({ err: error }, 'The bot could not start');
        this.clock.advance(5000);
      }
    }
  }

  private async incarnate(stored: Stored): Promise<Incarnation> {
    const { clock, log, simulator, mirror, options } = this;
    const { forge, planted = HONEST } = options;
    const keeping = options.setting.answers === 'kept' ? stored : { ...stored, answers: null };
    const { app, server } = await assembleBot(this, { forge, clock, log, simulator, stored: keeping, mirror, planted });
    this.incarnations += 1;
    return new Incarnation(this.incarnations, app, server);
  }

  /** A sweep that fails, whatever the forge said, is made again later; but a mistake of ours is told. */
  private async sweepWith(app: App): Promise<void> {
    try {
      await sweepAll(app);
    } catch (error) {
      if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) throw error;
      this.log.warn({ err: error }, 'A sweep failed');
    }
  }

  /** Runs something of the bot's; `died` if it did not live to the end of it. */
  async run(name: string, work: (bot: Incarnation) => Promise<unknown>): Promise<'done' | 'died'> {
    const { bot } = this;
    const done = tasks.run(this.taskOf(name, bot), () => work(bot)).then(() => 'done' as const);
    return Promise.race([done, bot.death]);
  }

  /** One due job. */
  async work(): Promise<'worked' | 'idle' | 'died'> {
    const { bot } = this;
    const result = tasks.run(this.taskOf('a worker', bot), () => workOnce(bot.app));
    return Promise.race([result, bot.death]);
  }

  async sweep(): Promise<void> {
    await this.run('a sweep', ({ app }) => this.sweepWith(app));
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
    const answer = tasks.run(this.taskOf('the server', bot), () =>
      bot.server.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) }),
    );
    const first = await Promise.race([answer, bot.death]);
    return first === 'died' ? null : { status: first.statusCode, body: first.payload };
  }

  bumpHeaders(): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json' };
  }

  /** Their copy of the repository, made when it is first asked for; null where the forge refuses. */
  async forkOf(login: string): Promise<string | null> {
    const known = this.forks.get(login);
    if (known !== undefined) return known;
    const made = await this.simulator.forge.repositories.fork(REPOSITORY, login);
    if (!made.ok) return null;
    this.forks.set(login, made.value.fullName);
    return made.value.fullName;
  }

  async close(): Promise<void> {
    this.alive?.die();
    await this.alive?.server.close();
    await this.simulator.close();
    this.keeper.close();
    rmSync(this.directory, { recursive: true, force: true });
    globalThis.fetch = realFetch;
    tellRealTime();
  }

  private taskOf(name: string, incarnation: Incarnation): Task {
    return {
      name,
      incarnation,
      lane: null,
      fence: 0,
      began: this.moment,
      turn: Promise.resolve(),
      isStruck: false,
      about: null,
    };
  }

  /** A webhook arrives. */
  private async receive(post: Post): Promise<PostAnswer> {
    const { pathname } = new URL(post.url);
    const headers = lowerCased(post.headers);
    const answer = await this.ask({ method: 'POST', path: pathname, headers, body: post.body });
    return answer ?? { error: 'connection reset' };
  }

  /** Every reach of the bot comes by here: the script may step in, and the dead reach nothing. */
  private async reach<T>(reach: Reach, act: (task: Task) => Promise<T>): Promise<T> {
    const task = tasks.getStore();
    // Outside of any task: introducing itself when it is put together.
    if (task === undefined) return act(this.taskOf('an introduction', this.alive as Incarnation));
    const turn = task.turn.then(async () => {
      if (task.incarnation.isDead()) return silence<T>(reach);
      if (reach.kind === 'request') task.about = numberNamed(reach.path) ?? task.about;
      await outsideOfTasks(() => this.script.reached(reach, task));
      if (task.incarnation.isDead()) return silence<T>(reach);
      this.moment += 1;
      const result = await act(task);
      return task.incarnation.isDead() ? silence<T>(reach) : result;
    });
    task.turn = turn.catch(() => undefined);
    return turn;
  }

  port<T>(name: string, act: () => Promise<T>): Promise<T> {
    return this.reach({ kind: 'port', name }, act);
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
    if (fault !== null) task.isStruck = true;
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
    await outsideOfTasks(() => this.script.acted(request, task));
    return answerAfter(request, answer, fault);
  }
}
