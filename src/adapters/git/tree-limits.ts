/** How much of a tree is listed: trees can name the same subtree again and again, and a few kilobytes of them unfold to billions of files. */
import { Unavailable } from '../../core/problem.js';

/** Directories within directories. Paths that deep fit no file system. */
const MOST_LEVELS = 2_048;
/** Of what a listing takes in memory, in bytes, about: a million files. */
const MOST_BYTES = 256 * 1024 * 1024;
/** Of an entry beside its path. */
const BESIDE = 200;

export class TreeLimits {
  #bytes = 0;

  /** `label`: of the repository, for messages. */
  constructor(private readonly label: string) {}

  /** Throws `Unavailable` once there are more than anybody could use. */
  count(path: string): void {
    this.#bytes += path.length + BESIDE;
    if (this.#bytes > MOST_BYTES) throw new Unavailable(`A tree of ${this.label} lists more files than can be read`);
  }

  level(depth: number): void {
    if (depth > MOST_LEVELS)
      throw new Unavailable(`A tree of ${this.label} is more than ${MOST_LEVELS} directories deep`);
  }
}
