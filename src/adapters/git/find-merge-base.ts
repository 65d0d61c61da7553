/**
 * The best commit that two histories have in common, without starting git.
 *
 * Each side is painted, newest commits first; what bears both paints is common, and all below it is stale. When nothing but stale commits
 * is left, every best one has been met, whatever the dates. https://git-scm.com/docs/git-merge-base#_discussion
 */
import type { Sha } from '../../core/ids.js';
import type { StoredCommit } from './commit-object.js';
import { CommitQueue } from './commit-queue.js';
import type { Commits } from './commits.js';

/** Commits that are looked at before git, which is slow to start and fast to walk, is asked. */
const MOST_STEPS = 200;
const ONE = 1;
const OTHER = 2;
const STALE = 4;

/** Null: they have none. `ask-git`: there are several best ones, it is too far, or something is not here. */
export async function findMergeBase(commits: Commits, one: Sha, other: Sha): Promise<Sha | null | 'ask-git'> {
  const starts = await Promise.all([commits.of(one), commits.of(other)]);
  if (starts[0] === null || starts[1] === null) return 'ask-git';
  if (one === other) return one;
  const painting = new Painting();
  painting.paint(starts[0], ONE);
  painting.paint(starts[1], OTHER);
  for (let steps = 0; painting.hasFresh(); steps += 1) {
    const next = painting.next();
    if (next === undefined || steps === MOST_STEPS) return 'ask-git';
    for (const parent of await Promise.all(next.parents.map((sha) => commits.of(sha)))) {
      if (parent === null) return 'ask-git';
      painting.paint(parent, next.paint);
    }
  }
  const [base = null, ...others] = painting.best();
  return others.length > 0 ? 'ask-git' : base;
}

class Painting {
  readonly #paints = new Map<Sha, number>();
  readonly #queue = new CommitQueue();
  readonly #common = new Set<Sha>();

  paint(commit: StoredCommit, paint: number): void {
    const before = this.#paints.get(commit.sha) ?? 0;
    if ((before & paint) === paint) return;
    this.#paints.set(commit.sha, before | paint);
    this.#queue.add(commit);
  }

  hasFresh(): boolean {
    return this.#queue.some(({ sha }) => !this.#isStale(sha));
  }

  /** `paint`: what its parents get. */
  next(): { readonly parents: readonly Sha[]; readonly paint: number } | undefined {
    const commit = this.#queue.take();
    if (commit === undefined) return undefined;
    const paint = this.#paints.get(commit.sha) ?? 0;
    if (paint === (ONE | OTHER)) this.#common.add(commit.sha);
    return { parents: commit.parents, paint: paint === (ONE | OTHER) ? paint | STALE : paint };
  }

  best(): readonly Sha[] {
    return [...this.#common].filter((sha) => !this.#isStale(sha));
  }

  #isStale(sha: Sha): boolean {
    return ((this.#paints.get(sha) ?? 0) & STALE) !== 0;
  }
}
