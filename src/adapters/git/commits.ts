/** Commits of one repository, parsed and remembered: histories are walked from near the same places again and again. */
import type { Sha } from '../../core/ids.js';
import { parseCommit, type StoredCommit } from './commit-object.js';
import { LastFew } from './last-few.js';
import type { StoredObject } from './object-reader.js';

/** In bytes, about: ten thousand commits. */
const CAPACITY = 8 * 1024 * 1024;
/** Of a commit beside its texts, about. */
const OVERHEAD = 512;

export class Commits {
  readonly #commits = new LastFew<StoredCommit | null>({ capacity: CAPACITY, weigh: weightOf });

  /** `read`: null where it is not here. */
  constructor(private readonly read: (sha: Sha) => Promise<StoredObject | null>) {}

  /** Null where git has to be asked: it is not here, no commit, or not laid out as git writes them. */
  async of(sha: Sha): Promise<StoredCommit | null> {
    const known = await this.#commits.of(sha, () => this.#parse(sha));
    // What is not here may come.
    if (known === null) this.#commits.forget(sha);
    return known;
  }

  clear(): void {
    this.#commits.clear();
  }

  async #parse(sha: Sha): Promise<StoredCommit | null> {
    const object = await this.read(sha);
    return object?.type === 'commit' ? parseCommit(sha, object.bytes) : null;
  }
}

function weightOf(commit: StoredCommit | null): number {
  const told = commit?.told;
  return OVERHEAD + (told === null || told === undefined ? 0 : told.subject.length + told.message.length);
}
