/** Commits yet to be looked at, newest first; of one date, those first that came first: git's order. */
import type { StoredCommit } from './commit-object.js';

export class CommitQueue {
  /** Ordered. */
  readonly #commits: StoredCommit[] = [];

  get first(): StoredCommit | undefined {
    return this.#commits[0];
  }

  add(commit: StoredCommit): void {
    const at = this.#commits.findIndex((each) => each.date < commit.date);
    this.#commits.splice(at === -1 ? this.#commits.length : at, 0, commit);
  }

  take(): StoredCommit | undefined {
    return this.#commits.shift();
  }

  some(test: (commit: StoredCommit) => boolean): boolean {
    return this.#commits.some(test);
  }
}
