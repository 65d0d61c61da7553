/** Pipelines, jobs and commit statuses as GitLab shows them. */

import type { Job, Pipeline, PipelineStatus } from '../forge/commit-reports.js';
import type { Repository, User } from '../forge/state.js';
import { zeroSha } from '../git/git-objects.js';
import type { GitlabUrls } from './gitlab-urls.js';
import { hookTime } from './hook-time.js';
import { presentUser } from './present-user.js';

export interface PipelineToPresent {
  readonly pipeline: Pipeline;
  readonly status: PipelineStatus;
  readonly jobs: readonly Job[];
  readonly repository: Repository;
  readonly author: User;
}

const FINISHED: readonly PipelineStatus[] = ['success', 'failed', 'canceled', 'skipped'];

function earliest(dates: readonly (Date | undefined)[]): string | null {
  const times = dates.flatMap((date) => (date === undefined ? [] : [date.getTime()]));
  return times.length === 0 ? null : new Date(Math.min(...times)).toISOString();
}

function latest(dates: readonly (Date | undefined)[]): string | null {
  const times = dates.flatMap((date) => (date === undefined ? [] : [date.getTime()]));
  return times.length === 0 ? null : new Date(Math.max(...times)).toISOString();
}

function seconds(from: string | null, to: string | null): number | null {
  return from === null || to === null ? null : (Date.parse(to) - Date.parse(from)) / 1000;
}

export function presentPipeline({ pipeline, status, repository }: PipelineToPresent, urls: GitlabUrls) {
  return {
    id: pipeline.id,
    iid: pipeline.iid,
    project_id: repository.id,
    sha: pipeline.sha,
    ref: pipeline.ref,
    status,
    source: pipeline.source,
    created_at: pipeline.createdAt.toISOString(),
    updated_at: pipeline.updatedAt.toISOString(),
    web_url: urls.pipeline(repository.fullName, pipeline.id),
    name: null,
  };
}

function times(of: PipelineToPresent) {
  const started = earliest(of.jobs.map((job) => job.startedAt));
  const finished = FINISHED.includes(of.status) ? latest(of.jobs.map((job) => job.finishedAt)) : null;
  return { started, finished, duration: seconds(started, finished) };
}

export function presentFullPipeline(of: PipelineToPresent, urls: GitlabUrls) {
  const { started, finished, duration } = times(of);
  return {
    ...presentPipeline(of, urls),
    before_sha: zeroSha,
    tag: false,
    yaml_errors: null,
    user: presentUser(of.author, urls),
    started_at: started,
    finished_at: finished,
    committed_at: null,
    duration,
    queued_duration: null,
    coverage: null,
    archived: false,
    detailed_status: {
      icon: `status_${of.status}`,
      text: of.status,
      label: of.status,
      group: of.status,
      tooltip: of.status,
      has_details: true,
      details_path: `/${of.repository.fullName}/-/pipelines/${of.pipeline.id}`,
      illustration: null,
      favicon: '',
    },
  };
}

/** `GET pipelines/:id/jobs`: jobs of CI only; external statuses are not jobs (they are in `commits/:sha/statuses`). */
export function presentJob(job: Job, of: PipelineToPresent, urls: GitlabUrls) {
  const started = job.startedAt?.toISOString() ?? null;
  const finished = job.finishedAt?.toISOString() ?? null;
  return {
    id: job.id,
    status: job.status,
    stage: job.stage,
    name: job.name,
    ref: job.ref,
    tag: false,
    coverage: null,
    allow_failure: job.allowFailure,
    created_at: job.createdAt.toISOString(),
    started_at: started,
    finished_at: finished,
    erased_at: null,
    duration: seconds(started, finished),
    queued_duration: 0,
    ...(job.status === 'failed' ? { failure_reason: 'script_failure' } : {}),
    user: presentUser(of.author, urls),
    commit: { id: job.sha, short_id: job.sha.slice(0, 8) },
    pipeline: presentPipeline(of, urls),
    web_url: urls.job(of.repository.fullName, job.id),
    artifacts: [],
    runner: null,
    artifacts_expire_at: null,
    tag_list: [],
  };
}

/** `commits/:sha/statuses` shows external statuses and jobs alike. */
export function presentCommitStatus(job: Job, author: User, urls: GitlabUrls) {
  return {
    id: job.id,
    sha: job.sha,
    ref: job.ref,
    status: job.status,
    name: job.name,
    target_url: job.targetUrl ?? (job.external ? null : urls.job(job.repository, job.id)),
    description: job.description ?? null,
    created_at: job.createdAt.toISOString(),
    started_at: job.startedAt?.toISOString() ?? null,
    finished_at: job.finishedAt?.toISOString() ?? null,
    allow_failure: job.allowFailure,
    coverage: null,
    pipeline_id: job.pipelineId,
    author: presentUser(author, urls),
  };
}

/** `object_attributes` of a Pipeline Hook. */
export function presentHookPipeline(of: PipelineToPresent, urls: GitlabUrls) {
  const { finished, duration } = times(of);
  return {
    id: of.pipeline.id,
    iid: of.pipeline.iid,
    name: null,
    ref: of.pipeline.ref,
    tag: false,
    sha: of.pipeline.sha,
    before_sha: zeroSha,
    source: of.pipeline.source,
    status: of.status,
    detailed_status: of.status === 'success' ? 'passed' : of.status,
    stages: [...new Set(of.jobs.map((job) => job.stage))],
    created_at: hookTime(of.pipeline.createdAt),
    finished_at: finished === null ? null : hookTime(new Date(finished)),
    duration,
    queued_duration: null,
    protected_ref: false,
    variables: [],
    url: urls.pipeline(of.repository.fullName, of.pipeline.id),
  };
}
