/** Outputs of git that can't change, since everything they depend on is named by its whole id: asked for once. */
import { gitOutput, type GitContext } from './git-command.js';

/** Kept for each mirror, in bytes; those used longest ago go first. */
const CAPACITY = 16 * 1024 * 1024;
/** What an output takes beside its bytes, about. */
const OVERHEAD = 512;

export class RememberedOutput {
  /** By arguments; the most recently used last. */
  readonly #outputs = new Map<string, Uint8Array>();
  #size = 0;
  /** Counts the mirrors that were: what was asked of an earlier one is not kept. */
  #era = 0;

  /** `capacity`: bytes. */
  constructor(
    private readonly context: GitContext,
    private readonly capacity = CAPACITY,
  ) {}

  /**
   * Standard output of a command whose arguments name only objects, by their whole ids, and paths. Failures are not remembered.
   * Rejects as `gitOutput` does.
   */
  async of(command: readonly string[]): Promise<Uint8Array> {
    const key = command.join('\0');
    const known = this.#outputs.get(key);
    // Who is stopping gets no more answers, as from git itself.
    if (known !== undefined && !this.context.signal.aborted) {
      this.#forget(key, known);
      this.#keep(key, known);
      return known;
    }
    const era = this.#era;
    const output = await gitOutput(this.context, { arguments: command });
    if (era === this.#era && !this.#outputs.has(key)) this.#keep(key, output);
    return output;
  }

  /** The mirror is another one now: what was said of objects that are gone must not stand. */
  clear(): void {
    this.#outputs.clear();
    this.#size = 0;
    this.#era += 1;
  }

  #keep(key: string, output: Uint8Array): void {
    this.#outputs.set(key, output);
    this.#size += output.length + OVERHEAD;
    for (const [oldest, bytes] of this.#outputs) {
      if (this.#size <= this.capacity) return;
      this.#forget(oldest, bytes);
    }
  }

  #forget(key: string, output: Uint8Array): void {
    this.#outputs.delete(key);
    this.#size -= output.length + OVERHEAD;
  }
}
