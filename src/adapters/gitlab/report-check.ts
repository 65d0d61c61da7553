/** Writing one commit status: https://docs.gitlab.com/api/commits/#set-commit-pipeline-status. */
import type { CheckState } from '../../core/forge-objects.js';
import type { RepositoryId, Sha } from '../../core/ids.js';
import { checkWeight } from '../../core/traffic/check-weight.js';
import type { CheckReport } from '../../ports/checks.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import type { Written } from '../../ports/pull-requests.js';
import { orPutOff } from '../traffic/write-budget.js';
import type { Connection } from './connection.js';
import { isRefusal, nullIfMissing } from './gitlab-refusal.js';
import type { ListedCommit, StatusPlace } from './listed-statuses.js';
import { LARGE_PAGES } from './paging.js';
import { latestStatuses, toCheck, type StatusFacts } from './to-check.js';

/** GitLab shows no more of a description. */
const DESCRIPTION_LIMIT = 140;

type SentState = 'pending' | 'success' | 'failed';

/** GitLab has no word for "neither yes nor no" that lets a pipeline pass. */
const STATES: Readonly<Record<CheckState, SentState>> = {
  pending: 'pending',
  success: 'success',
  failure: 'failed',
  neutral: 'success',
};

const WRITTEN: Written = { kind: 'written' };

export interface Reporting {
  readonly repository: RepositoryId;
  readonly report: CheckReport;
  /** What this job was told of the commit; null where it did not ask. */
  readonly listed: ListedCommit | null;
}

export async function reportCheck(connection: Connection, lock: LaneLock, reporting: Reporting): Promise<Written> {
  const { repository, report, listed } = reporting;
  const { sha, name } = report;
  const wanted = { state: STATES[report.state], description: cut(report.title), targetUrl: report.url };
  const standing =
    listed === null || listed.sent.has(name)
      ? await standingStatus(connection, repository, report)
      : listed.statuses.get(name);
  if (standing !== undefined && isSame(standing, wanted)) return WRITTEN;
  const state = stateToSend(standing?.status, wanted.state);
  if (state === null) return WRITTEN;
  const place = placeOf(standing) ?? listed?.place ?? (await findPlace(connection, repository, sha));
  const weight = checkWeight({
    standing: standing === undefined ? null : toCheck(standing).state,
    wanted: report.state,
    ahead: report.ahead,
  });
  return orPutOff(weight, async () => {
    await connection.writes.admit(lock, weight);
    await send(connection, reporting, { state, wanted, place });
  });
}

async function send(
  connection: Connection,
  { repository, report, listed }: Reporting,
  { state, wanted, place }: Sending,
): Promise<void> {
  const { sha, name } = report;
  try {
    const { description, targetUrl } = wanted;
    const address = targetUrl === null ? {} : { targetUrl };
    const words = { name, description, ...address, ...place };
    listed?.sent.add(name);
    const sent = await connection.api.Commits.editStatus(repository.path, sha, state, words);
    if (listed !== null) listed.place = placeOf(sent) ?? place;
  } catch (error) {
    // Somebody was faster: there is no way from a state to itself. The state is what binds.
    if (!isRefusal(error, 400)) throw error;
    const now = await standingStatus(connection, repository, report);
    if (now?.status !== state) throw error;
  }
}

/**
 * GitLab refuses to set what waits to waiting again ("Cannot transition status via :enqueue from :pending"), and with it new words. One
 * step is left, from `pending` to `running`, which means the same to us; after that, null: the words stay until there is a result.
 */
function stateToSend(standing: string | undefined, wanted: SentState): SentState | 'running' | null {
  if (wanted !== 'pending') return wanted;
  if (standing === 'running') return null;
  return standing === 'pending' ? 'running' : 'pending';
}

interface Sending {
  readonly state: SentState | 'running';
  readonly wanted: WantedStatus;
  readonly place: StatusPlace;
}

interface WantedStatus {
  readonly state: string;
  readonly description: string;
  readonly targetUrl: string | null;
}

/** An address that was given once stays: an update without one leaves it. */
function isSame(standing: StatusFacts, { state, description, targetUrl }: WantedStatus): boolean {
  const { status, description: said, target_url: address } = standing;
  return status === state && (said ?? '') === description && (targetUrl === null || address === targetUrl);
}

/** By code units, as the limit counts them; never through the middle of a character. */
function cut(title: string): string {
  if (title.length <= DESCRIPTION_LIMIT) return title;
  let kept = '';
  for (const character of title) {
    if (kept.length + character.length >= DESCRIPTION_LIMIT) break;
    kept += character;
  }
  return `${kept}…`;
}

async function standingStatus({ api }: Connection, repository: RepositoryId, { sha, name }: CheckReport) {
  const statuses = await api.Commits.allStatuses(repository.path, sha, { name, ...LARGE_PAGES });
  return latestStatuses(statuses).get(name);
}

/**
 * An update has to name the pipeline of what it updates, or GitLab takes the newest pipeline of the commit; and its ref, or GitLab looks
 * for a branch that holds the commit, which a fork's has none of here.
 */
function placeOf(standing: object | undefined): StatusPlace | null {
  if (standing === undefined || !('pipeline_id' in standing)) return null;
  const { pipeline_id: pipelineId } = standing;
  const ref = 'ref' in standing ? standing.ref : null;
  if (typeof pipelineId !== 'number') return null;
  return typeof ref === 'string' ? { pipelineId, ref } : { pipelineId };
}

/**
 * "Pipelines must succeed" looks at the merge request's head pipeline only. A status sent without a place lands in the newest pipeline of
 * the commit, or in a new one for any branch that holds the commit: so name the merge request's own.
 */
async function findPlace({ api }: Connection, repository: RepositoryId, sha: Sha): Promise<StatusPlace> {
  const found = (await nullIfMissing(api.Commits.allMergeRequests(repository.path, sha))) ?? [];
  const mr = found.find((candidate) => candidate.state === 'opened' && candidate.sha === sha);
  if (mr === undefined) return {};
  const { head_pipeline: pipeline } = await api.MergeRequests.show(repository.path, mr.iid);
  if (pipeline && pipeline.sha === sha && pipeline.project_id === mr.target_project_id)
    return { pipelineId: pipeline.id, ref: pipeline.ref };
  return { ref: mr.source_branch };
}
