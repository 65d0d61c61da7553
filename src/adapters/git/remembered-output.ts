/** Outputs of git that can't change, since everything they depend on is named by its whole id: asked for once. */
import { gitOutput, type GitContext } from './git-command.js';
import { LastFew } from './last-few.js';

/** Kept for each mirror, in bytes; those used longest ago go first. */
const CAPACITY = 16 * 1024 * 1024;
/** What an output takes beside its bytes, about. */
const OVERHEAD = 512;

export class RememberedOutput {
  /** By arguments. */
  readonly #outputs: LastFew<Uint8Array>;

  /** `capacity`: bytes. */
  constructor(
    private readonly context: GitContext,
    capacity = CAPACITY,
  ) {
    this.#outputs = new LastFew({ capacity, weigh: (output) => output.length + OVERHEAD });
  }

  /**
   * Standard output of a command whose arguments name only objects, by their whole ids, and paths. Failures are not remembered.
   * Rejects as `gitOutput` does.
   */
  of(command: readonly string[]): Promise<Uint8Array> {
    const ask = (): Promise<Uint8Array> => gitOutput(this.context, { arguments: command });
    // Who is stopping gets no more answers, as from git itself.
    return this.context.signal.aborted ? ask() : this.#outputs.of(command.join('\0'), ask);
  }

  /** The mirror is another one now: what was said of objects that are gone must not stand. */
  clear(): void {
    this.#outputs.clear();
  }
}
