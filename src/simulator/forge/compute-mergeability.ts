/** The slow part of reading a pull request. */
import type { ForgeState } from './forge-state.js';
import type { MergeabilityState, PullRequest } from './state.js';

/** Tries the merge in the object database and records the answer, unless head or base moved meanwhile. */
export async function computeMergeability(state: ForgeState, pullRequest: PullRequest): Promise<PullRequest> {
  const git = state.git(pullRequest.repository);
  const base = await git.branchHead(pullRequest.baseBranch);
  const result = base === undefined ? undefined : await git.mergeTrees(base, pullRequest.headSha);
  const mergeability: MergeabilityState = result?.kind === 'clean' ? 'clean' : 'conflicting';
  const baseNow = await git.branchHead(pullRequest.baseBranch);
  const now = state.pullRequest(pullRequest.repository, pullRequest.number);
  if (!now.ok) return pullRequest;
  // What moved during the computation has put the record back to `unknown`: our answer is of before.
  const same = now.value.mergeability === 'checking' && now.value.headSha === pullRequest.headSha && baseNow === base;
  return same ? state.changePullRequest(now.value, { mergeability }) : now.value;
}
