/**
 * A merge group: what GitHub's own merge queue would merge, on a branch that GitHub makes for each entry.
 *
 * Worked example. #7 and then #8 are put into the queue of `main`, which stands at `aaa`. GitHub makes
 * `gh-readonly-queue/main/pr-7-aaa` (`main` with #7, at `bbb`) and, on top of it, `gh-readonly-queue/main/pr-8-bbb` (with both). Whichever
 * commit is green when its turn has come becomes `main`, so each must be judged with all that is in it.
 */
import type { Sha } from '../ids.js';

export interface GroupBranch {
  /** The target branch's name. */
  readonly base: string;
  /** Of the pull request that was added last. */
  readonly number: number;
}

/** Null: a branch like any other. */
export function parseGroupBranch(branch: string): GroupBranch | null {
  const [, base, number] = /^gh-readonly-queue\/(.+)\/pr-([1-9]\d{0,15})-[0-9a-f]{7,64}$/.exec(branch) ?? [];
  return base === undefined || number === undefined ? null : { base, number: Number(number) };
}

/** Of the entry at the head of the queue: as GitHub names it by what it is built on. */
export function firstGroupBranch({ base, number }: GroupBranch, tip: Sha): string {
  return `gh-readonly-queue/${base}/pr-${String(number)}-${tip}`;
}

/** What one pull request adds to a group. */
export interface GroupPart {
  readonly number: number;
  readonly from: Sha;
  readonly to: Sha;
}

interface GroupCommits {
  /** What the oldest of `commits` stands on. */
  readonly base: Sha;
  /** The first parents from the group's head on, newest first, without what the target branch has. */
  readonly commits: readonly Sha[];
  /** The head's pull request. */
  readonly number: number;
  /** Heads of other groups, with their pull requests. */
  readonly heads: ReadonlyMap<Sha, number>;
}

/** Oldest first. Commits below a head that is not known count as part of what stands on them, where they are then found to be too much. */
export function partsOfGroup({ base, commits, number, heads }: GroupCommits): readonly GroupPart[] {
  const parts: GroupPart[] = [];
  let from = base;
  for (const sha of commits.toReversed()) {
    const owner = sha === commits[0] ? number : heads.get(sha);
    if (owner === undefined) continue;
    parts.push({ number: owner, from, to: sha });
    from = sha;
  }
  return parts;
}
