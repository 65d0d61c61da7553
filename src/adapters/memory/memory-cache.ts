/** A cache that lives as long as the process: the values that were put last, up to a number of them. */
import type { Cache } from '../../ports/store.js';

const MOST_VALUES = 10_000;

export class MemoryCache implements Cache {
  readonly #values = new Map<string, string>();
  readonly #lasting = new Map<string, string>();
  readonly #mostValues: number;

  constructor(mostValues: number = MOST_VALUES) {
    this.#mostValues = mostValues;
  }

  async get(key: string): Promise<string | null> {
    return this.#values.get(key) ?? this.#lasting.get(key) ?? null;
  }

  async put(key: string, value: string, stay?: 'lasting'): Promise<void> {
    if (stay === 'lasting') return void this.#lasting.set(key, value);
    // Deleted first, so that it becomes the last in the map's order.
    this.#values.delete(key);
    this.#values.set(key, value);
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#mostValues) return;
      this.#values.delete(oldest);
    }
  }
}
