/** Turns of a process that is alone. */
import type { Instant } from '../../core/ids.js';
import type { Clock } from '../../ports/clock.js';
import type { Turns } from '../../ports/store.js';

export class MemoryTurns implements Turns {
  readonly #taken = new Map<string, Instant>();

  constructor(private readonly clock: Clock) {}

  async take(name: string, interval: number): Promise<'taken' | 'done-lately'> {
    const [now, last] = [this.clock.now(), this.#taken.get(name)];
    if (last !== undefined && now - last < interval) return 'done-lately';
    this.#taken.set(name, now);
    return 'taken';
  }
}
