/** Three merge queues over the same changes: one at a time, plain batches, and Lockkeeper's rounds. */
import { planAhead, type AheadBatch, type AheadFacts } from '../../src/core/queue/plan-ahead.js';
import {
  planRound,
  type Batch,
  type RoundEntry,
  type RoundFacts,
  type Verification,
} from '../../src/core/queue/plan-round.js';
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

/** Lockkeeper's own planner, `verify: batch`; `ahead`: the next batch is verified on what the one before it would leave. */
export function playRounds(changes: readonly Change[], speculate: 'plans' | 'checks'): Outcome {
  const play = new Rounds(changes, speculate);
  while (play.step() === 'goes-on');
  return { merged: play.branch.merged.length, minutes: play.minutes, queueRuns: play.runs, broken: play.branch.broken };
}

/** What runs on a branch of the queue's. */
interface Running {
  readonly batch: AheadBatch;
  readonly doneAt: number;
}

class Rounds {
  readonly branch = new Branch();
  minutes = 0;
  runs = 0;
  #waiting: readonly Change[];
  #batch: Running | null = null;
  #ahead: Running | null = null;

  constructor(
    changes: readonly Change[],
    private readonly speculate: 'plans' | 'checks',
  ) {
    this.#waiting = changes;
  }

  step(): 'goes-on' | 'rests' {
    const entries = this.#waiting.map((change) => entryOf(change, this.branch));
    const batch = this.#known(this.#batch);
    const facts: RoundFacts = { entries, parallel: 'on', verify: 'batch', batch };
    const round = planRound(facts);
    this.#look({ facts, round, ahead: this.#known(this.#ahead), speculate: this.speculate });
    if (round.culprit !== null) this.#waiting = this.#waiting.filter(({ number }) => number !== round.culprit);
    else if (round.merges.length > 0) this.#merge(round.merges.map(({ number }) => number));
    else if (round.verify !== null) this.#batch = this.#verify(round.verify, []);
    else if (batch?.result === 'pending') this.minutes = this.#batch?.doneAt ?? this.minutes;
    else return 'rests';
    return 'goes-on';
  }

  /** Its checks have an end, and say nothing before. */
  #known(running: Running | null): AheadBatch | null {
    if (running === null) return null;
    return running.doneAt > this.minutes ? { ...running.batch, result: 'pending' } : running.batch;
  }

  #look(facts: AheadFacts): void {
    const plan = planAhead(facts);
    if (plan.kind === 'drop') this.#ahead = null;
    if (plan.kind === 'make') this.#ahead = this.#verify(plan.verification, plan.after);
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
    const left = (members: Batch['entries']) => members.filter(({ number }) => !numbers.includes(number));
    const without = (running: Running | null): Running | null => {
      if (running === null) return null;
      const { entries, after } = running.batch;
      return { ...running, batch: { ...running.batch, entries: left(entries), after: left(after) } };
    };
    [this.#batch, this.#ahead] = [without(this.#batch), without(this.#ahead)];
    // What was ahead is the batch once all that it was merged after is on the branch.
    if (this.#ahead?.batch.after.length === 0) [this.#batch, this.#ahead] = [this.#ahead, null];
  }

  #verify({ numbers, suspects, size }: Verification, after: Batch['entries']): Running {
    const group = this.#find(numbers);
    const before = this.#find(after.map(({ number }) => number));
    this.runs += 1;
    const entries = group.map(({ number }) => ({ number, head: `${number}` }));
    const result = this.branch.checks([...before, ...group]) === 'green' ? 'passed' : 'failed';
    const batch = { entries, after, suspects, size, result, evidence: 'holds' } as const;
    return { batch, doneAt: this.minutes + CHECKS };
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
