/** One process that plays seeds as it is told: `{seed, steps, store, planted}` in, `{seed, …}` out. */
import { PLANTED_BUGS, type BugName } from './bugs/planted-bugs.js';
import type { Violation } from './checks/violation.js';
import { play } from './play/play.js';
import { writeScenario } from './play/script.js';
import type { StoreKind } from './world/stored.js';

export interface Order {
  readonly seed: number;
  readonly steps: number;
  readonly store: StoreKind;
  readonly planted: BugName | null;
}

export interface Report {
  readonly seed: number;
  readonly steps: number;
  readonly faults: number;
  readonly requests: number;
  readonly violation: Violation | null;
}

async function carryOut(order: Order): Promise<Report> {
  const planted = order.planted === null ? {} : { planted: PLANTED_BUGS[order.planted].plant() };
  try {
    const { steps, faults, requests, violation } = await play(writeScenario(order.seed, order.steps), {
      store: order.store,
      ...planted,
    });
    return { seed: order.seed, steps, faults, requests, violation };
  } catch (error) {
    // What nobody foresaw has come through everything that is there to take it: the bot's bug, or ours.
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { seed: order.seed, steps: 0, faults: 0, requests: 0, violation: { invariant: 'error', words } };
  }
}

if (process.send !== undefined) {
  const answer = process.send.bind(process);
  process.on('message', (order: Order) => void carryOut(order).then((report) => answer(report)));
}
