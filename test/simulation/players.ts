/** Processes that play seeds as they are told. They are started once: to load the bot takes them longer than to play a seed. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Order, Report } from './player.js';

/** In ms of a real clock; a seed takes a second or four. */
const LONGEST_SEED = 120_000;
/** Then another process takes its place: real timers of the bot's, which know in which task they were set, keep some of what was played. */
const SEEDS_OF_ONE = 200;

export class Players {
  readonly #players: readonly Player[];

  constructor(count: number) {
    this.#players = Array.from({ length: count }, () => new Player());
  }

  /** Until there are no more orders. Rejects if a process ends before that. */
  async playAll(takeOrder: () => Order | null, onReport: (report: Report) => void): Promise<void> {
    await Promise.all(
      this.#players.map(async (player) => {
        for (let order = takeOrder(); order !== null; order = takeOrder()) onReport(await player.play(order));
      }),
    );
  }

  close(): void {
    for (const player of this.#players) player.close();
  }
}

class Player {
  #child: ChildProcess | null = null;
  #played = 0;

  async play(order: Order): Promise<Report> {
    if (this.#played === SEEDS_OF_ONE) this.close();
    const child = (this.#child ??= start());
    this.#played += 1;
    let limit: NodeJS.Timeout | undefined;
    const report = new Promise<Report>((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`a player ended with ${code ?? 'a signal'}`));
      child.once('exit', ended);
      child.once('message', (answer: Report) => {
        child.off('exit', ended);
        resolve(answer);
      });
      child.send(order);
    });
    const late = new Promise<Report>((resolve) => {
      limit = setTimeout(() => resolve(this.#giveUp(order)), LONGEST_SEED);
    });
    try {
      return await Promise.race([report, late]);
    } finally {
      clearTimeout(limit);
    }
  }

  close(): void {
    const child = this.#child;
    this.#child = null;
    this.#played = 0;
    child?.removeAllListeners();
    child?.kill('SIGKILL');
  }

  /** What waits for nothing that will come is the bot's bug, or ours: it is told with its seed, and another process goes on. */
  #giveUp({ seed }: Order): Report {
    this.close();
    const words = `it did not end within ${LONGEST_SEED / 1000} s`;
    return { seed, steps: 0, faults: 0, requests: 0, violation: { invariant: 'rest', words } };
  }
}

function start(): ChildProcess {
  // With more room for what is soon forgotten, less time goes into looking for it.
  const execArgv = ['--max-semi-space-size=64', '--import', 'tsx'];
  return fork(fileURLToPath(new URL('player.ts', import.meta.url)), { execArgv });
}
