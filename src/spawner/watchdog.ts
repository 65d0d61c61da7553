/** Notices when the program that starts children answers nothing any more: stopped, or stuck, it would have every run wait for ever. */

/** Calls back again and again until what it returns is called. */
export type Every = (beat: () => void) => () => void;

const INTERVAL = 5_000;
/**
 * Beats without a word after which it counts as gone, a minute in all. Beats and not time are counted: while this process itself does not
 * run, suspended or short of a processor, there are none.
 */
export const PATIENCE = 12;

/** Keeps no process from ending. */
export const everyFiveSeconds: Every = (beat) => {
  const timer = setInterval(beat, INTERVAL).unref();
  return () => clearInterval(timer);
};

export class Watchdog {
  #stop: (() => void) | null = null;
  #silence = 0;

  constructor(
    private readonly every: Every,
    /** Asks for a word. */
    private readonly ask: () => void,
    private readonly onGone: () => void,
  ) {}

  /** While something is expected of the program. */
  watch(): void {
    this.#silence = 0;
    this.#stop ??= this.every(() => this.#beat());
  }

  rest(): void {
    this.#stop?.();
    this.#stop = null;
  }

  /** Any word will do. */
  heard(): void {
    this.#silence = 0;
  }

  #beat(): void {
    this.#silence += 1;
    if (this.#silence <= PATIENCE) return this.ask();
    this.rest();
    this.onGone();
  }
}
