/** Three merge queues over the same changes: one at a time, plain batches, and Lockkeeper's rounds. */
import { planRound, type Batch, type Round, type RoundEntry } from '../../src/core/queue/plan-round.js';
import { Branch, type Change } from './changes.js';

/** Minutes. */
export const CHECKS = 10;
/** Forges ask for some seconds between merges. */
const MERGE = 3 / 60;

export interface Outcome {
  readonly merged: number;
  readonly minutes: number;
  /** Check runs that the queue spent, without the one that each change had on its own head. */
  readonly queueRuns: number;
  readonly broken: number;
}

/** Each is brought up to date, checked, merged. */
export function playSerial(changes: readonly Change[]): Outcome {
  const branch = new Branch();
  let minutes = 0;
  for (const change of changes) {
    minutes += CHECKS;
    if (branch.checks([change]) === 'red') continue;
    branch.merge(change);
    minutes += MERGE;
  }
  return { merged: branch.merged.length, minutes, queueRuns: changes.length, broken: branch.broken };
}

/** So many are checked as one; when they fail, each half is checked by itself. */
const PLAIN_BATCH = 8;

export function playBatches(changes: readonly Change[]): Outcome {
  const branch = new Branch();
  let [minutes, queueRuns] = [0, 0];
  const waiting: (readonly Change[])[] = [];
  for (let at = 0; at < changes.length; at += PLAIN_BATCH) waiting.push(changes.slice(at, at + PLAIN_BATCH));
  for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
    minutes += CHECKS;
    queueRuns += 1;
    const half = Math.ceil(group.length / 2);
    if (branch.checks(group) === 'green') {
      for (const change of group) branch.merge(change);
      minutes += MERGE * group.length;
    } else if (group.length > 1) waiting.unshift(group.slice(0, half), group.slice(half));
  }
  return { merged: branch.merged.length, minutes, queueRuns, broken: branch.broken };
}

/** Lockkeeper's own planner, `verify: batch`. */
export function playRounds(changes: readonly Change[]): Outcome {
  const play = new Rounds(changes);
  while (play.step() === 'goes-on');
  return { merged: play.branch.merged.length, minutes: play.minutes, queueRuns: play.runs, broken: play.branch.broken };
}

class Rounds {
  readonly branch = new Branch();
  minutes = 0;
  runs = 0;
  #waiting: readonly Change[];
  #batch: Batch | null = null;

  constructor(changes: readonly Change[]) {
    this.#waiting = changes;
  }

  step(): 'goes-on' | 'rests' {
    const entries = this.#waiting.map((change) => entryOf(change, this.branch));
    const round = planRound({ entries, parallel: 'on', verify: 'batch', batch: this.#batch });
    if (round.culprit !== null) this.#waiting = this.#waiting.filter(({ number }) => number !== round.culprit);
    else if (round.merges.length > 0) this.#merge(round.merges.map(({ number }) => number));
    else if (round.verify !== null) this.#verify(round.verify);
    else return 'rests';
    return 'goes-on';
  }

  #find(numbers: readonly number[]): readonly Change[] {
    return this.#waiting.filter(({ number }) => numbers.includes(number));
  }

  #merge(numbers: readonly number[]): void {
    for (const change of this.#find(numbers)) {
      this.branch.merge(change);
      this.minutes += MERGE;
    }
    this.#waiting = this.#waiting.filter(({ number }) => !numbers.includes(number));
    if (this.#batch === null) return;
    this.#batch = { ...this.#batch, entries: this.#batch.entries.filter(({ number }) => !numbers.includes(number)) };
  }

  #verify({ numbers, suspects, size }: NonNullable<Round['verify']>): void {
    const group = this.#find(numbers);
    this.minutes += CHECKS;
    this.runs += 1;
    this.#batch = {
      entries: group.map(({ number }) => ({ number, head: `${number}` })),
      suspects,
      size,
      result: this.branch.checks(group) === 'green' ? 'passed' : 'failed',
      evidence: 'holds',
    };
  }
}

function entryOf(change: Change, branch: Branch): RoundEntry {
  return {
    number: change.number,
    head: `${change.number}`,
    touches: { kind: 'known', targets: [change.target], files: [`apps/${change.target}/${change.number}`], reads: [] },
    standing: 'ready',
    evidence: branch.meets(change) ? 'stale' : 'fresh',
    consent: 'none-needed',
    patience: 'left',
  };
}
