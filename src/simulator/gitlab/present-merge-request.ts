/** Merge requests, their approvals and versions as GitLab shows them. */

import type { PullRequest, PullRequestVersion, Repository, User } from '../forge/state.js';
import type { GitlabUrls } from './gitlab-urls.js';
import type { DetailedMergeStatus } from './merge-status.js';
import { mergeStatus } from './merge-status.js';
import type { PipelineToPresent } from './present-pipeline.js';
import { presentFullPipeline, presentPipeline } from './present-pipeline.js';
import { presentUser } from './present-user.js';

export interface MergeRequestToPresent {
  readonly pullRequest: PullRequest;
  readonly repository: Repository;
  /** Where its head is. */
  readonly source: Repository;
  readonly detailedStatus: DetailedMergeStatus;
  readonly userOf: (login: string) => User;
  readonly userNotes: number;
  readonly upvotes: number;
  readonly downvotes: number;
}

/** What only `GET merge_requests/:iid` shows beyond the listings. */
interface MergeRequestDetails {
  readonly headPipeline: PipelineToPresent | undefined;
  readonly changedFiles: number;
  readonly canMerge: boolean;
  readonly mergeError: string | null;
}

export const DRAFT_PREFIX = 'Draft: ';

const STATES: Readonly<Record<PullRequest['state'], string>> = {
  open: 'opened',
  closed: 'closed',
  merged: 'merged',
};

export function mergeRequestState(state: PullRequest['state']): string {
  return STATES[state];
}

/** A draft is a merge request whose title starts with `Draft:`; the state keeps the two apart. */
export function mergeRequestTitle(pullRequest: PullRequest): string {
  return pullRequest.draft ? `${DRAFT_PREFIX}${pullRequest.title}` : pullRequest.title;
}

function presentPeople(of: MergeRequestToPresent, urls: GitlabUrls) {
  const { pullRequest } = of;
  const present = (login: string) => presentUser(of.userOf(login), urls);
  const mergedBy = pullRequest.merge === undefined ? null : present(pullRequest.merge.by);
  const assignees = pullRequest.assignees.map(present);
  return {
    merged_by: mergedBy,
    merge_user: mergedBy,
    merged_at: pullRequest.merge?.at.toISOString() ?? null,
    closed_by:
      pullRequest.state === 'closed' && pullRequest.closedBy !== undefined ? present(pullRequest.closedBy) : null,
    closed_at: pullRequest.state === 'closed' ? (pullRequest.closedAt?.toISOString() ?? null) : null,
    author: present(pullRequest.author),
    assignees,
    assignee: assignees[0] ?? null,
    reviewers: pullRequest.requestedReviewers.map(present),
  };
}

const NO_TIME_SPENT = {
  time_estimate: 0,
  total_time_spent: 0,
  human_time_estimate: null,
  human_total_time_spent: null,
};

function presentReferences(pullRequest: PullRequest, urls: GitlabUrls) {
  const short = `!${pullRequest.number}`;
  return {
    reference: short,
    references: { short, relative: short, full: `${pullRequest.repository}${short}` },
    web_url: urls.mergeRequest(pullRequest.repository, pullRequest.number),
  };
}

/** Where the result is: a merge commit, a squash commit, both with a semi-linear history, or neither after a fast-forward. */
function presentResult({ merge }: PullRequest) {
  const isMergeCommit = merge?.method === 'merge' || merge?.squashSha !== undefined;
  return {
    merge_commit_sha: isMergeCommit ? merge.sha : null,
    squash_commit_sha: merge?.method === 'squash' ? (merge.squashSha ?? merge.sha) : null,
  };
}

