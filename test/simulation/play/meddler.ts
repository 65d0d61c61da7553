/** The world's script for one seed: what the scenario planned happens when the bot reaches out, each thing at its own count. */
import type { ActName } from '../acts/acts.js';
import { isMerge, type BotRequest, type Reach, type RequestFault, type Script, type Task } from '../world/reach.js';
import { asksForToken } from '../world/tasks.js';
import type { World } from '../world/world.js';
import type { Step } from './script.js';
import type { Interruption } from './trouble.js';

/** A claim lasts a minute. */
export const STALL = 61_000;

export interface Stage {
  readonly world: World;
  /** Carries out an act in the middle of the bot's work. `focus`: the pull request that the work is about. */
  act(name: ActName, seed: number, focus: number | null): Promise<void>;
  tell(words: string): void;
}

export class Meddler implements Script {
  /** Faults and interruptions that struck. */
  struck = 0;
  /** With what data the bot starts again when it died. */
  rebirth: 'keep' | 'empty' = 'keep';
  #step: Step | null = null;
  #reaches = 0;
  #merging = 0;
  #lastLooks = 0;
  /** How often each task fetched. */
  readonly #fetches = new WeakMap<Task, number>();
  #requests = 0;
  #writes = 0;
  #merges = 0;
  #dieAfterwards = false;
  #depth = 0;
  /** How many of those interrupted are about to send a write. */
  #atWrites = 0;

  constructor(private readonly stage: Stage) {}

  /** Counts anew. Null: nothing goes wrong from now on. */
  begin(step: Step | null): void {
    this.#step = step;
    this.#reaches = 0;
    this.#merging = 0;
    this.#lastLooks = 0;
    this.#requests = 0;
    this.#writes = 0;
    this.#merges = 0;
    if (step === null) this.#dieAfterwards = false;
  }

  async reached(reach: Reach, task: Task): Promise<void> {
    const step = this.#step;
    if (step === null || this.#depth > 1 || task.incarnation.isDead()) return;
    this.#reaches += 1;
    const isMerging = task.name === 'merge-queue';
    const isLastLook = isMerging && this.#isLastLook(reach, task);
    if (isMerging) this.#merging += 1;
    if (isLastLook) this.#lastLooks += 1;
    const counts = {
      reaches: this.#reaches,
      merging: isMerging ? this.#merging : 0,
      'last looks': isLastLook ? this.#lastLooks : 0,
    };
    for (const { at, of, what } of step.interruptions) if (at === counts[of]) await this.#interrupt(what, reach, task);
  }

  /** It has read the branch, everything that it merges, and fetches once more. */
  #isLastLook(reach: Reach, task: Task): boolean {
    if (reach.kind !== 'port' || reach.name !== 'fetch') return false;
    const before = this.#fetches.get(task) ?? 0;
    this.#fetches.set(task, before + 1);
    return before > 0;
  }

  fault(request: BotRequest): RequestFault | null {
    const step = this.#step;
    if (step === null) return null;
    const merges = isMerge(request);
    this.#requests += 1;
    if (request.write) this.#writes += 1;
    if (merges) this.#merges += 1;
    const planned = step.faults.find(({ at, of }) => {
      if (of === 'requests') return at === this.#requests;
      return of === 'merges' ? merges && at === this.#merges : request.write && at === this.#writes;
    });
    if (planned === undefined) return null;
    const { fault } = planned;
    const status = 'status' in fault ? ` ${fault.status}` : '';
    this.strike(`${request.method} ${request.path}: ${fault.kind}${status}`);
    return fault;
  }

  async acted(_request: BotRequest, task: Task): Promise<void> {
    if (!this.#dieAfterwards) return;
    this.#dieAfterwards = false;
    task.incarnation.die();
  }

  strike(words: string): void {
    this.struck += 1;
    this.stage.tell(words);
  }

  async #interrupt(what: Interruption, reach: Reach, task: Task): Promise<void> {
    const where = reach.kind === 'request' ? `${reach.method} ${reach.path}` : reach.name;
    const writes = reach.kind === 'request' && reach.write ? 1 : 0;
    this.#depth += 1;
    this.#atWrites += writes;
    try {
      await this.#happen(what, { reach, task, during: `during ${task.name}, at ${where}:` });
    } finally {
      this.#depth -= 1;
      this.#atWrites -= writes;
    }
  }

  async #happen(what: Interruption, { reach, task, during }: Moment): Promise<void> {
    const write = reach.kind === 'request' && reach.write;
    const { world } = this.stage;
    // Another worker of the same process would wait for the same token, and this one for that worker.
    if (asksForToken(reach) && (what.kind === 'worker' || what.kind === 'stall')) return;
    switch (what.kind) {
      case 'crash':
        this.strike(`${during} the bot dies${what.data === 'empty' ? ' and its data is lost' : ''}`);
        this.rebirth = what.data;
        task.incarnation.die();
        return;
      case 'crash-after':
        if (!write) return;
        this.strike(`${during} the bot dies before it hears the answer`);
        this.rebirth = 'keep';
        this.#dieAfterwards = true;
        return;
      case 'act':
        // No forge compares and swaps where a branch is forced or deleted: what is pushed in that instant is a known limit.
        if (write && /\/git\/refs|\/repository\/(commits|branches)/.test(reach.path)) return;
        this.strike(`${during} meanwhile`);
        return this.stage.act(what.act, what.seed, task.about);
      case 'worker':
        this.strike(`${during} another worker works`);
        return this.#workBeside(what.jobs);
      case 'stall':
        // Between the last look at the claim and the request nothing of ours waits, nor while another works in that instant.
        if (this.#atWrites > 0) return;
        this.strike(`${during} the worker stands still for a minute and another takes over`);
        world.clock.advance(STALL);
        return this.#workBeside(4);
      case 'deliveries':
        this.strike(`${during} webhooks come`);
        await world.simulator.deliveries.deliverNext();
        return;
    }
  }

  async #workBeside(jobs: number): Promise<void> {
    for (let index = 0; index < jobs; index += 1) {
      if ((await this.stage.world.work()) !== 'worked') return;
    }
  }
}

interface Moment {
  readonly reach: Reach;
  readonly task: Task;
  /** The first words of its sentence. */
  readonly during: string;
}
