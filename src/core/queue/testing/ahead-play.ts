/** Plays rounds that verify ahead, in a world where checks end when they please and entries leave when they please, for tests. */
import { planAhead, sortBatches, type AheadBatch } from '../plan-ahead.js';
import { planRound, type Batch, type RoundEntry, type RoundFacts, type Verification } from '../plan-round.js';
import { entry, on } from './round-facts.js';

export interface AheadChange {
  readonly target: string;
  readonly together: 'works' | 'breaks';
}

/** What happens outside while checks run: one of them ends, or somebody leaves the queue. */
export type Happening = 'batch-ends' | 'ahead-ends' | 'somebody-leaves';

/** Of a batch that runs: its result shows once its checks have ended. */
interface Standing extends AheadBatch {
  readonly verdict: 'passed' | 'failed';
}

/** Rounds until nothing is left to do. Throws where something is merged that was not proven, or turned out without having failed. */
export class AheadPlay {
  readonly merged: number[] = [];
  readonly left: number[] = [];
  /** Batches that were verified ahead and became the batch. */
  used = 0;
  #standing: readonly Standing[] = [];

  constructor(
    private readonly changes: readonly AheadChange[],
    private readonly parallel: RoundFacts['parallel'],
    happenings: readonly Happening[],
  ) {
    const waiting = [...happenings];
    // Afterwards checks end in their order.
    for (let steps = 0; this.#step(waiting) === 'goes-on'; steps += 1)
      if (steps > 50 * (changes.length + 1)) throw new Error('it does not come to rest');
  }

  #step(happenings: Happening[]): 'goes-on' | 'rests' {
    const { batch, ahead } = sortBatches(this.#standing);
    const facts: RoundFacts = { entries: this.#entries(), parallel: this.parallel, verify: 'batch', batch };
    const round = planRound(facts);
    const plan = planAhead({ facts, round, ahead, speculate: 'checks' });
    if (plan.kind !== 'keep') this.#standing = this.#standing.filter((each) => each !== ahead);
    if (plan.kind === 'make') this.#verify(plan.verification, plan.after);
    const [first] = round.merges;
    if (first !== undefined) this.#merge(first.number, first.on, batch);
    else if (round.culprit !== null) this.#turnOut(round.culprit);
    else if (round.verify !== null) {
      this.#standing = this.#standing.filter((each) => each !== batch);
      this.#verify(round.verify, []);
    } else if (batch?.result === 'pending') this.#happen(happenings.shift() ?? 'batch-ends', { batch, ahead });
    else return 'rests';
    return 'goes-on';
  }

  #entries(): readonly RoundEntry[] {
    return this.changes.flatMap(({ target }, number) =>
      this.merged.includes(number) || this.left.includes(number)
        ? []
        : [entry(number, { touches: on(target), evidence: this.#isStale(number) ? 'stale' : 'fresh' })],
    );
  }

  #isStale(number: number): boolean {
    return this.merged.some((other) => this.changes[other]?.target === this.changes[number]?.target);
  }

  #breaks(number: number): boolean {
    return this.changes[number]?.together === 'breaks';
  }

  #verify({ numbers, suspects, size }: Verification, after: Batch['entries']): void {
    const all = [...after.map(({ number }) => number), ...numbers];
    const verdict = all.some((number) => this.#breaks(number)) ? 'failed' : 'passed';
    const entries = numbers.map((number) => ({ number, head: `h${number}` }));
    const made = { entries, after, suspects, size, verdict, result: 'pending', evidence: 'holds' } as const;
    this.#standing = [...this.#standing, made];
  }

  #merge(number: number, by: 'own-checks' | 'batch', batch: Standing | null): void {
    if (by === 'own-checks' && this.#isStale(number)) throw new Error(`#${number} was not verified`);
    if (by === 'batch' && (this.#breaks(number) || batch?.result !== 'passed' || batch.after.length > 0))
      throw new Error(`#${number} may break the branch`);
    this.merged.push(number);
    const without = (members: Batch['entries']) => members.filter((each) => each.number !== number);
    const before = sortBatches(this.#standing).batch;
    this.#standing = this.#standing.map((each) => ({
      ...each,
      entries: without(each.entries),
      after: without(each.after),
    }));
    const { batch: now, over } = sortBatches(this.#standing);
    if (now !== null && before !== null && now.entries.length > 0 && over.length > 0) this.used += 1;
    this.#standing = this.#standing.filter((each) => !over.includes(each));
  }

  #turnOut(culprit: number): void {
    if (!this.#breaks(culprit)) throw new Error(`#${culprit} is innocent`);
    this.left.push(culprit);
  }

  #happen(happening: Happening, { batch, ahead }: { readonly batch: Standing; readonly ahead: Standing | null }): void {
    const end = (which: Standing) => {
      this.#standing = this.#standing.map((each) => (each === which ? { ...each, result: each.verdict } : each));
    };
    const somebody = (ahead ?? batch).entries.find(({ number }) => !this.left.includes(number));
    if (happening === 'somebody-leaves' && somebody !== undefined) this.left.push(somebody.number);
    else if (happening === 'ahead-ends' && ahead?.result === 'pending') end(ahead);
    else end(batch);
  }
}