export function presentMergeRequest(of: MergeRequestToPresent, urls: GitlabUrls) {
  const { pullRequest, repository } = of;
  return {
    id: pullRequest.id,
    iid: pullRequest.number,
    project_id: repository.id,
    title: mergeRequestTitle(pullRequest),
    description: pullRequest.body,
    state: mergeRequestState(pullRequest.state),
    created_at: pullRequest.createdAt.toISOString(),
    updated_at: pullRequest.updatedAt.toISOString(),
    ...presentPeople(of, urls),
    target_branch: pullRequest.baseBranch,
    source_branch: pullRequest.headBranch,
    user_notes_count: of.userNotes,
    upvotes: of.upvotes,
    downvotes: of.downvotes,
    source_project_id: of.source.id,
    target_project_id: repository.id,
    labels: [...pullRequest.labels],
    draft: pullRequest.draft,
    work_in_progress: pullRequest.draft,
    imported: false,
    imported_from: 'none',
    milestone: null,
    merge_when_pipeline_succeeds: false,
    merge_status: mergeStatus(pullRequest.mergeability),
    detailed_merge_status: of.detailedStatus,
    merge_after: null,
    sha: pullRequest.headSha,
    ...presentResult(pullRequest),
    discussion_locked: null,
    should_remove_source_branch: pullRequest.merge === undefined ? null : pullRequest.removeSourceBranch,
    force_remove_source_branch: pullRequest.removeSourceBranch,
    prepared_at: pullRequest.createdAt.toISOString(),
    ...presentReferences(pullRequest, urls),
    time_stats: NO_TIME_SPENT,
    squash: pullRequest.squash,
    squash_on_merge: pullRequest.squash,
    task_completion_status: { count: 0, completed_count: 0 },
    has_conflicts: pullRequest.mergeability === 'conflicting',
    blocking_discussions_resolved: true,
    approvals_before_merge: null,
  };
}

function diffRefs(pullRequest: PullRequest) {
  const newest = pullRequest.versions.at(-1);
  return {
    base_sha: newest?.baseSha ?? pullRequest.baseSha,
    head_sha: newest?.headSha ?? pullRequest.headSha,
    start_sha: newest?.startSha ?? pullRequest.baseSha,
  };
}

export function presentFullMergeRequest(of: MergeRequestToPresent, details: MergeRequestDetails, urls: GitlabUrls) {
  const { headPipeline } = details;
  const full = headPipeline === undefined ? null : presentFullPipeline(headPipeline, urls);
  return {
    ...presentMergeRequest(of, urls),
    subscribed: false,
    changes_count: String(details.changedFiles),
    latest_build_started_at: full?.started_at ?? null,
    latest_build_finished_at: full?.finished_at ?? null,
    first_deployed_to_production_at: null,
    pipeline: headPipeline === undefined ? null : presentPipeline(headPipeline, urls),
    head_pipeline: full,
    diff_refs: diffRefs(of.pullRequest),
    merge_error: details.mergeError,
    first_contribution: false,
    user: { can_merge: details.canMerge },
  };
}

/** The Free tier: nobody's approval is ever required, and `approved` is true as soon as somebody has approved. */
export function presentApprovals(of: MergeRequestToPresent, approvers: readonly ApproverToPresent[], urls: GitlabUrls) {
  const { pullRequest, repository } = of;
  return {
    id: pullRequest.id,
    iid: pullRequest.number,
    project_id: repository.id,
    title: mergeRequestTitle(pullRequest),
    description: pullRequest.body,
    state: mergeRequestState(pullRequest.state),
    created_at: pullRequest.createdAt.toISOString(),
    updated_at: pullRequest.updatedAt.toISOString(),
    merge_status: mergeStatus(pullRequest.mergeability),
    approved: approvers.length > 0,
    approvals_required: 0,
    approvals_left: 0,
    user_has_approved: approvers.some((approver) => approver.isReader),
    user_can_approve: approvers.every((approver) => !approver.isReader),
    approved_by: approvers.map((approver) => ({
      user: presentUser(approver.user, urls),
      approved_at: approver.approvedAt.toISOString(),
    })),
  };
}

interface ApproverToPresent {
  readonly user: User;
  readonly approvedAt: Date;
  readonly isReader: boolean;
}

export function presentVersion(version: PullRequestVersion, pullRequest: PullRequest, changedFiles: number) {
  return {
    id: version.id,
    head_commit_sha: version.headSha,
    base_commit_sha: version.baseSha,
    start_commit_sha: version.startSha,
    created_at: version.createdAt.toISOString(),
    merge_request_id: pullRequest.id,
    state: 'collected',
    real_size: String(changedFiles),
    patch_id_sha: null,
  };
}
