/** GitLab's merge requests as pull requests. */
import type { PullRequest } from '../../core/forge-objects.js';
import type { RepositoryId, Sha } from '../../core/ids.js';
import { toInstant } from './instant.js';
import { toPerson } from './person.js';
import { withoutGuards } from './quick-actions.js';

/** What is read of https://docs.gitlab.com/api/merge_requests/#retrieve-a-merge-request. */
export interface MergeRequestFacts {
  readonly iid: number;
  readonly web_url: string;
  readonly title: string;
  readonly description: string | null;
  /** `opened`, `closed`, `merged`, or `locked` while GitLab merges. */
  readonly state: string;
  readonly draft: boolean;
  readonly author: { readonly username: string };
  readonly target_branch: string;
  readonly source_branch: string;
  /** Null once the fork is gone. */
  readonly source_project_id: number | null;
  readonly target_project_id: number;
  /** Null while GitLab has not seen a commit. */
  readonly sha: Sha | null;
  readonly merge_commit_sha: Sha | null;
  readonly squash_commit_sha: Sha | null;
  readonly detailed_merge_status: string;
  readonly labels: readonly unknown[];
  readonly created_at: string;
  readonly updated_at: string;
}

/** Git's own way to say "no commit". */
export const NO_COMMIT: Sha = '0'.repeat(40);

export function toPullRequest(mr: MergeRequestFacts, repository: RepositoryId, ownLogin: string): PullRequest {
  const body = mr.description ?? '';
  return {
    repository,
    number: mr.iid,
    url: mr.web_url,
    title: mr.title,
    body: mr.author.username === ownLogin ? withoutGuards(body) : body,
    state: toState(mr.state),
    readiness: mr.draft ? 'draft' : 'ready',
    author: toPerson(mr.author, ownLogin),
    base: mr.target_branch,
    head: {
      branch: mr.source_branch,
      sha: mr.sha ?? NO_COMMIT,
      origin: mr.source_project_id === mr.target_project_id ? 'same-repository' : 'fork',
    },
    mergeCommit: mergeCommitOf(mr),
    mergeability: toMergeability(mr.detailed_merge_status),
    labels: mr.labels.filter((label): label is string => typeof label === 'string'),
    createdAt: toInstant(mr.created_at),
    updatedAt: toInstant(mr.updated_at),
  };
}

function toState(state: string): PullRequest['state'] {
  if (state === 'merged' || state === 'closed') return state;
  return 'open';
}

/** A fast-forward makes no merge commit: then the squashed commit, or the head itself, is what the target branch got. */
export function mergeCommitOf(mr: MergeRequestFacts): Sha | null {
  if (mr.state !== 'merged') return null;
  return mr.merge_commit_sha ?? mr.squash_commit_sha ?? mr.sha;
}

/** `need_rebase` counts as a conflict: the branch has to change before it can be merged. */
export function toMergeability(detailedMergeStatus: string): PullRequest['mergeability'] {
  switch (detailedMergeStatus) {
    case 'mergeable':
      return 'mergeable';
    case 'unchecked':
    case 'checking':
    case 'preparing':
    case 'approvals_syncing':
      return 'unknown';
    case 'conflict':
    case 'need_rebase':
    case 'broken_status':
      return 'conflict';
    default:
      return 'blocked';
  }
}
