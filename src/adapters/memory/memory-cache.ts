/** A cache that lives as long as the process: the values that were put last, up to a number and a size of them. */
import { CACHE_LIMITS, type Cache, type CacheLimits } from '../../ports/store.js';

export class MemoryCache implements Cache {
  readonly #values = new Map<string, string>();
  readonly #lasting = new Map<string, string>();
  readonly #limits: CacheLimits;
  #bytes = 0;

  constructor(limits: CacheLimits = CACHE_LIMITS) {
    this.#limits = limits;
  }

  async get(key: string): Promise<string | null> {
    return this.#values.get(key) ?? this.#lasting.get(key) ?? null;
  }

  async put(key: string, value: string, stay?: 'lasting'): Promise<void> {
    if (stay === 'lasting') return void this.#lasting.set(key, value);
    // Deleted first, so that it becomes the last in the map's order.
    this.#forget(key);
    this.#values.set(key, value);
    this.#bytes += value.length;
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#limits.values && (this.#bytes <= this.#limits.bytes || oldest === key)) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#bytes -= this.#values.get(key)?.length ?? 0;
    this.#values.delete(key);
  }
}
