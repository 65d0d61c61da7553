/** Check runs and commit statuses (GitHub), and one neutral view of everything that was reported on a commit. */
import type { CheckRun, CommitStatus, PipelineStatus } from './commit-reports.js';
import type { ForgeState } from './forge-state.js';
import type { People } from './people.js';
import type { Pipelines } from './pipelines.js';
import type { Outcome } from './refusal.js';
import { done, invalid, notFound, refused } from './refusal.js';

export interface CheckRunReport {
  readonly repository: string;
  /** Login of the App's bot; anybody else is refused. */
  readonly actor: string;
  readonly headSha: string;
  readonly name: string;
  readonly status?: CheckRun['status'];
  readonly conclusion?: NonNullable<CheckRun['conclusion']>;
  readonly title?: string;
  readonly summary?: string;
  readonly text?: string;
  readonly detailsUrl?: string;
  readonly externalId?: string;
}

type CheckRunChange = Partial<Omit<CheckRunReport, 'repository' | 'actor' | 'headSha'>> & {
  readonly actor: string;
  readonly id: number;
};

interface StatusReport {
  readonly repository: string;
  readonly actor: string;
  readonly sha: string;
  readonly context: string;
  readonly state: CommitStatus['state'];
  readonly description?: string;
  readonly targetUrl?: string;
}

/** What counts for a name on a commit, whoever reported it and how. */
export interface CheckSummary {
  readonly name: string;
  readonly state: 'pending' | 'success' | 'failure';
  readonly description: string;
}

export class Checks {
  constructor(
    private readonly state: ForgeState,
    private readonly people: People,
    private readonly pipelines: Pipelines,
  ) {}

  createRun(report: CheckRunReport): Outcome<CheckRun> {
    const allowed = this.appMayWrite(report.repository, report.actor);
    if (!allowed.ok) return allowed;
    const { repository, actor, ...fields } = report;
    const run: CheckRun = {
      ...fields,
      id: this.state.nextId(),
      suiteId: this.suiteOf(repository, report.headSha, allowed.value),
      repository,
      appSlug: allowed.value,
      ...this.progress(report, this.state.now()),
    };
    return done(this.putRun(run, actor, 'created'));
  }

  updateRun(change: CheckRunChange): Outcome<CheckRun> {
    const run = this.state.checkRuns.get(change.id);
    if (run === undefined) return notFound('check run');
    const allowed = this.appMayWrite(run.repository, change.actor);
    if (!allowed.ok) return allowed;
    if (allowed.value !== run.appSlug) {
      return refused({
        kind: 'forbidden',
        need: 'app',
        message: 'Invalid app_id - check run can only be modified by the GitHub App that created it.',
      });
    }
    const { actor, id: _id, ...fields } = change;
    const progress =
      fields.status === undefined && fields.conclusion === undefined ? {} : this.progress(change, run.startedAt);
    const { conclusion: _conclusion, completedAt: _completedAt, ...unfinished } = run;
    const base = 'status' in progress && progress.status !== 'completed' ? unfinished : run;
    return done(this.putRun({ ...base, ...fields, ...progress }, actor, 'updated'));
  }

  /** "Re-run" on the page: the run waits again, and its App is told. Needs write permission. */
  rerequest(change: { readonly repository: string; readonly actor: string; readonly id: number }): Outcome<CheckRun> {
    const { repository, actor } = change;
    const allowed = this.people.require(repository, actor, 'write');
    if (!allowed.ok) return allowed;
    const found = this.run(repository, change.id);
    if (!found.ok) return found;
    const { conclusion: _conclusion, completedAt: _completedAt, ...unfinished } = found.value;
    const waiting: CheckRun = { ...unfinished, status: 'queued' };
    this.state.checkRuns.set(waiting.id, waiting);
    const happened = { checkRunId: waiting.id, at: this.state.now(), actor, repository };
    this.state.emit({ kind: 'check-run', action: 'rerequested', ...happened });
    return done(waiting);
  }

  /** Needs write permission. Descriptions longer than 140 characters are refused, as is the 1001st status of a context. */
  setStatus(report: StatusReport): Outcome<CommitStatus> {
    const allowed = this.people.require(report.repository, report.actor, 'write');
    if (!allowed.ok) return allowed;
    if ((report.description?.length ?? 0) > 140) {
      return invalid('Status', 'description', 'description is too long (maximum is 140 characters)');
    }
    const before = this.statusesOf(report.repository, report.sha).filter((one) => one.context === report.context);
    if (before.length >= 1000)
      return invalid('Status', 'base', 'This SHA and context has reached the maximum number of statuses.');
    const { actor, ...fields } = report;
    const status: CommitStatus = { ...fields, id: this.state.nextId(), author: actor, createdAt: this.state.now() };
    this.state.statuses.set(status.id, status);
    this.state.emit({
      kind: 'status',
      statusId: status.id,
      at: status.createdAt,
      actor,
      repository: report.repository,
    });
    return done(status);
  }

