/** Pipeline Hook and Job Hook (https://docs.gitlab.com/user/project/integrations/webhook_events/#pipeline-events). */

import type { Job } from '../forge/commit-reports.js';
import type { ForgeEvent } from '../forge/events.js';
import type { PullRequest, Repository } from '../forge/state.js';
import { zeroSha } from '../git/git-objects.js';
import { pipelineToPresent } from './gather-pipeline.js';
import { detailedStatusOf } from './gather-merge-request.js';
import type { HookContext, HookPayload } from './hook-context.js';
import { hookTime } from './hook-time.js';
import { mergeStatus } from './merge-status.js';
import { presentHookCommit } from './present-commit.js';
import { mergeRequestState, mergeRequestTitle } from './present-merge-request.js';
import { presentHookPipeline } from './present-pipeline.js';
import { presentHookProject, presentHookRepository } from './present-project.js';
import { presentHookUser } from './present-user.js';

function time(date: Date | undefined): string | null {
  return date === undefined ? null : hookTime(date);
}

function duration(job: Job): number | null {
  const { startedAt, finishedAt } = job;
  return startedAt === undefined || finishedAt === undefined
    ? null
    : (finishedAt.getTime() - startedAt.getTime()) / 1000;
}

function presentHookBuild(context: HookContext, job: Job) {
  return {
    id: job.id,
    stage: job.stage,
    name: job.name,
    status: job.status,
    created_at: hookTime(job.createdAt),
    started_at: time(job.startedAt),
    finished_at: time(job.finishedAt),
    duration: duration(job),
    queued_duration: 0,
    failure_reason: job.status === 'failed' ? 'script_failure' : null,
    when: 'on_success',
    manual: false,
    allow_failure: job.allowFailure,
    user: presentHookUser(context.userOf(job.author)),
    runner: null,
    artifacts_file: { filename: null, size: null },
    environment: null,
  };
}

/** Only pipelines made for a merge request name it; those of a branch (and external ones) have `null`, as on GitLab. */
async function presentOwnMergeRequest(context: HookContext, repository: Repository, pullRequest: PullRequest) {
  return {
    id: pullRequest.id,
    iid: pullRequest.number,
    title: mergeRequestTitle(pullRequest),
    source_branch: pullRequest.headBranch,
    source_project_id: context.source(pullRequest, repository).id,
    target_branch: pullRequest.baseBranch,
    target_project_id: repository.id,
    state: mergeRequestState(pullRequest.state),
    merge_status: mergeStatus(pullRequest.mergeability),
    detailed_merge_status: await detailedStatusOf(context, repository, pullRequest),
    url: context.urls.mergeRequest(repository.fullName, pullRequest.number),
  };
}

export async function buildPipelineHook(
  context: HookContext,
  event: Extract<ForgeEvent, { kind: 'pipeline' }>,
): Promise<HookPayload | undefined> {
  const repository = context.repository(event.repository);
  const pipeline = context.forge.state.pipelines.get(event.pipelineId);
  if (repository === undefined || pipeline === undefined) return undefined;
  const present = pipelineToPresent(context, repository, pipeline);
  const commit = await context.commit(repository.fullName, pipeline.sha);
  const own = context.forge.pullRequests
    .of(repository.fullName)
    .find((one) => pipeline.source === 'merge_request_event' && one.headSha === pipeline.sha);
  return {
    object_kind: 'pipeline',
    object_attributes: presentHookPipeline(present, context.urls),
    merge_request: own === undefined ? null : await presentOwnMergeRequest(context, repository, own),
    user: presentHookUser(present.author),
    project: presentHookProject(repository, context.urls),
    commit: commit === undefined ? null : presentHookCommit(commit, repository.fullName, context.urls),
    builds: present.jobs.filter((job) => !job.external).map((job) => presentHookBuild(context, job)),
  };
}

export async function buildJobHook(
  context: HookContext,
  event: Extract<ForgeEvent, { kind: 'job' }>,
): Promise<HookPayload | undefined> {
  const repository = context.repository(event.repository);
  const job = context.forge.state.jobs.get(event.jobId);
  if (repository === undefined || job === undefined) return undefined;
  const commit = await context.commit(repository.fullName, job.sha);
  return {
    object_kind: 'build',
    ref: job.ref,
    tag: false,
    before_sha: zeroSha,
    sha: job.sha,
    build_id: job.id,
    build_name: job.name,
    build_stage: job.stage,
    build_status: job.status,
    build_created_at: hookTime(job.createdAt),
    build_started_at: time(job.startedAt),
    build_finished_at: time(job.finishedAt),
    build_duration: duration(job),
    build_queued_duration: 0,
    build_allow_failure: job.allowFailure,
    build_failure_reason: job.status === 'failed' ? 'script_failure' : 'unknown_failure',
    retries_count: 0,
    pipeline_id: job.pipelineId,
    project_id: repository.id,
    project_name: `${repository.owner} / ${repository.name}`,
    user: presentHookUser(context.userOf(job.author)),
    commit: {
      // The pipeline's number, as GitLab's documentation warns.
      id: job.pipelineId,
      name: null,
      sha: job.sha,
      message: commit?.message ?? '',
      author_name: commit?.author.name ?? '',
      author_email: commit?.author.email ?? '',
      status: context.forge.pipelines.statusOf(job.pipelineId),
      duration: null,
      started_at: null,
      finished_at: null,
    },
    repository: presentHookRepository(repository, context.urls),
    project: presentHookProject(repository, context.urls),
    runner: null,
    environment: null,
  };
}
