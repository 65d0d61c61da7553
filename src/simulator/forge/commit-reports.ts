/** The part of the state that tells of commits: what CI and other programs reported, in each forge's records. See state.ts. */

export type CheckConclusion =
  'success' | 'failure' | 'neutral' | 'cancelled' | 'skipped' | 'timed_out' | 'action_required' | 'stale';

/** GitHub check run; only Apps write them. */
export interface CheckRun {
  readonly id: number;
  readonly suiteId: number;
  readonly repository: string;
  readonly headSha: string;
  readonly name: string;
  readonly appSlug: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion?: CheckConclusion;
  readonly title?: string;
  readonly summary?: string;
  readonly text?: string;
  readonly detailsUrl?: string;
  readonly externalId?: string;
  readonly startedAt: Date;
  readonly completedAt?: Date;
}

/** GitHub commit status: one record for each post, the newest of a context counts. */
export interface CommitStatus {
  readonly id: number;
  readonly repository: string;
  readonly sha: string;
  readonly context: string;
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  readonly description?: string;
  readonly targetUrl?: string;
  readonly author: string;
  readonly createdAt: Date;
}

/** GitLab's words for pipelines and jobs. */
export type PipelineStatus =
  'created' | 'pending' | 'running' | 'success' | 'failed' | 'canceled' | 'skipped' | 'manual';

/** GitLab pipeline. Its status is worked out from its jobs: see Pipelines.statusOf. */
export interface Pipeline {
  readonly id: number;
  readonly iid: number;
  readonly repository: string;
  readonly sha: string;
  readonly ref: string;
  readonly source: 'push' | 'merge_request_event' | 'external';
  readonly author: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** GitLab job, or external commit status (`external: true`, made by `POST statuses/:sha`): both count in the pipeline. */
export interface Job {
  readonly id: number;
  readonly pipelineId: number;
  readonly repository: string;
  readonly sha: string;
  readonly ref: string;
  readonly name: string;
  readonly stage: string;
  readonly status: PipelineStatus;
  readonly external: boolean;
  readonly allowFailure: boolean;
  readonly description?: string;
  readonly targetUrl?: string;
  readonly author: string;
  readonly createdAt: Date;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
}
