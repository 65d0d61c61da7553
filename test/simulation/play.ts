/** Plays a scenario and says what became of it: steps one after the other, then faults stop and everything has to come to rest. */
import { createHash } from 'node:crypto';
import { Deeds, perform, type ActName } from './actors.js';
import { REPOSITORY } from './ground.js';
import { Watch, type Violation } from './monitor.js';
import type { Planted } from './planted.js';
import { Random } from './random.js';
import { checkRest } from './rest.js';
import type { Interruption, Scenario, Step } from './script.js';
import { World, type BotRequest, type Reach, type RequestFault, type Script, type Task } from './world.js';

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

/** Jobs of one settling, at most: more means that the bot goes round in circles. */
const MOST_JOBS = 600;
/** A step's clock moves by so much, in ms: what people do next bears another time. */
const BETWEEN_STEPS = 1000;
/** A claim lasts a minute. */
const STALL = 61_000;

export async function play(scenario: Scenario, planted?: Planted): Promise<Played> {
  const { forge, variant } = scenario;
  const world = await World.start({ forge, variant, ...(planted === undefined ? {} : { planted }) });
  try {
    const tip = (await world.git.branchHead('main')) ?? '';
    return await new Playing(world, scenario, tip).run();
  } finally {
    await world.close();
  }
}

class Playing implements Script {
  readonly #deeds = new Deeds();
  readonly #watch: Watch;
  readonly #story: { step: number; words: string }[] = [];
  #step: Step | null = null;
  #reaches = 0;
  #requests = 0;
  #writes = 0;
  #faults = 0;
  #dieAfterwards = false;
  #depth = 0;

  constructor(
    private readonly world: World,
    private readonly scenario: Scenario,
    tip: string,
  ) {
    this.#watch = new Watch(world, tip);
  }

  async run(): Promise<Played> {
    const { world } = this;
    world.monitor = this.#watch;
    world.script = this;
    await this.#settle();
    let steps = 0;
    for (const step of this.scenario.steps) {
      steps += 1;
      await this.#playStep(step);
      if (this.#watch.violations.length > 0) break;
    }
    this.#step = null;
    if (this.#watch.violations.length === 0) await this.#rest();
    return {
      violation: this.#watch.violations[0] ?? null,
      steps,
      requests: world.requests,
      faults: this.#faults,
      story: this.#story,
      fingerprint: this.#fingerprint(),
    };
  }

  async #playStep(step: Step): Promise<void> {
    const { world } = this;
    this.#step = step;
    this.#reaches = 0;
    this.#requests = 0;
    this.#writes = 0;
    world.clock.advance(BETWEEN_STEPS);
    await this.#act(step.act, step.seed);
    this.#troubleDeliveries(step);
    if (step.afterwards === 'everything') await this.#settle();
    if (step.afterwards === 'something') await this.#settleSome(new Random(step.seed ^ 0x5bd1e995));
    await this.#raiseTheDead();
  }

  async #act(name: ActName, seed: number): Promise<void> {
    const words = await perform(name, { world: this.world, deeds: this.#deeds, random: new Random(seed) });
    if (words !== null) this.#tell(words);
  }

  #tell(words: string): void {
    this.#story.push({ step: this.#step?.number ?? 0, words });
  }

  #troubleDeliveries({ deliveries: fault, seed }: Step): void {
    const { deliveries } = this.world.simulator;
    const numbers = deliveries.pending().map((one) => one.number);
    if (fault === null || numbers.length === 0) return;
    this.#faults += 1;
    const random = new Random(seed ^ 0x9e3779b9);
    this.#tell(`webhooks: ${fault}`);
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
      await this.world.restart(this.#rebirth);
    }
  }

  #rebirth: 'keep' | 'empty' = 'keep';

  async reached(reach: Reach, task: Task): Promise<void> {
    const step = this.#step;
    if (step === null || this.#depth > 1 || task.incarnation.isDead()) return;
    this.#reaches += 1;
    for (const { at, what } of step.interruptions) if (at === this.#reaches) await this.#interrupt(what, reach, task);
  }

  async #interrupt(what: Interruption, reach: Reach, task: Task): Promise<void> {
    const write = reach.kind === 'request' && reach.write;
    const where = reach.kind === 'request' ? `${reach.method} ${reach.path}` : reach.name;
    const during = `during ${task.name}, at ${where}:`;
    this.#depth += 1;
    try {
      switch (what.kind) {
        case 'crash':
          this.#strike(`${during} the bot dies${what.data === 'empty' ? ' and its data is lost' : ''}`);
          this.#rebirth = what.data;
          task.incarnation.die();
          return;
        case 'crash-after':
          if (!write) return;
          this.#strike(`${during} the bot dies before it hears the answer`);
          this.#rebirth = 'keep';
          this.#dieAfterwards = true;
          return;
        case 'act':
          // No forge compares and swaps where a branch is forced or deleted: what is pushed in that instant is a known limit.
          if (write && /\/git\/refs|\/repository\/(commits|branches)/.test(reach.path)) return;
          this.#strike(`${during} meanwhile`);
          return await this.#act(what.act, what.seed);
        case 'worker':
          this.#strike(`${during} another worker works`);
          return await this.#workBeside(what.jobs);
        case 'stall':
          // Between the last look at the claim and the request nothing of ours waits.
          if (write) return;
          this.#strike(`${during} the worker stands still for a minute and another takes over`);
          this.world.clock.advance(STALL);
          return await this.#workBeside(4);
        case 'deliveries':
          this.#strike(`${during} webhooks come`);
          await this.world.simulator.deliveries.deliverNext();
          return;
      }
    } finally {
      this.#depth -= 1;
    }
  }

  #strike(words: string): void {
    this.#faults += 1;
    this.#tell(words);
  }

  async #workBeside(jobs: number): Promise<void> {
    for (let index = 0; index < jobs; index += 1) {
      if ((await this.world.work()) !== 'worked') return;
    }
  }

  fault(request: BotRequest): RequestFault | null {
    const step = this.#step;
    if (step === null) return null;
    this.#requests += 1;
    if (request.write) this.#writes += 1;
    const planned = step.faults.find(({ at, of }) =>
      of === 'requests' ? at === this.#requests : request.write && at === this.#writes,
    );
    if (planned === undefined) return null;
    const { fault } = planned;
    const status = 'status' in fault ? ` ${fault.status}` : '';
    this.#strike(`${request.method} ${request.path}: ${fault.kind}${status}`);
    return fault;
  }

  async acted(_request: BotRequest, task: Task): Promise<void> {
    if (!this.#dieAfterwards) return;
    this.#dieAfterwards = false;
    task.incarnation.die();
  }

  /** Faults stop. */
  async #rest(): Promise<void> {
    this.#tell('faults stop');
    this.#dieAfterwards = false;
    await checkRest({
      world: this.world,
      watch: this.#watch,
      deeds: this.#deeds,
      settle: () => this.#settle(),
    });
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
