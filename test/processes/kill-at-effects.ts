/** A release during which the bot is killed at every kind of effect: right before the forge hears of it, and right after it has acted. */
import { expect } from 'vitest';
import type { RedisServer } from '../tools/redis-server.js';
import { EffectGate, type Boundary, type EffectKind, type EffectWatcher } from './effect-gate.js';
import { expectOneRelease } from './expect-one-release.js';
import { TwoPrograms } from './two-programs.js';

export interface KillPlan {
  readonly forge: 'github' | 'gitlab';
  /** In place of SQLite; killed and started again with every third kill of the bot. */
  readonly redis: RedisServer | null;
}

/** In ms, for one step of the release: at some steps the bot is killed ten times. */
const LONGEST_STEP = 240_000;

export async function killAtEffects({ forge, redis }: KillPlan): Promise<void> {
  // What webhooks told while no bot was there is found by the sweep after the next start, at most half of this later.
  const more = { SWEEP_INTERVAL: '4s', ...(redis === null ? {} : { REDIS_URL: redis.url }) };
  const programs = await TwoPrograms.start(forge, more);
  const killer = new Killer(programs, redis);
  const gate = await EffectGate.start(programs.forgeUrl, killer);
  try {
    programs.set(forge === 'github' ? { GITHUB_API_URL: `${gate.url}/api/v3` } : { GITLAB_URL: gate.url });
    programs.startBot();
    const played = await programs.play(() => undefined, LONGEST_STEP);
    await expectOneRelease(programs, played);
    killer.expectAll();
  } finally {
    await programs.close();
    await gate.close();
  }
}

/** Kills at the first effect of a kind before it, and at the next one of that kind, which is the same sent again, after it. */
class Killer implements EffectWatcher {
  readonly #done = new Map<EffectKind, Boundary>();
  #kills = 0;

  constructor(
    private readonly programs: TwoPrograms,
    private readonly redis: RedisServer | null,
  ) {}

  async at(boundary: Boundary, effect: EffectKind): Promise<'go-on' | 'dead'> {
    const done = this.#done.get(effect);
    if (done === 'after' || (boundary === 'before') === (done === 'before')) return 'go-on';
    this.#done.set(effect, boundary);
    this.#kills += 1;
    await this.#kill();
    return 'dead';
  }

  /** Every kind was killed on both sides. */
  expectAll(): void {
    const kinds = [...this.#done.keys()].toSorted();
    expect(kinds.filter((kind) => this.#done.get(kind) !== 'after')).toEqual([]);
    expect(kinds.length, kinds.join(', ')).toBeGreaterThanOrEqual(8);
  }

  async #kill(): Promise<void> {
    const isThird = this.#kills % 3 === 0;
    // What a build asked for is nowhere else until there is a pull request of it: a build whose request was lost asks again.
    const isLost = isThird && this.redis === null && this.#done.has('POST /pulls');
    if (isThird) await this.redis?.kill();
    await this.programs.kill(isLost ? 'deleted' : 'kept');
    if (isThird) await this.redis?.restart();
    this.programs.startBot();
  }
}
