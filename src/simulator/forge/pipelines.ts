/** GitLab's pipelines: jobs of the forge's own CI, and external commit statuses, which are jobs too. */
import type { Job, Pipeline, PipelineStatus } from './commit-reports.js';
import type { ForgeState } from './forge-state.js';
import type { People } from './people.js';
import type { Outcome } from './refusal.js';
import { done, notFound } from './refusal.js';

const finished: readonly PipelineStatus[] = ['success', 'failed', 'canceled', 'skipped'];

interface NewPipeline {
  readonly repository: string;
  readonly sha: string;
  /** Branch name, or `refs/merge-requests/N/head`. */
  readonly ref: string;
  readonly source: Pipeline['source'];
  readonly actor: string;
  /** Names of its jobs; they start `pending`. */
  readonly jobs: readonly string[];
}

interface ExternalStatus {
  readonly repository: string;
  readonly sha: string;
  readonly ref: string;
  readonly actor: string;
  readonly name: string;
  readonly status: PipelineStatus;
  readonly description?: string;
  readonly targetUrl?: string;
  /** Only this pipeline. The newest of the commit (and ref) when not given, a new `external` one when there is none. */
  readonly pipelineId?: number;
}

export class Pipelines {
  constructor(
    private readonly state: ForgeState,
    private readonly people: People,
  ) {}

  start(pipeline: NewPipeline): Pipeline {
    const now = this.state.now();
    const added: Pipeline = {
      id: this.state.nextId(),
      iid: this.state.nextNumber(`pipelines of ${pipeline.repository}`),
      repository: pipeline.repository,
      sha: pipeline.sha,
      ref: pipeline.ref,
      source: pipeline.source,
      author: pipeline.actor,
      createdAt: now,
      updatedAt: now,
    };
    this.state.pipelines.set(added.id, added);
    for (const name of pipeline.jobs)
      this.addJob(added, { name, status: 'pending', external: false, actor: pipeline.actor });
    this.happened(added, pipeline.actor);
    return added;
  }

  /** The forge's own CI says how a job of the newest pipeline of this commit went; job and pipeline are made when missing. */
  reportJob(report: {
    readonly repository: string;
    readonly sha: string;
    readonly ref?: string;
    readonly name: string;
    readonly status: PipelineStatus;
    readonly actor: string;
  }): Outcome<Job> {
    const ref =
      report.ref ?? this.newestOf(report.repository, report.sha)?.ref ?? this.refOf(report.repository, report.sha);
    const pipeline =
      this.newestOf(report.repository, report.sha) ??
      this.start({
        repository: report.repository,
        sha: report.sha,
        ref,
        source: 'push',
        actor: report.actor,
        jobs: [],
      });
    const job =
      this.jobsOf(pipeline.id).find((one) => one.name === report.name) ??
      this.addJob(pipeline, { name: report.name, status: 'pending', external: false, actor: report.actor });
    return done(this.setJob(job, { status: report.status }, report.actor));
  }

  /** `POST statuses/:sha`: needs write permission. The newest of a name in the pipeline is the one that counts, so it is replaced. */
  reportExternal(report: ExternalStatus): Outcome<Job> {
    const allowed = this.people.require(report.repository, report.actor, 'write');
    if (!allowed.ok) return allowed;
    const wanted = report.pipelineId === undefined ? undefined : this.state.pipelines.get(report.pipelineId);
    if (report.pipelineId !== undefined && wanted?.sha !== report.sha) return notFound('pipeline');
    const pipeline =
      wanted ??
      this.newestOf(report.repository, report.sha) ??
      this.start({
        repository: report.repository,
        sha: report.sha,
        ref: report.ref,
        source: 'external',
        actor: report.actor,
        jobs: [],
      });
    const details = {
      status: report.status,
      ...(report.description === undefined ? {} : { description: report.description }),
      ...(report.targetUrl === undefined ? {} : { targetUrl: report.targetUrl }),
    };
    const existing = this.jobsOf(pipeline.id).find((one) => one.name === report.name && one.external);
    const job =
      existing ?? this.addJob(pipeline, { name: report.name, status: 'pending', external: true, actor: report.actor });
    return done(this.setJob(job, details, report.actor));
  }

