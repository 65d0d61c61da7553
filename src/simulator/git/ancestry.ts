/** Which commits come from which: short histories of loose objects are read here, since git takes longer to start than to answer. */
import type { Commit } from './git-objects.js';
import { readLooseObject } from './loose-objects.js';
import { parseCommitObject } from './parse-commit-object.js';
import type { RememberedGit } from './remembered-git.js';

/** Commits of one history that are read at most. */
const mostCommits = 200;
/** Commits that are remembered; the oldest go first. */
const capacity = 2000;

export class Ancestry {
  private readonly commits = new Map<string, Commit>();

  constructor(
    private readonly directory: string,
    private readonly remembered: RememberedGit,
  ) {}

  /** The best commit that both come from; undefined when their histories never meet. */
  async mergeBase(one: string, other: string): Promise<string | undefined> {
    const [ones, others] = [this.historyOf(one), this.historyOf(other)];
    const common = ones === undefined || others === undefined ? [] : [...ones.keys()].filter((sha) => others.has(sha));
    const below = new Set(common.flatMap((sha) => ones?.get(sha)?.parents ?? []));
    const best = common.filter((sha) => !below.has(sha));
    if (best.length === 1) return best[0];
    const answer = await this.remembered.answer(['merge-base', one, other], [one, other]);
    return answer.status === 0 ? answer.stdout.toString('utf8').trim() : undefined;
  }

  /** True also when they are equal. */
  async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    const here = this.isAncestorHere(ancestor, descendant);
    if (here !== undefined) return here;
    const args = ['merge-base', '--is-ancestor', ancestor, descendant];
    return (await this.remembered.answer(args, [ancestor, descendant])).status === 0;
  }

  /** Undefined where it takes git to tell. */
  isAncestorHere(ancestor: string, descendant: string): boolean | undefined {
    return ancestor === descendant || this.historyOf(descendant)?.has(ancestor);
  }

  /** Those that `from` and not `not` come from, `from` too, in no order. Undefined where it takes git to tell. */
  between(from: string, not: readonly string[]): readonly Commit[] | undefined {
    const history = this.historyOf(from);
    const others = not.map((sha) => this.historyOf(sha));
    if (history === undefined || others.some((each) => each === undefined)) return undefined;
    return [...history.values()].filter(({ sha }) => !others.some((each) => each?.has(sha) === true));
  }

  /** The same where each comes from one of the others, newest first. Undefined also where some stand beside each other. */
  lineBetween(from: string, not: readonly string[]): readonly Commit[] | undefined {
    const found = this.between(from, not);
    if (found === undefined) return undefined;
    const commits = new Map(found.map((commit) => [commit.sha, commit]));
    const line: Commit[] = [];
    let next = commits.get(from);
    while (next !== undefined && next.parents.length <= 1) {
      line.push(next);
      next = commits.get(next.parents[0] ?? '');
    }
    return line.length === commits.size ? line : undefined;
  }

  /** All that a commit comes from, itself first. Undefined when it is long, or some of it is no plain loose object. */
  private historyOf(start: string): ReadonlyMap<string, Commit> | undefined {
    const history = new Map<string, Commit>();
    const left = [start];
    for (let sha = left.pop(); sha !== undefined; sha = left.pop()) {
      if (history.has(sha)) continue;
      const commit = this.read(sha);
      if (commit === undefined || history.size === mostCommits) return undefined;
      history.set(sha, commit);
      left.push(...commit.parents);
    }
    return history;
  }

  /** Undefined when it is no plain loose object. */
  read(sha: string): Commit | undefined {
    const known = this.commits.get(sha);
    if (known !== undefined) return known;
    const loose = /^[0-9a-f]{40}$/.test(sha) ? readLooseObject(this.directory, sha) : undefined;
    const commit = loose?.type === 'commit' ? parseCommitObject(sha, loose.content) : undefined;
    if (commit === undefined) return undefined;
    this.commits.set(sha, commit);
    const [oldest] = this.commits.keys();
    if (this.commits.size > capacity && oldest !== undefined) this.commits.delete(oldest);
    return commit;
  }
}
