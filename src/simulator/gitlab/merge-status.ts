/** What GitLab says of a merge request's mergeability. */

import type { PipelineStatus } from '../forge/commit-reports.js';
import type { Obstacle } from '../forge/protections.js';
import type { MergeabilityState, PullRequest } from '../forge/state.js';

type MergeStatus = 'unchecked' | 'checking' | 'can_be_merged' | 'cannot_be_merged';

const MERGE_STATUS: Readonly<Record<MergeabilityState, MergeStatus>> = {
  unknown: 'unchecked',
  checking: 'checking',
  clean: 'can_be_merged',
  conflicting: 'cannot_be_merged',
};

export function mergeStatus(mergeability: MergeabilityState): MergeStatus {
  return MERGE_STATUS[mergeability];
}

export type DetailedMergeStatus =
  | 'not_open'
  | 'unchecked'
  | 'checking'
  | 'draft_status'
  | 'conflict'
  | 'need_rebase'
  | 'not_approved'
  | 'status_checks_must_pass'
  | 'ci_must_pass'
  | 'ci_still_running'
  | 'mergeable';

interface MergeStatusFacts {
  readonly pullRequest: PullRequest;
  readonly pipelinesMustSucceed: boolean;
  /** Of the newest pipeline of the head commit; undefined: there is none. */
  readonly headPipeline: PipelineStatus | undefined;
  /** True when the project merges by fast-forward only and the target branch has moved. */
  readonly needsRebase: boolean;
  /** What the state's rules object to, whoever merges. */
  readonly obstacles: readonly Obstacle[];
}

const STILL_RUNNING: readonly PipelineStatus[] = ['created', 'pending', 'running', 'manual'];

/** CI's part alone: without "pipelines must succeed" every pipeline will do; with it, no pipeline will not do. */
export function pipelineVerdict(
  facts: Pick<MergeStatusFacts, 'pipelinesMustSucceed' | 'headPipeline'>,
): 'passed' | 'ci_must_pass' | 'ci_still_running' {
  if (!facts.pipelinesMustSucceed || facts.headPipeline === 'success') return 'passed';
  const running = facts.headPipeline !== undefined && STILL_RUNNING.includes(facts.headPipeline);
  return running ? 'ci_still_running' : 'ci_must_pass';
}

/**
 * The first reason in GitLab's order (https://docs.gitlab.com/api/merge_requests/#merge-status): CI comes last. A
 * merge request that is not open says so at once, whatever was known of its conflicts.
 */
export function detailedMergeStatus(facts: MergeStatusFacts): DetailedMergeStatus {
  const { pullRequest } = facts;
  if (pullRequest.state !== 'open') return 'not_open';
  if (pullRequest.mergeability === 'unknown') return 'unchecked';
  if (pullRequest.mergeability === 'checking') return 'checking';
  if (pullRequest.draft) return 'draft_status';
  if (pullRequest.mergeability === 'conflicting') return 'conflict';
  return ruleStatus(facts);
}

function ruleStatus(facts: MergeStatusFacts): DetailedMergeStatus {
  const has = (reason: Obstacle['reason']): boolean => facts.obstacles.some((one) => one.reason === reason);
  if (facts.needsRebase || has('behind')) return 'need_rebase';
  if (has('approvals')) return 'not_approved';
  const verdict = pipelineVerdict(facts);
  if (verdict !== 'passed') return verdict;
  return has('checks') ? 'status_checks_must_pass' : 'mergeable';
}
