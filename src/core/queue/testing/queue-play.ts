/** Plays rounds one after the other in a world where changes may break what they meet, for tests. */
import {
  planRound,
  type Batch,
  type Round,
  type RoundEntry,
  type RoundFacts,
  type Verification,
} from '../plan-round.js';
import { batch, entry, on } from './round-facts.js';

/** A change in a world where some changes break what they meet, though their own checks are green. */
export interface Change {
  readonly target: string;
  readonly own: 'green' | 'red';
  readonly together: 'works' | 'breaks';
}

type Manner = Pick<RoundFacts, 'parallel' | 'verify'>;

/** Rounds until nothing is left to do; a check run ends before the next round. Throws where the branch would break. */
export class Play {
  readonly merged: number[] = [];
  readonly left: number[] = [];
  rounds = 0;
  /** Rounds it took until each of `left` was found. */
  readonly foundIn: number[] = [];
  #batch: Batch | null = null;

  constructor(
    private readonly changes: readonly Change[],
    private readonly manner: Manner,
  ) {
    while (this.#step(planRound({ ...manner, entries: this.#entries(), batch: this.#batch })) === 'goes-on');
  }

  #entries(): readonly RoundEntry[] {
    return this.changes.flatMap(({ target, own }, number) => {
      if (this.merged.includes(number) || this.left.includes(number)) return [];
      const standing = own === 'red' ? 'blocked' : 'ready';
      return [entry(number, { touches: on(target), standing, evidence: this.#evidence(number) })];
    });
  }

  #evidence(number: number): RoundEntry['evidence'] {
    const target = this.changes[number]?.target;
    return this.merged.some((other) => this.changes[other]?.target === target) ? 'stale' : 'fresh';
  }

  #breaks(numbers: readonly number[]): boolean {
    return numbers.some((number) => this.changes[number]?.together === 'breaks');
  }

  #step(round: Round): 'goes-on' | 'rests' {
    const [first] = round.merges;
    if (first !== undefined) this.#merge(first.number, first.on);
    else if (round.culprit !== null) this.#turnOut(round.culprit);
    else if (round.verify !== null) this.#verify(round.verify);
    else return 'rests';
    return 'goes-on';
  }

  #merge(number: number, on: 'own-checks' | 'batch'): void {
    if (this.changes[number]?.own === 'red') throw new Error(`#${number} was merged with red checks`);
    const unproven = on === 'batch' ? this.#breaks([number]) : this.#evidence(number) === 'stale';
    if (this.manner.verify === 'batch' && unproven) throw new Error(`#${number} may break the branch`);
    this.merged.push(number);
    if (this.#batch === null) return;
    this.#batch = { ...this.#batch, entries: this.#batch.entries.filter((each) => each.number !== number) };
  }

  #turnOut(culprit: number): void {
    if (!this.#breaks([culprit])) throw new Error(`#${culprit} is innocent`);
    this.left.push(culprit);
    this.foundIn.push(this.rounds);
  }

  #verify({ numbers, suspects, size }: Verification): void {
    this.rounds += 1;
    const result = this.#breaks(numbers) ? 'failed' : 'passed';
    this.#batch = batch(numbers, { suspects, size, result });
  }
}
