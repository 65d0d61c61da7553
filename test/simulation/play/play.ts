/** Plays a scenario and says what became of it: steps one after the other, then faults stop and everything has to come to rest. */
import { createHash } from 'node:crypto';
import { Deeds } from '../acts/act.js';
import { perform, type ActName } from '../acts/acts.js';
import type { Planted } from '../bugs/planted-bug.js';
import { checkRest } from '../checks/rest.js';
import type { Violation } from '../checks/violation.js';
import { Watch } from '../checks/watch.js';
import { REPOSITORY } from '../ground.js';
import { Random } from '../random.js';
import { tellSetting } from '../setting.js';
import type { StoreKind } from '../world/stored.js';
import { World } from '../world/world.js';
import { Meddler, STALL, type Stage } from './meddler.js';
import type { Scenario, Step } from './script.js';

export interface Played {
  readonly violation: Violation | null;
  readonly steps: number;
  /** Of the bot to the forge. */
  readonly requests: number;
  /** Faults and interruptions that struck. */
  readonly faults: number;
  /** What happened, a sentence each, with the step's number. */
  readonly story: readonly { readonly step: number; readonly words: string }[];
  /** The same for the same seed, whatever the machine. */
  readonly fingerprint: string;
}

export interface PlaySettings {
  readonly planted?: Planted;
  /** `memory` when not given. */
  readonly store?: StoreKind;
}

/** Jobs of one settling, at most: more means that the bot goes round in circles. */
const MOST_JOBS = 600;
/** A step's clock moves by so much, in ms: what people do next bears another time. */
const BETWEEN_STEPS = 1000;

export async function play(scenario: Scenario, settings: PlaySettings = {}): Promise<Played> {
  const { forge, setting } = scenario;
  const { planted, store = 'memory' } = settings;
  const world = await World.start({ forge, setting, store, ...(planted === undefined ? {} : { planted }) });
  try {
    const tip = (await world.git.branchHead('main')) ?? '';
    return await new Playing(world, scenario, tip).run();
  } finally {
    await world.close();
  }
}

class Playing implements Stage {
  readonly #deeds: Deeds;
  readonly #watch: Watch;
  readonly #meddler: Meddler;
  readonly #story: { step: number; words: string }[] = [];
  #number = 0;

  constructor(
    readonly world: World,
    private readonly scenario: Scenario,
    tip: string,
  ) {
    this.#deeds = new Deeds(scenario.hot);
    this.#watch = new Watch(world, tip);
    this.#meddler = new Meddler(this);
  }

  async run(): Promise<Played> {
    const { world } = this;
    this.tell(tellSetting(this.scenario.setting, this.scenario.forge));
    world.monitor = this.#watch;
    world.script = this.#meddler;
    await this.#settle();
    let steps = 0;
    for (const step of this.scenario.steps) {
      steps += 1;
      await this.#playStep(step);
      if (this.#watch.violations.length > 0) break;
    }
    this.#meddler.begin(null);
    this.#number = 0;
    if (this.#watch.violations.length === 0) await this.#rest();
    return {
      violation: this.#watch.violations[0] ?? null,
      steps,
      requests: world.requests,
      faults: this.#meddler.struck,
      story: this.#story,
      fingerprint: this.#fingerprint(),
    };
  }

  async #playStep(step: Step): Promise<void> {
    this.#number = step.number;
    this.#meddler.begin(step);
    this.world.clock.advance(BETWEEN_STEPS);
    await this.act(step.act, step.seed, step.about === 'arc' ? this.#deeds.focus : null);
    this.#troubleDeliveries(step);
    if (step.afterwards === 'everything') await this.#settle();
    if (step.afterwards === 'something') await this.#settleSome(new Random(step.seed ^ 0x5bd1e995));
    await this.#raiseTheDead();
  }

  async act(name: ActName, seed: number, focus: number | null): Promise<void> {
    const words = await perform(name, { world: this.world, deeds: this.#deeds, random: new Random(seed), focus });
    if (words !== null) this.tell(words);
  }

  tell(words: string): void {
    this.#story.push({ step: this.#number, words });
  }

  #troubleDeliveries({ deliveries: fault, seed }: Step): void {
    const { deliveries } = this.world.simulator;
    const numbers = deliveries.pending().map((one) => one.number);
    if (fault === null || numbers.length === 0) return;
    const random = new Random(seed ^ 0x9e3779b9);
    this.#meddler.strike(`webhooks: ${fault}`);
    if (fault === 'shuffle')
      deliveries.reorder(
        numbers
          .map((number) => [random.next(), number] as const)
          .toSorted()
          .map(([, number]) => number),
      );
    else for (const number of numbers) if (random.chance(0.7)) deliveries[fault](number);
  }

  /** Delivers and works until nothing is left that is due. */
  async #settle(): Promise<void> {
    const { world } = this;
    for (let jobs = 0; jobs < MOST_JOBS; jobs += 1) {
      if (this.#watch.violations.length > 0) return;
      const result = await world.work();
      await this.#raiseTheDead();
      if (result !== 'idle') continue;
      if ((await world.simulator.deliveries.deliverNext()) === undefined) return;
      await this.#raiseTheDead();
    }
    this.#watch.broken('rest', `the bot did ${MOST_JOBS} jobs and was not done`);
  }

  async #settleSome(random: Random): Promise<void> {
    const { world } = this;
    const count = random.between(1, 12);
    for (let index = 0; index < count; index += 1) {
      if (random.chance(0.5)) await world.work();
      else await world.simulator.deliveries.deliverNext();
      await this.#raiseTheDead();
    }
  }

  /** Who died is started again; what it had in hand is given out again once its claim is over. */
  async #raiseTheDead(): Promise<void> {
    while (this.world.bot.isDead()) {
      this.world.clock.advance(STALL);
      await this.world.restart(this.#meddler.rebirth);
    }
  }

  /** Faults stop. */
  async #rest(): Promise<void> {
    this.tell('faults stop');
    const { world } = this;
    await checkRest({ world, watch: this.#watch, deeds: this.#deeds, settle: () => this.#settle() });
  }

  #fingerprint(): string {
    const { forge } = this.world.simulator;
    const pulls = forge.pullRequests.of(REPOSITORY).map((pull) => [pull.number, pull.state, pull.headSha]);
    const lines = this.#story.map(({ words }) => words);
    return createHash('sha256')
      .update(JSON.stringify([pulls, lines, this.world.moment]))
      .digest('hex')
      .slice(0, 16);
  }
}
