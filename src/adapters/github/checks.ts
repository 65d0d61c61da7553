/** Checks on GitHub: an App writes check runs, a plain token commit statuses; both are read together. */
import type { Check, CheckState, RequiredChecks } from '../../core/forge-objects.js';
import type { RepositoryId, Sha } from '../../core/ids.js';
import type { CheckReport, Checks } from '../../ports/checks.js';
import { checkWeight } from '../../core/traffic/check-weight.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import type { Written } from '../../ports/pull-requests.js';
import { ask, holdLane, placeOf, type Client, type Clients } from './client.js';
import { answered, wordsOf } from './errors.js';
import {
  checkFromRun,
  checkFromStatus,
  checkRunState,
  mergeByName,
  newestRuns,
  type GithubCheckRun,
  type GithubStatus,
} from './from-github.js';
import type { JobMemory } from './job-memory.js';
import { orPutOff } from '../traffic/write-budget.js';
import { writing } from './spend-writes.js';
import type { StatusCounts } from './status-counts.js';

/** "The maximum length is 65535 characters" for `output.summary`; a status description may have 140. */
const summaryLimit = 65_535;
const descriptionLimit = 140;

export class GithubChecks implements Checks {
  /** `appId`: null with a token. `job`: null where every report is to look for itself. */
  constructor(
    private readonly clients: Clients,
    private readonly appId: number | null,
    private readonly memory: { readonly statuses: StatusCounts; readonly job: JobMemory | null },
  ) {}

  async list(repository: RepositoryId, sha: Sha): Promise<readonly Check[]> {
    return ask(`list the checks of ${repository.path}@${sha}`, async () => {
      const client = await this.clients.of(repository);
      const [runs, statuses] = await Promise.all([
        client.paginate(client.rest.checks.listForRef, {
          ...placeOf(repository),
          ref: sha,
          filter: 'latest',
          per_page: 100,
        }),
        statusesOf(client, repository, sha),
      ]);
      this.memory.job?.noteChecks(repository, sha, { runs, statuses });
      return mergeByName([...newestRuns(runs).map(checkFromRun), ...statuses.map(checkFromStatus)]);
    });
  }

  async required(repository: RepositoryId, branch: string): Promise<RequiredChecks> {
    const what = `say what is required on ${branch} of ${repository.path}`;
    const client = await ask(what, () => this.clients.of(repository));
    const place = { ...placeOf(repository), branch };
    const [protection, rules] = await Promise.all([
      ask(what, () => client.rest.repos.getBranch(place)).then(({ data }) => data.protection.required_status_checks),
      ask(what, () => rulesOf(client, place)),
    ]);
    const contexts = protection?.enforcement_level === 'off' ? [] : (protection?.contexts ?? []);
    return { names: [...new Set([...contexts, ...rules])].sort(), extent: 'named-only' };
  }

  async report(lock: LaneLock, repository: RepositoryId, report: CheckReport): Promise<Written> {
    return ask(`report ${report.name} on ${repository.path}@${report.sha}`, async () => {
      const client = await this.clients.of(repository);
      const reporting = { repository, report, job: this.memory.job };
      return this.appId === null
        ? reportStatus(client, lock, { ...reporting, statuses: this.memory.statuses })
        : reportRun(client, lock, { ...reporting, appId: this.appId });
    });
  }
}

interface Reporting {
  readonly repository: RepositoryId;
  readonly report: CheckReport;
  readonly job: JobMemory | null;
}

async function reportRun(
  client: Client,
  lock: LaneLock,
  { repository, report, job, appId }: Reporting & { appId: number },
): Promise<Written> {
  const place = placeOf(repository);
  const named = job?.checks(repository, report)?.runs ?? (await runsNamed(client, repository, report));
  const [standing] = newestRuns(named.filter((one) => one.name === report.name && one.app?.id === appId));
  if (standing !== undefined && saysTheSame(standing, report)) return { kind: 'written' };
  const weight = checkWeight({
    standing: standing === undefined ? null : checkRunState(standing),
    wanted: report.state,
    ahead: report.ahead,
  });
  const fields = {
    external_id: report.externalId,
    output: { title: report.title, summary: summaryOf(report) },
    ...(report.url === null ? {} : { details_url: report.url }),
    ...progressOf(report.state),
  };
  await holdLane(lock);
  job?.noteSent(repository, report);
  // A run that is completed stays so: what is pending again is a new run of the same name.
  return orPutOff(weight, () =>
    standing === undefined || (standing.status === 'completed' && report.state === 'pending')
      ? client.rest.checks.create({
          ...place,
          name: report.name,
          head_sha: report.sha,
          ...fields,
          ...writing(weight),
        })
      : client.rest.checks.update({ ...place, check_run_id: standing.id, ...fields, ...writing(weight) }),
  );
}

