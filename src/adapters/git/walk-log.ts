/**
 * Short histories as `git log` tells them, without starting git: the same commits in the same order, which is by date as far as the walk
 * can see. It therefore goes as git does, step by step; what git simplifies on its way (paths over more than first parents) is left to it.
 */
import type { Commit } from '../../core/forge-objects.js';
import type { Sha } from '../../core/ids.js';
import type { LogRange } from '../../ports/repository.js';
import type { StoredCommit } from './commit-object.js';
import { CommitQueue } from './commit-queue.js';
import type { Commits } from './commits.js';
import { touchesPaths } from './touches-paths.js';
import type { Trees } from './trees.js';

/** Commits that are looked at before git, which is slow to start and fast to walk, is asked. */
const MOST_STEPS = 200;
/** Each takes a few trees beside. */
const MOST_STEPS_WITH_PATHS = 50;
/** Steps that git goes on for when all that is left seems to be excluded, since dates can lie. */
const SLOP = 5;

interface History {
  readonly commits: Commits;
  readonly trees: Trees;
}

/** As `LogRange` says. `ask-git`: it is too far, something is not here, or only git can tell. Rejects with `Unavailable`. */
export async function walkLog(history: History, range: LogRange): Promise<readonly Commit[] | 'ask-git'> {
  const hasPaths = range.paths.length > 0;
  if (hasPaths && (range.from !== null || range.walk !== 'first-parents')) return 'ask-git';
  const walked = range.from === null ? await walkOpen(history, range) : await walkBetween(history, range, range.from);
  if (walked === 'ask-git') return walked;
  const told = walked.slice(0, range.limit).flatMap((commit) => (commit.told === null ? [] : [commit.told]));
  return told.length < Math.min(walked.length, range.limit) ? 'ask-git' : told;
}

type Walked = readonly StoredCommit[] | 'ask-git';

/** From `to` to the roots, until enough are found. */
async function walkOpen({ commits, trees }: History, { to, paths, limit, walk }: LogRange): Promise<Walked> {
  const start = await commits.of(to);
  if (start === null) return 'ask-git';
  const steps = new Steps({ commits, walk, most: paths.length === 0 ? MOST_STEPS : MOST_STEPS_WITH_PATHS });
  steps.begin(start, 'wanted');
  const found: StoredCommit[] = [];
  while (found.length < limit) {
    const next = await steps.next();
    if (next === 'ask-git') return next;
    if (next === 'over') return found;
    const touches = paths.length === 0 || (await touchesPaths({ commits, trees }, next, paths));
    if (touches === 'ask-git') return touches;
    if (touches) found.push(next);
  }
  return found;
}

async function walkBetween({ commits }: History, { to, walk }: LogRange, from: Sha): Promise<Walked> {
  const [wanted, excluded] = await Promise.all([commits.of(to), commits.of(from)]);
  if (wanted === null || excluded === null) return 'ask-git';
  const steps = new Steps({ commits, walk, most: MOST_STEPS });
  steps.begin(wanted, 'wanted');
  steps.begin(excluded, 'excluded');
  const found: StoredCommit[] = [];
  let [slop, date] = [SLOP, Infinity];
  while (slop > 0) {
    const next = await steps.next();
    if (next === 'ask-git') return next;
    if (next === 'over') break;
    if (steps.isExcluded(next.sha)) slop = steps.isOpen(date) ? SLOP : slop - 1;
    else {
      date = next.date;
      found.push(next);
    }
  }
  return found.filter(({ sha }) => !steps.isExcluded(sha));
}

class Steps {
  readonly #queue = new CommitQueue();
  /** All that were ever in the queue. */
  readonly #seen = new Map<Sha, StoredCommit>();
  readonly #excluded = new Set<Sha>();
  #left: number;

  constructor(
    private readonly options: { readonly commits: Commits; readonly walk: LogRange['walk']; readonly most: number },
  ) {
    this.#left = options.most;
  }

  begin(commit: StoredCommit, as: 'wanted' | 'excluded'): void {
    if (as === 'excluded') this.#exclude(commit);
    if (this.#seen.has(commit.sha)) return;
    this.#seen.set(commit.sha, commit);
    this.#queue.add(commit);
  }

  /** Takes the newest and puts its parents in line. */
  async next(): Promise<StoredCommit | 'over' | 'ask-git'> {
    const commit = this.#queue.take();
    if (commit === undefined) return 'over';
    this.#left -= 1;
    if (this.#left < 0) return 'ask-git';
    const isExcluded = this.isExcluded(commit.sha);
    const followed = isExcluded || this.options.walk === 'every-commit' ? commit.parents : commit.parents.slice(0, 1);
    const parents = await Promise.all(followed.map((sha) => this.options.commits.of(sha)));
    for (const parent of parents) {
      if (parent === null) return 'ask-git';
      this.begin(parent, isExcluded ? 'excluded' : 'wanted');
    }
    return commit;
  }

  isExcluded(sha: Sha): boolean {
    return this.#excluded.has(sha);
  }

  /** True if what is left may still matter to a commit of `date`, or is itself wanted. */
  isOpen(date: number): boolean {
    const { first } = this.#queue;
    return first !== undefined && (date <= first.date || this.#queue.some(({ sha }) => !this.isExcluded(sha)));
  }

  /** And all that is known of where it comes from. */
  #exclude(commit: StoredCommit): void {
    this.#excluded.add(commit.sha);
    const left = [...commit.parents];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      if (this.#excluded.has(next)) continue;
      this.#excluded.add(next);
      left.push(...(this.#seen.get(next)?.parents ?? []));
    }
  }
}
