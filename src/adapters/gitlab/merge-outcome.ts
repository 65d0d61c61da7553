/** What became of a merge, from the merge request as it reads after we asked. */
import type { Sha } from '../../core/ids.js';
import type { MergeOutcome } from '../../ports/pull-requests.js';
import { mergeCommitOf, NO_COMMIT, type MergeRequestFacts } from './to-pull-request.js';

/** What GitLab said to our request to merge: 401 and 403 are about us, the others (405, 406, 409, 422) about the merge request. */
export type MergeAnswer =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly status: number; readonly words: string }
  | { readonly kind: 'lost' };

/** Null: the answer was lost and nothing tells whether the merge will still happen. */
export function mergeOutcome(mr: MergeRequestFacts, expectedHead: Sha, answer: MergeAnswer): MergeOutcome | null {
  const merged = mergeCommitOf(mr);
  if (mr.sha !== expectedHead) return { kind: 'head-moved', head: mr.sha ?? NO_COMMIT };
  if (merged !== null) return { kind: 'merged', commit: merged };
  if (mr.state === 'closed') return { kind: 'not-allowed', reason: 'The merge request is closed.' };
  if (mr.state === 'locked') return { kind: 'not-yet', reason: 'GitLab is merging it.' };
  switch (answer.kind) {
    case 'accepted':
      return { kind: 'not-yet', reason: 'GitLab accepted the merge but has not carried it out yet.' };
    case 'lost':
      return null;
    case 'refused':
      if (answer.status === 401 || answer.status === 403) {
        return { kind: 'not-allowed', reason: `GitLab does not let the bot merge into ${mr.target_branch}.` };
      }
      return standingObstacle(mr.detailed_merge_status, answer.words);
  }
}

/** Obstacles that go away without anybody's doing. */
const PASSING: Readonly<Record<string, string>> = {
  unchecked: 'GitLab has not looked yet whether it can be merged.',
  checking: 'GitLab is looking whether it can be merged.',
  preparing: 'GitLab is still preparing the merge request.',
  approvals_syncing: 'GitLab is still counting approvals.',
  ci_still_running: 'A pipeline is still running.',
  merge_time: 'GitLab was told not to merge it before a certain time.',
};

/** https://docs.gitlab.com/api/merge_requests/#merge-status */
const LASTING: Readonly<Record<string, string>> = {
  blocked_status: 'Another merge request blocks it.',
  ci_must_pass: 'GitLab demands a pipeline that succeeded.',
  commits_status: 'The source branch is gone or holds no commits.',
  discussions_not_resolved: 'GitLab demands that all threads are resolved.',
  draft_status: 'It is a draft.',
  external_status_checks: 'GitLab demands that external status checks pass.',
  status_checks_must_pass: 'GitLab demands that external status checks pass.',
  jira_association_missing: 'GitLab demands a Jira issue in the title or description.',
  locked_lfs_files: 'It changes LFS files that somebody has locked.',
  locked_paths: 'It changes paths that somebody has locked.',
  not_approved: 'GitLab demands more approvals.',
  not_open: 'The merge request is not open.',
  policies_denied: 'A policy of GitLab forbids it.',
  requested_changes: 'A reviewer has requested changes.',
  security_policy_pipeline_check: 'GitLab demands the pipelines of its security policies.',
  security_policy_violations: 'A security policy of GitLab forbids it.',
  title_regex: "The title does not have the form that the project's settings demand.",
};

function standingObstacle(status: string, words: string): MergeOutcome {
  if (status === 'conflict' || status === 'broken_status') return { kind: 'conflict' };
  if (status === 'need_rebase') return { kind: 'behind' };
  const passing = PASSING[status];
  if (passing !== undefined) return { kind: 'not-yet', reason: passing };
  // By now nothing stands in the way, so what did has just gone, or the base moved under the merge.
  if (status === 'mergeable') return { kind: 'not-yet', reason: 'GitLab could not merge it just now.' };
  return { kind: 'not-allowed', reason: LASTING[status] ?? `GitLab refuses: ${words === '' ? status : words}` };
}