async function runsNamed(
  client: Client,
  repository: RepositoryId,
  { sha, name }: CheckReport,
): Promise<readonly GithubCheckRun[]> {
  const query = { ...placeOf(repository), ref: sha, check_name: name, filter: 'latest', per_page: 100 } as const;
  return client.paginate(client.rest.checks.listForRef, query);
}

async function reportStatus(
  client: Client,
  lock: LaneLock,
  { repository, report, job, statuses }: Reporting & { readonly statuses: StatusCounts },
): Promise<Written> {
  const listed = job?.checks(repository, report)?.statuses ?? (await statusesOf(client, repository, report.sha));
  const standing = listed.find((one) => one.context === report.name);
  const state = report.state === 'neutral' ? 'success' : report.state;
  const description = cut(report.title, descriptionLimit);
  const same = standing?.state === state && standing.description === description && standing.target_url === report.url;
  const before = standing === undefined ? null : checkFromStatus(standing).state;
  if (same || (await statuses.admit(repository, report, { standing: before, wanted: state })) === 'left-out')
    return { kind: 'written' };
  const weight = checkWeight({ standing: before, wanted: state, ahead: report.ahead });
  await holdLane(lock);
  job?.noteSent(repository, report);
  return orPutOff(weight, async () => {
    await client.rest.repos.createCommitStatus({
      ...placeOf(repository),
      sha: report.sha,
      context: report.name,
      state,
      description,
      ...(report.url === null ? {} : { target_url: report.url }),
      ...writing(weight),
    });
    await statuses.count(repository, report);
  });
}

function progressOf(
  state: CheckState,
):
  | { readonly status: 'in_progress' }
  | { readonly status: 'completed'; readonly conclusion: Exclude<CheckState, 'pending'> } {
  return state === 'pending' ? { status: 'in_progress' } : { status: 'completed', conclusion: state };
}

/** Without a page of ours GitHub shows the App's own, which is left alone. */
function saysTheSame(run: GithubCheckRun, report: CheckReport): boolean {
  const wanted = progressOf(report.state);
  return (
    run.status === wanted.status &&
    (wanted.status !== 'completed' || run.conclusion === wanted.conclusion) &&
    run.external_id === report.externalId &&
    run.output.title === report.title &&
    run.output.summary?.trimEnd() === summaryOf(report).trimEnd() &&
    (report.url === null || run.details_url === report.url)
  );
}

function summaryOf(report: CheckReport): string {
  return cut(report.summary, summaryLimit);
}

/** The last character says that something was cut off. */
function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

/** The latest of each context. */
async function statusesOf(client: Client, repository: RepositoryId, sha: Sha): Promise<readonly GithubStatus[]> {
  const query = { ...placeOf(repository), ref: sha, per_page: 100 };
  const found: GithubStatus[] = [];
  for await (const { data } of client.paginate.iterator(client.rest.repos.getCombinedStatusForRef, query))
    found.push(...statusesIn(data));
  return found;
}

/** Octokit's paging unwraps most listings that come in an object, and leaves this one, which has several arrays, to us. */
function statusesIn(
  data: readonly GithubStatus[] | { readonly statuses: readonly GithubStatus[] },
): readonly GithubStatus[] {
  return 'statuses' in data ? data.statuses : data;
}

/** Names required by rulesets. Enterprise Servers older than 3.11 have none (404), nor have free private repositories (403, "Upgrade to …"). */
async function rulesOf(
  client: Client,
  place: { owner: string; repo: string; branch: string },
): Promise<readonly string[]> {
  try {
    const rules = await client.paginate(client.rest.repos.getBranchRules, { ...place, per_page: 100 });
    return rules.flatMap((rule) =>
      rule.type === 'required_status_checks'
        ? (rule.parameters?.required_status_checks ?? []).map((one) => one.context)
        : [],
    );
  } catch (error) {
    if (answered(error, 404) || (answered(error, 403) && /\bupgrade to\b/i.test(wordsOf(error)))) return [];
    throw error;
  }
}
