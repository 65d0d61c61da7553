/** Deep equality of many values in the time of reading each once. */
import { isRecord } from '../canonical.js';

/**
 * Gives equal values equal numbers. Equal is what canonical YAML spells the same: keys in any order, a whole number however it is held.
 * Objects are remembered, so that asking at every level of a tree costs no more than asking at its top.
 */
export class EqualValues {
  readonly #numbers = new Map<string, number>();
  readonly #texts = new Map<string, number>();
  readonly #objects = new WeakMap<object, number>();
  #next = 0;

  numberOf(value: unknown): number {
    if (typeof value === 'string') return this.#in(this.#texts, value);
    if (typeof value !== 'object' || value === null) return this.#in(this.#numbers, scalarKey(value));
    const known = this.#objects.get(value);
    if (known !== undefined) return known;
    const number = this.#in(this.#numbers, this.#keyOf(value));
    this.#objects.set(value, number);
    return number;
  }

  areEqual(one: unknown, other: unknown): boolean {
    return this.numberOf(one) === this.numberOf(other);
  }

  #keyOf(value: object): string {
    if (Array.isArray(value)) return `[${value.map((item) => this.numberOf(item)).join()}`;
    if (!isRecord(value)) return '{';
    const parts = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${this.numberOf(value[key])}`);
    return `{${parts.join()}`;
  }

  #in(map: Map<string, number>, key: string): number {
    const known = map.get(key);
    if (known !== undefined) return known;
    this.#next += 1;
    map.set(key, this.#next);
    return this.#next;
  }
}

function scalarKey(value: unknown): string {
  if (typeof value === 'bigint') return `number ${value}`;
  return typeof value === 'number'
    ? `number ${Object.is(value, -0) ? '-0' : value}`
    : `${typeof value} ${String(value)}`;
}
