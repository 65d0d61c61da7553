/** Makes each of several attempts: what fails for one of them must not stand in the way of the others. */
import { Unavailable } from '../../core/problem.js';
import type { Log } from '../../ports/log.js';

export class Attempts {
  readonly #failures: unknown[] = [];

  constructor(private readonly log: Log) {}

  /** What `act` resolves to; null if it failed. */
  async make<T>(act: () => Promise<T>): Promise<T | null> {
    try {
      return await act();
    } catch (cause) {
      this.log.info({ err: cause }, 'One of several could not be done; the others have their turn');
      this.#failures.push(cause);
      return null;
    }
  }

  /** After the last one: rejects if one failed, with what trying again may mend before what it can't. */
  finish(): void {
    const failure = this.failure();
    if (failure !== null) throw failure;
  }

  /** What {@link finish} would reject with, or null. */
  failure(): unknown {
    return this.#failures.find((failure) => failure instanceof Unavailable) ?? this.#failures[0] ?? null;
  }
}
