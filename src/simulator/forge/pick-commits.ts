/** Puts commits one after the other on top of another: what a rebase does. Merges are left out. */
import type { Commit, Signature } from '../git/git-objects.js';
import type { GitRepository } from '../git/git-repository.js';
import { pickTree } from '../git/pick-tree.js';
import type { Outcome } from './refusal.js';
import { done, refused } from './refusal.js';

interface Picking {
  /** Oldest first. */
  readonly commits: readonly Commit[];
  readonly onto: string;
  readonly committer: Signature;
}

/** Gives the last commit made; `onto` where there was nothing to pick. */
export async function pickCommits(git: GitRepository, { commits, onto, committer }: Picking): Promise<Outcome<string>> {
  let tip = onto;
  for (const commit of commits.filter((one) => one.parents.length < 2)) {
    const picked = await pickTree(git, commit.sha, tip);
    if (picked.kind === 'conflict') return refused({ kind: 'merge-conflict', paths: picked.paths });
    const { author, message } = commit;
    tip = await git.writeCommit({ tree: picked.tree, parents: [tip], author, committer, message: `${message}\n` });
  }
  return done(tip);
}
