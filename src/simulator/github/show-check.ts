/** Check runs, check suites and commit statuses as GitHub shows them. */
import type { CheckRun, CommitStatus } from '../forge/commit-reports.js';
import type { GithubView } from './github-view.js';
import { nodeId, showTime } from './github-view.js';
import { showMinimalPullRequest } from './show-pull-request.js';
import { showApp, showSimpleUser } from './show-user.js';

function pullRequestsOf(view: GithubView, run: CheckRun): readonly Readonly<Record<string, unknown>>[] {
  const open = view.forge.pullRequests
    .of(run.repository)
    .filter((one) => one.state === 'open' && one.headSha === run.headSha);
  return open.map((one) => showMinimalPullRequest(view, one));
}

export function showCheckRun(view: GithubView, run: CheckRun): Readonly<Record<string, unknown>> {
  const url = view.urls.repository(run.repository, `check-runs/${run.id}`);
  const html = view.urls.html(`${run.repository}/runs/${run.id}`);
  const app = view.forge.state.apps.get(run.appSlug);
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CheckRun', run.id),
    head_sha: run.headSha,
    external_id: run.externalId ?? '',
    url,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status: run.status,
    conclusion: run.conclusion ?? null,
    started_at: showTime(run.startedAt),
    completed_at: run.completedAt === undefined ? null : showTime(run.completedAt),
    output: {
      title: run.title ?? null,
      summary: run.summary ?? null,
      text: run.text ?? null,
      annotations_count: 0,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suiteId },
    app: app === undefined ? null : showApp(view, app),
    pull_requests: pullRequestsOf(view, run),
  };
}

/** The suite a run belongs to: all runs of one App on one commit. Webhooks show it; `latest` is its newest run. */
export function showCheckSuite(view: GithubView, latest: CheckRun): Readonly<Record<string, unknown>> {
  const runs = view.forge.checks
    .runsOf(latest.repository, latest.headSha)
    .filter((one) => one.suiteId === latest.suiteId);
  const completed = runs.every((one) => one.status === 'completed');
  const bad = runs.find(
    (one) => one.conclusion !== undefined && !['success', 'neutral', 'skipped'].includes(one.conclusion),
  );
  const pullRequest = view.forge.pullRequests.of(latest.repository).find((one) => one.headSha === latest.headSha);
  const app = view.forge.state.apps.get(latest.appSlug);
  const times = runs.map((one) => one.startedAt.getTime());
  return {
    id: latest.suiteId,
    node_id: nodeId('CheckSuite', latest.suiteId),
    head_branch: pullRequest?.headBranch ?? null,
    head_sha: latest.headSha,
    status: completed ? 'completed' : 'in_progress',
    conclusion: completed ? (bad?.conclusion ?? 'success') : null,
    url: view.urls.repository(latest.repository, `check-suites/${latest.suiteId}`),
    before: null,
    after: latest.headSha,
    pull_requests: pullRequestsOf(view, latest),
    app: app === undefined ? null : showApp(view, app),
    created_at: showTime(new Date(Math.min(...times))),
    updated_at: showTime(latest.completedAt ?? latest.startedAt),
  };
}

/** In the combined status there is no creator. */
export function showSimpleStatus(view: GithubView, status: CommitStatus): Readonly<Record<string, unknown>> {
  return {
    url: view.urls.repository(status.repository, `statuses/${status.sha}`),
    avatar_url: view.urls.html(`avatars/${status.author}`),
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    state: status.state,
    description: status.description ?? null,
    target_url: status.targetUrl ?? null,
    context: status.context,
    created_at: showTime(status.createdAt),
    updated_at: showTime(status.createdAt),
  };
}

export function showStatus(view: GithubView, status: CommitStatus): Readonly<Record<string, unknown>> {
  return { ...showSimpleStatus(view, status), creator: showSimpleUser(view, status.author) };
}