  get(repository: string, id: number): Outcome<Pipeline> {
    const found = this.state.pipelines.get(id);
    return found === undefined || found.repository !== repository ? notFound('pipeline') : done(found);
  }

  /** Newest first. */
  of(repository: string): readonly Pipeline[] {
    return [...this.state.pipelines.values()].filter((one) => one.repository === repository).reverse();
  }

  newestOf(repository: string, sha: string): Pipeline | undefined {
    return this.of(repository).find((one) => one.sha === sha);
  }

  /** Oldest first. */
  jobsOf(pipelineId: number): readonly Job[] {
    return [...this.state.jobs.values()].filter((one) => one.pipelineId === pipelineId);
  }

  /** GitLab's rule: one failed (that may not fail) → failed; one running, or some done and some waiting → running; … */
  statusOf(pipelineId: number): PipelineStatus {
    const jobs = this.jobsOf(pipelineId);
    const statuses = jobs.map((one) => (one.status === 'failed' && one.allowFailure ? 'success' : one.status));
    if (statuses.length === 0) return 'created';
    const some = (status: PipelineStatus): boolean => statuses.includes(status);
    const unfinished = statuses.filter((one) => !finished.includes(one));
    if (unfinished.length > 0) {
      if (some('running') || unfinished.length < statuses.length) return 'running';
      return unfinished.every((one) => one === 'created')
        ? 'created'
        : unfinished.every((one) => one === 'manual')
          ? 'manual'
          : 'pending';
    }
    if (some('failed')) return 'failed';
    if (some('canceled')) return 'canceled';
    return some('success') ? 'success' : 'skipped';
  }

  private addJob(
    pipeline: Pipeline,
    job: { readonly name: string; readonly status: PipelineStatus; readonly external: boolean; readonly actor: string },
  ): Job {
    const added: Job = {
      id: this.state.nextId(),
      pipelineId: pipeline.id,
      repository: pipeline.repository,
      sha: pipeline.sha,
      ref: pipeline.ref,
      name: job.name,
      stage: job.external ? 'external' : 'test',
      status: job.status,
      external: job.external,
      allowFailure: false,
      author: job.actor,
      createdAt: this.state.now(),
    };
    this.state.jobs.set(added.id, added);
    return added;
  }

  private setJob(job: Job, details: Partial<Pick<Job, 'status' | 'description' | 'targetUrl'>>, actor: string): Job {
    const now = this.state.now();
    const before = this.statusOf(job.pipelineId);
    const changed: Job = { ...job, ...details, author: actor };
    const started =
      changed.status !== 'pending' && changed.status !== 'created' ? { startedAt: job.startedAt ?? now } : {};
    const ended = finished.includes(changed.status) ? { finishedAt: now } : {};
    this.state.jobs.set(job.id, { ...changed, ...started, ...ended });
    this.state.emit({ kind: 'job', jobId: job.id, at: now, actor, repository: job.repository });
    const pipeline = this.state.pipelines.get(job.pipelineId);
    if (pipeline !== undefined && this.statusOf(job.pipelineId) !== before) {
      this.state.pipelines.set(pipeline.id, { ...pipeline, updatedAt: now });
      this.happened(pipeline, actor);
    }
    return this.state.jobs.get(job.id) ?? changed;
  }

  private refOf(repository: string, sha: string): string {
    const heads = this.state.pullRequestsOf(repository).find((one) => one.headSha === sha);
    return heads?.headBranch ?? this.state.repositories.get(repository)?.defaultBranch ?? 'main';
  }

  private happened(pipeline: Pipeline, actor: string): void {
    this.state.emit({
      kind: 'pipeline',
      pipelineId: pipeline.id,
      at: this.state.now(),
      actor,
      repository: pipeline.repository,
    });
  }
}
