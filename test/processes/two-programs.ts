/** `lockkeeper simulator` and `lockkeeper serve`, two processes: the first prints the settings that the second is started with. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoStory } from '../../src/cli/demo/demo-story.js';
import { playRelease, type PlayedRelease } from '../../src/cli/demo/play-release.js';
import type { Narrator, ReleaseEvent } from '../../src/cli/demo/release-events.js';
import { freePort } from '../../src/cli/free-port.js';
import { startProgram, type Program } from './programs.js';

const REMOVE = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 } as const;
const API_TOKEN = 'api-token-of-two-programs';
/** In ms: a look takes both the forge and the test several. */
const BETWEEN_LOOKS = 250;

export class TwoPrograms {
  #bot: Program | null = null;
  readonly #bots: Program[] = [];
  readonly events: ReleaseEvent[] = [];

  private constructor(
    readonly forgeUrl: string,
    readonly botUrl: string,
    private readonly simulator: Program,
    private settings: Readonly<Record<string, string>>,
    private readonly directory: string,
  ) {}

  /** `more`: further settings of the bot. */
  static async start(forge: 'github' | 'gitlab', more: Readonly<Record<string, string>> = {}): Promise<TwoPrograms> {
    const directory = await mkdtemp(join(tmpdir(), 'two-programs-'));
    const port = await freePort();
    const botUrl = `http://127.0.0.1:${port}`;
    const webhooks = `${botUrl}/api/${forge}/webhooks`;
    const simulator = startProgram(['simulator', '--forge', forge, '--port', '0', '--webhook-url', webhooks]);
    await simulator.until(/Ctrl-C ends it/);
    const printed = [...simulator.output().matchAll(/^ {2}([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]);
    const settings = {
      ...Object.fromEntries(printed),
      DATA_DIR: join(directory, 'data'),
      PORT: String(port),
      LOCKKEEPER_API_TOKEN: API_TOKEN,
      ...more,
    };
    const [, forgeUrl = ''] = /runs at (\S+)/.exec(simulator.output()) ?? [];
    return new TwoPrograms(forgeUrl, botUrl, simulator, settings, directory);
  }

  /** What the last bots printed, for a test that fails. */
  log(): string {
    return this.#bots
      .slice(-3)
      .map((bot) => `${bot.output()}${bot.errors()}`)
      .join('--- killed ---\n');
  }

  /** What Prometheus is told by the bot. */
  async metrics(): Promise<string> {
    const answer = await fetch(`${this.botUrl}/metrics`, { headers: { authorization: `Bearer ${API_TOKEN}` } });
    if (answer.status !== 200) throw new Error(`GET /metrics: ${answer.status}`);
    return answer.text();
  }

  startBot(role: 'all' | 'web' = 'all'): Program {
    this.#bot = startProgram(['serve', '--role', role], this.settings);
    this.#bots.push(this.#bot);
    return this.#bot;
  }

  /** A process that works beside the bot, with a port and mirrors of its own; ended by who started it. */
  startWorker(name: string): Program {
    const settings = { ...this.settings, PORT: '0', DATA_DIR: join(this.directory, name) };
    const worker = startProgram(['serve', '--role', 'worker'], settings);
    this.#bots.push(worker);
    return worker;
  }

  get bot(): Program {
    if (this.#bot === null) throw new Error('The bot was not started');
    return this.#bot;
  }

  /** Further settings of bots that are started from now on. */
  set(more: Readonly<Record<string, string>>): void {
    this.settings = { ...this.settings, ...more };
  }

  /** Ends the bot where it stands. */
  async kill(data: 'kept' | 'deleted'): Promise<void> {
    await this.bot.end('SIGKILL');
    // What git was doing for the bot may go on for a moment, and write.
    if (data === 'deleted') await rm(join(this.directory, 'data'), REMOVE);
  }

  /** `limit`: how long a step may take, in ms. */
  async play(onEvent: Narrator = () => undefined, limit?: number): Promise<PlayedRelease> {
    const { script } = await demoStory();
    const { forgeUrl, botUrl } = this;
    const narrate: Narrator = async (event) => {
      this.events.push(event);
      await onEvent(event);
    };
    return playRelease({
      forgeUrl,
      botUrl,
      apiToken: API_TOKEN,
      script,
      narrate,
      interval: BETWEEN_LOOKS,
      ...(limit === undefined ? {} : { limit }),
    });
  }

  async control(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.forgeUrl}/_simulator${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  async close(): Promise<void> {
    await this.#bot?.end('SIGKILL');
    await this.simulator.end('SIGTERM');
    await rm(this.directory, REMOVE);
  }
}
