/** Answers that can't change, by what was asked: those asked for last are kept, failures are not. */
export class LastFew<T> {
  /** The most recently used last. */
  readonly #answers = new Map<string, Promise<T>>();

  constructor(private readonly most: number) {}

  of(key: string, make: () => Promise<T>): Promise<T> {
    const answer = this.#answers.get(key) ?? make();
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    answer.catch(() => this.#answers.delete(key));
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > this.most && oldest !== undefined) this.#answers.delete(oldest);
    return answer;
  }
}
