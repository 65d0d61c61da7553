/** Cherry-picking, as rebase merges need it: in the object database, no ref moves. */
import type { MergeResult, Signature } from './git-objects.js';
import type { GitRepository } from './git-repository.js';

/**
 * What `commit` changed against its first parent, done to `onto`.
 * Git 2.38–2.39's merge-tree takes no merge base, so the three trees are dressed as commits that have the right one.
 */
export async function pickTree(git: GitRepository, commit: string, onto: string): Promise<MergeResult> {
  const nobody: Signature = { name: 'nobody', email: 'nobody@forge.test', date: new Date(0) };
  const dressed = async (treeish: string, parents: readonly string[]): Promise<string> => {
    const tree = await git.readRef(`${treeish}^{tree}`);
    if (tree === undefined) throw new Error(`${treeish} has no tree`);
    return git.writeCommit({ tree, parents, author: nobody, committer: nobody, message: 'pick\n' });
  };
  const parent = await git.readRef(`${commit}^1`);
  const base = await dressed(parent ?? (await git.writeTree(undefined, [])), []);
  return git.mergeTrees(await dressed(onto, [base]), await dressed(commit, [base]));
}
