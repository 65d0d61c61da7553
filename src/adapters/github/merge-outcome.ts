/** What became of a merge, from what GitHub answered and what the pull request says afterwards: an answer alone proves nothing. */
import type { PullRequest } from '../../core/forge-objects.js';
import type { MergeOutcome, MergeRequest } from '../../ports/pull-requests.js';

/** GitHub's status, 200 included, and its words. */
export interface MergeAnswer {
  readonly status: number;
  readonly words: string;
}

/**
 * A 405 means that the base moved, that there is a conflict or that it is not allowed; a 409 that the head moved, perhaps only in
 * GitHub's own eyes; a 200 may not have merged. Null: the pull request is as before and nothing says why.
 */
export function decideMergeOutcome(
  request: MergeRequest,
  after: PullRequest,
  answer: MergeAnswer | null,
): MergeOutcome | null {
  if (after.head.sha !== request.expectedHead) return { kind: 'head-moved', head: after.head.sha };
  if (after.state === 'merged')
    return after.mergeCommit === null
      ? { kind: 'not-yet', reason: 'GitHub does not name the merge commit yet' }
      : { kind: 'merged', commit: after.mergeCommit };
  if (after.state === 'closed') return { kind: 'not-allowed', reason: 'the pull request is closed' };
  return answer === null ? null : decideRefusal(after, answer);
}

function decideRefusal(after: PullRequest, answer: MergeAnswer): MergeOutcome {
  const reason = answer.words;
  if (answer.status === 200) return { kind: 'not-yet', reason: 'GitHub accepted the merge but has not done it yet' };
  if (after.readiness === 'draft') return { kind: 'not-allowed', reason: 'the pull request is a draft' };
  if (/base branch was modified|head branch was modified|try the merge again/i.test(reason))
    return { kind: 'not-yet', reason };
  if (after.mergeability === 'conflict' || /merge conflict/i.test(reason)) return { kind: 'conflict' };
  if (/not up to date|out of date|up-to-date/i.test(reason)) return { kind: 'behind' };
  if (isRule(reason) || after.mergeability === 'blocked') return { kind: 'not-allowed', reason };
  return after.mergeability === 'unknown' || answer.status === 409
    ? { kind: 'not-yet', reason }
    : { kind: 'not-allowed', reason };
}

/** Sentences of branch protection, rulesets and repository settings. */
function isRule(words: string): boolean {
  return /required|approving review|not allowed|not authorized|rule violation|protected branch|changes must be|unresolved|draft|up to date/i.test(
    words,
  );
}
