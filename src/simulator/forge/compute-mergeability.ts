/** The slow part of reading a pull request. */
import type { ForgeState } from './forge-state.js';
import type { MergeabilityState, PullRequest } from './state.js';

/** Tries the merge in the object database and records the answer, unless head or base moved meanwhile. */
export async function computeMergeability(state: ForgeState, pullRequest: PullRequest): Promise<PullRequest> {
  const git = state.git(pullRequest.repository);
  const base = await git.branchHead(pullRequest.baseBranch);
  const result = base === undefined ? undefined : await git.mergeTrees(base, pullRequest.headSha);
  const mergeability: MergeabilityState = result?.kind === 'clean' ? 'clean' : 'conflicting';
  const now = state.pullRequest(pullRequest.repository, pullRequest.number);
  // A push during the computation has put the record back to `unknown`: its answer must not be overwritten with ours.
  if (!now.ok || now.value.mergeability !== 'checking' || now.value.headSha !== pullRequest.headSha)
    return now.ok ? now.value : pullRequest;
  return state.putPullRequest({ ...now.value, mergeability });
}
