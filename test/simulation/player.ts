/** One process that plays seeds as it is told: `{seed, steps, planted}` in, `{seed, …}` out. */
import { play } from './play.js';
import { PLANTED_BUGS, type BugName } from './planted.js';
import { writeScenario } from './script.js';
import type { Violation } from './monitor.js';

export interface Order {
  readonly seed: number;
  readonly steps: number;
  readonly planted: BugName | null;
}

export interface Report {
  readonly seed: number;
  readonly steps: number;
  readonly faults: number;
  readonly requests: number;
  readonly violation: Violation | null;
  readonly fingerprint: string;
}

export async function carryOut(order: Order): Promise<Report> {
  const planted = order.planted === null ? undefined : PLANTED_BUGS[order.planted].plant();
  const played = await play(writeScenario(order.seed, order.steps), planted);
  const { steps, faults, requests, violation, fingerprint } = played;
  return { seed: order.seed, steps, faults, requests, violation, fingerprint };
}

if (process.send !== undefined) {
  const answer = process.send.bind(process);
  process.on('message', (order: Order) => {
    carryOut(order).then(
      (report) => answer(report),
      (error: unknown) => {
        console.error(`Seed ${order.seed} could not be played:`, error);
        process.exit(2);
      },
    );
  });
}