  run(repository: string, id: number): Outcome<CheckRun> {
    const found = this.state.checkRuns.get(id);
    return found === undefined || found.repository !== repository ? notFound('check run') : done(found);
  }

  /** Newest first, all runs of all names. */
  runsOf(repository: string, sha: string): readonly CheckRun[] {
    return [...this.state.checkRuns.values()]
      .filter((one) => one.repository === repository && one.headSha === sha)
      .reverse();
  }

  /** Newest first, all posts of all contexts. */
  statusesOf(repository: string, sha: string): readonly CommitStatus[] {
    return [...this.state.statuses.values()]
      .filter((one) => one.repository === repository && one.sha === sha)
      .reverse();
  }

  /** The newest report for each name: check runs, statuses and the newest pipeline's jobs. Sorted by name. */
  summaryOf(repository: string, sha: string): readonly CheckSummary[] {
    const byName = new Map<string, CheckSummary>();
    const add = (summary: CheckSummary): void => {
      if (!byName.has(summary.name)) byName.set(summary.name, summary);
    };
    for (const run of this.runsOf(repository, sha)) {
      add({ name: run.name, state: runState(run), description: run.title ?? run.conclusion ?? run.status });
    }
    for (const status of this.statusesOf(repository, sha)) {
      const state = status.state === 'error' ? 'failure' : status.state;
      add({ name: status.context, state, description: status.description ?? status.state });
    }
    const pipeline = this.pipelines.newestOf(repository, sha);
    for (const job of pipeline === undefined ? [] : this.pipelines.jobsOf(pipeline.id)) {
      add({ name: job.name, state: jobState(job.status), description: job.description ?? job.status });
    }
    return [...byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** Of the required names, those that have not succeeded, with their state; `missing`: nobody has reported it. */
  unmet(
    repository: string,
    sha: string,
    required: readonly string[],
  ): readonly { readonly name: string; readonly state: 'pending' | 'failure' | 'missing' }[] {
    const summary = new Map(this.summaryOf(repository, sha).map((one) => [one.name, one.state]));
    return required.flatMap((name) => {
      const state = summary.get(name) ?? 'missing';
      return state === 'success' ? [] : [{ name, state }];
    });
  }

  private appMayWrite(repository: string, actor: string): Outcome<string> {
    const visible = this.people.require(repository, actor, 'read');
    if (!visible.ok) return visible;
    const app = this.people.appOf(actor);
    if (app === undefined)
      return refused({ kind: 'forbidden', need: 'app', message: 'You must authenticate via a GitHub App.' });
    const allowed = this.people.require(repository, actor, 'write');
    return allowed.ok ? done(app.slug) : allowed;
  }

  private progress(
    report: Partial<CheckRunReport>,
    startedAt: Date,
  ): Pick<CheckRun, 'status' | 'startedAt' | 'completedAt'> {
    const status = report.conclusion === undefined ? (report.status ?? 'queued') : 'completed';
    return { status, startedAt, ...(status === 'completed' ? { completedAt: this.state.now() } : {}) };
  }

  private suiteOf(repository: string, sha: string, appSlug: string): number {
    const existing = this.runsOf(repository, sha).find((one) => one.appSlug === appSlug);
    return existing?.suiteId ?? this.state.nextId();
  }

  private putRun(run: CheckRun, actor: string, how: 'created' | 'updated'): CheckRun {
    this.state.checkRuns.set(run.id, run);
    const event = {
      kind: 'check-run',
      checkRunId: run.id,
      at: this.state.now(),
      actor,
      repository: run.repository,
    } as const;
    if (how === 'created') this.state.emit({ ...event, action: 'created' });
    if (run.status === 'completed') this.state.emit({ ...event, action: 'completed' });
    return run;
  }
}

/** Neutral and skipped runs count as passed, as on GitHub. */
function runState(run: CheckRun): CheckSummary['state'] {
  if (run.status !== 'completed') return 'pending';
  return run.conclusion === 'success' || run.conclusion === 'neutral' || run.conclusion === 'skipped'
    ? 'success'
    : 'failure';
}

function jobState(status: PipelineStatus): CheckSummary['state'] {
  if (status === 'success' || status === 'skipped') return 'success';
  return status === 'failed' || status === 'canceled' ? 'failure' : 'pending';
}
