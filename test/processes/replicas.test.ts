/**
 * A release while web, two workers and Redis are restarted in turn: gently, and where they stand. Killed after each event, the workers are at
 * whatever effect comes next.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { RedisServer } from '../tools/redis-server.js';
import { describeWithTool } from '../tools/require-tool.js';
import { expectOneRelease } from './expect-one-release.js';
import type { Program } from './programs.js';
import { TwoPrograms } from './two-programs.js';

const BEFORE_THE_START = ['started', 'release-planned'];
/** A process takes seconds to start, and a release has some twenty-five events. */
const EVERY = 3;

class Replicas {
  readonly #workers: Program[] = [];
  readonly done: string[] = [];
  #steps = 0;

  constructor(
    private readonly programs: TwoPrograms,
    private readonly redis: RedisServer,
  ) {}

  async start(): Promise<void> {
    await this.programs.startBot('web').until(/is listening/);
    for (const index of [0, 1]) this.#startWorker(index);
  }

  /** One process after the other. */
  async restartNext(): Promise<void> {
    const step = this.#steps++;
    const steps = [
      () => this.#restartWorker(0, 'SIGTERM'),
      () => this.#restartWorker(1, 'SIGTERM'),
      () => this.#restartWeb(),
      () => this.#restartWorker(0, 'SIGKILL'),
      () => this.#restartRedis(),
      () => this.#restartWorker(1, 'SIGKILL'),
    ];
    await steps[step % steps.length]?.();
  }

  /** The statuses with which all ended. */
  async end(): Promise<readonly (number | string)[]> {
    await Promise.all(this.#workers.map((worker) => worker.until(/is listening/)));
    return Promise.all([this.programs.bot, ...this.#workers].map((program) => program.end('SIGTERM')));
  }

  async kill(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.end('SIGKILL')));
  }

  #startWorker(index: number): void {
    this.#workers[index] = this.programs.startWorker(`worker-${index}`);
  }

  async #restartWorker(index: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const worker = this.#workers[index];
    await worker?.until(/is listening/);
    expect(await worker?.end(signal)).toBe(signal === 'SIGTERM' ? 0 : signal);
    this.#startWorker(index);
    this.done.push(`worker ${signal}`);
  }

  async #restartWeb(): Promise<void> {
    expect(await this.programs.bot.end('SIGTERM')).toBe(0);
    await this.programs.startBot('web').until(/is listening/);
    this.done.push('web');
  }

  async #restartRedis(): Promise<void> {
    // A process that finds no Redis as it starts ends, for whoever runs it to start again: nobody does here.
    await Promise.all(this.#workers.map((worker) => worker.until(/is listening/)));
    await this.redis.kill();
    expect((await fetch(`${this.programs.botUrl}/readyz`)).status).toBe(503);
    await this.redis.restart();
    this.done.push('redis');
  }
}

describeWithTool('redis-server', 'web and two workers behind one Redis', () => {
  let redis: RedisServer | null = null;
  let programs: TwoPrograms | null = null;
  let replicas: Replicas | null = null;
  afterEach(async () => {
    await replicas?.kill();
    await programs?.close();
    await redis?.close();
    [redis, programs, replicas] = [null, null, null];
  });

  describe('a release while each of them is restarted', () => {
    it('arrives, and nothing is doubled', { timeout: 240_000 }, async () => {
      redis = await RedisServer.start();
      programs = await TwoPrograms.start('github', { REDIS_URL: redis.url, SWEEP_INTERVAL: '2s' });
      const all = new Replicas(programs, redis);
      replicas = all;
      await all.start();
      let events = 0;
      const played = await programs.play(async ({ event }) => {
        if (BEFORE_THE_START.includes(event)) return;
        events += 1;
        if (events % EVERY === 0) await all.restartNext();
      });
      await expectOneRelease(programs, played);
      expect(new Set(all.done)).toEqual(new Set(['worker SIGTERM', 'worker SIGKILL', 'web', 'redis']));
      expect(await all.end()).toEqual([0, 0, 0]);
    });
  });
});
