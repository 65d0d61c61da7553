/**
 * Has GitLab rebase a merge request onto its target branch: https://docs.gitlab.com/api/merge_requests/#rebase-a-merge-request
 *
 * GitLab only takes the order and carries it out later; whether it could is read from the merge request the next time. What went wrong
 * stays there until somebody pushes or has it rebased again, so that it is not asked for without end.
 */
import type { PullRequest } from '../../core/forge-objects.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import type { UpdateOutcome } from '../../ports/pull-requests.js';
import type { Connection } from './connection.js';
import { isRefusal } from './gitlab-refusal.js';
import type { MergeRequestFacts } from './to-pull-request.js';

export async function rebase(
  { api, writes }: Connection,
  lock: LaneLock,
  { repository, number, head }: PullRequest,
): Promise<UpdateOutcome> {
  const before = await api.MergeRequests.show(repository.path, number, { includeRebaseInProgress: true });
  const { rebase_in_progress: running, merge_error: error } = before;
  const { sha, detailed_merge_status: status }: MergeRequestFacts = before;
  if (sha !== head.sha) return { kind: 'head-moved' };
  if (running === true) return { kind: 'asked' };
  if (status === 'conflict') return { kind: 'conflict' };
  if (typeof error === 'string' && /rebase/i.test(error))
    return { kind: 'not-allowed', reason: `GitLab could not rebase it: ${error.replace(/\.$/, '')}` };
  await writes.admit(lock, 'merge');
  try {
    await api.MergeRequests.rebase(repository.path, number);
    return { kind: 'asked' };
  } catch (problem) {
    // It could not be put into GitLab's own queue just now.
    if (isRefusal(problem, 409)) return { kind: 'asked' };
    if (!isRefusal(problem, 401, 403)) throw problem;
    return { kind: 'not-allowed', reason: `GitLab does not let the bot push to ${head.branch}: rebase it by hand` };
  }
}
