/** Answers that can't change, by what was asked: those asked for last are kept, up to a weight. Failures are not. */
interface LastFewOptions<T> {
  /** Of all answers together, in what `weigh` counts. */
  readonly capacity: number;
  readonly weigh: (answer: T) => number;
  /** So many stay however heavy they are: none when absent. */
  readonly least?: number;
}

interface Kept<T> {
  readonly answer: Promise<T>;
  /** 0 until it is known. */
  weight: number;
}

export class LastFew<T> {
  /** The most recently used last. */
  readonly #kept = new Map<string, Kept<T>>();
  #weight = 0;

  constructor(private readonly options: LastFewOptions<T>) {}

  /** Who asks while the answer is being made waits for that one. */
  of(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(key);
    if (known !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known.answer;
    }
    const kept: Kept<T> = { answer: make(), weight: 0 };
    this.#kept.set(key, kept);
    kept.answer.then(
      (answer) => this.#weigh(key, kept, answer),
      () => this.#drop(key, kept),
    );
    return kept.answer;
  }

  forget(key: string): void {
    const kept = this.#kept.get(key);
    if (kept !== undefined) this.#drop(key, kept);
  }

  /** Also what is on its way is not kept. */
  clear(): void {
    this.#kept.clear();
    this.#weight = 0;
  }

  #weigh(key: string, kept: Kept<T>, answer: T): void {
    if (this.#kept.get(key) !== kept) return;
    kept.weight = this.options.weigh(answer);
    this.#weight += kept.weight;
    for (const [oldest, each] of this.#kept) {
      if (this.#weight <= this.options.capacity || this.#kept.size <= (this.options.least ?? 0)) return;
      this.#drop(oldest, each);
    }
  }

  #drop(key: string, kept: Kept<T>): void {
    if (this.#kept.get(key) !== kept) return;
    this.#kept.delete(key);
    this.#weight -= kept.weight;
  }
}
