/** What was reported on commits: statuses and check runs. */
import type { CheckRunReport } from '../forge/checks.js';
import type { CheckConclusion, CheckRun, CommitStatus } from '../forge/commit-reports.js';
import type { Repository } from '../forge/state.js';
import { forbiddenError, granted, unprocessable, validationError } from './api-error.js';
import type { GithubAnswer, GithubCall, GithubRoute } from './github-call.js';
import { created, ok } from './github-call.js';
import { GithubBody } from './read-body.js';
import { showCheckRun, showSimpleStatus, showStatus } from './show-check.js';
import { showRepository } from './show-repository.js';

export const checkRoutes: readonly GithubRoute[] = [
  { method: 'GET', path: '/repos/:owner/:repo/commits/:ref/status', handle: combinedStatus },
  { method: 'GET', path: '/repos/:owner/:repo/commits/:ref/statuses', handle: listStatuses },
  { method: 'GET', path: '/repos/:owner/:repo/commits/:ref/check-runs', handle: listCheckRuns },
  { method: 'POST', path: '/repos/:owner/:repo/statuses/:ref', handle: createStatus },
  { method: 'POST', path: '/repos/:owner/:repo/check-runs', handle: createCheckRun },
  { method: 'PATCH', path: '/repos/:owner/:repo/check-runs/:run', handle: updateCheckRun },
  { method: 'POST', path: '/repos/:owner/:repo/check-runs/:run/rerequest', handle: rerequestCheckRun },
  {
    method: 'GET',
    path: '/repos/:owner/:repo/check-runs/:run',
    handle: (call) => {
      const repository = call.repository();
      return ok(showCheckRun(call.view, granted(call.forge.checks.run(repository.fullName, call.number('run')))));
    },
  },
];

async function createStatus(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository('write');
  const body = new GithubBody(call);
  const sha = call.parameter('ref');
  if (!/^[0-9a-f]{40}$/.test(sha))
    throw validationError({
      resource: 'Status',
      code: 'custom',
      field: 'sha',
      message: 'sha must be a 40 character SHA1',
    });
  await call.commit(repository, sha);
  const state = body.word('state', ['error', 'failure', 'pending', 'success']) ?? missingField('state');
  const [description, targetUrl] = [body.text('description'), body.text('target_url')];
  const status = granted(
    call.forge.checks.setStatus({
      repository: repository.fullName,
      actor: call.actor,
      sha,
      context: body.text('context') ?? 'default',
      state,
      ...(description === undefined ? {} : { description }),
      ...(targetUrl === undefined ? {} : { targetUrl }),
    }),
  );
  return created(showStatus(call.view, status));
}

function missingField(name: string): never {
  throw unprocessable(`Invalid request.\n\n"${name}" wasn't supplied.`);
}

async function statusesOf(
  call: GithubCall,
  repository: Repository,
): Promise<{ readonly sha: string; readonly statuses: readonly CommitStatus[] }> {
  const sha = await call.commit(repository, call.parameter('ref'));
  return { sha, statuses: call.forge.checks.statusesOf(repository.fullName, sha) };
}

async function listStatuses(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const { statuses } = await statusesOf(call, repository);
  return call.page(statuses, (status) => showStatus(call.view, status));
}

/** The newest of each context; pending when there is none, failure when one failed. */
async function combinedStatus(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const { sha, statuses } = await statusesOf(call, repository);
  const newest = statuses.filter((one, at) => statuses.findIndex((other) => other.context === one.context) === at);
  const states = newest.map((one) => one.state);
  const failed = states.some((one) => one === 'failure' || one === 'error');
  const passed = states.length > 0 && states.every((one) => one === 'success');
  const page = await call.page(newest, (status) => showSimpleStatus(call.view, status));
  const body = {
    state: failed ? 'failure' : passed ? 'success' : 'pending',
    statuses: page.body,
    sha,
    total_count: newest.length,
    repository: showRepository(call.view, repository),
    commit_url: call.urls.repository(repository.fullName, `commits/${sha}`),
    url: call.urls.repository(repository.fullName, `commits/${sha}/status`),
  };
  return { ...page, body };
}

/** `filter=latest` (the default): the newest run of each name of each App. */
async function listCheckRuns(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const sha = await call.commit(repository, call.parameter('ref'));
  const all = call.forge.checks.runsOf(repository.fullName, sha);
  const latest = all.filter(
    (one, at) => all.findIndex((other) => other.name === one.name && other.appSlug === one.appSlug) === at,
  );
  const [name, status, appId] = [call.query('check_name'), call.query('status'), call.query('app_id')];
  const wanted = (call.query('filter') === 'all' ? all : latest).filter(
    (one) =>
      (name === undefined || one.name === name) &&
      (status === undefined || one.status === status) &&
      (appId === undefined || String(call.forge.state.apps.get(one.appSlug)?.id) === appId),
  );
  return call.countedPage('check_runs', wanted, (run) => showCheckRun(call.view, run));
}

const conclusions = [
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'stale',
  'timed_out',
] as const satisfies readonly CheckConclusion[];

function checkRunFields(body: GithubBody): Partial<CheckRunReport> {
  const output = body.object('output');
  const status: CheckRun['status'] | undefined = body.word('status', ['queued', 'in_progress', 'completed']);
  const conclusion = body.word('conclusion', conclusions);
  if (status === 'completed' && conclusion === undefined) missingField('conclusion');
  const texts = {
    title: output?.requiredText('title'),
    summary: output?.requiredText('summary'),
    text: output?.text('text'),
    detailsUrl: body.text('details_url'),
    externalId: body.text('external_id'),
    status,
    conclusion,
  };
  // GitHub's cap for the two long texts.
  if ((texts.summary?.length ?? 0) > 65_535)
    throw unprocessable('Invalid request.\n\nOnly 65535 characters are allowed; too many were supplied.');
  if ((texts.text?.length ?? 0) > 65_535)
    throw unprocessable('Invalid request.\n\nOnly 65535 characters are allowed; too many were supplied.');
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined));
}

async function createCheckRun(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  if (call.forge.people.appOf(call.actor) === undefined)
    throw forbiddenError('You must authenticate via a GitHub App.');
  const body = new GithubBody(call);
  const headSha = body.requiredText('head_sha');
  await call.commit(repository, headSha);
  const report = {
    repository: repository.fullName,
    actor: call.actor,
    headSha,
    name: body.requiredText('name'),
    ...checkRunFields(body),
  };
  return created(showCheckRun(call.view, granted(call.forge.checks.createRun(report))));
}

function rerequestCheckRun(call: GithubCall): GithubAnswer {
  const repository = call.repository().fullName;
  granted(call.forge.checks.rerequest({ repository, actor: call.actor, id: call.number('run') }));
  return created({});
}

function updateCheckRun(call: GithubCall): GithubAnswer {
  const repository = call.repository();
  if (call.forge.people.appOf(call.actor) === undefined)
    throw forbiddenError('You must authenticate via a GitHub App.');
  const body = new GithubBody(call);
  const run = granted(call.forge.checks.run(repository.fullName, call.number('run')));
  const name = body.text('name');
  const change = { actor: call.actor, id: run.id, ...(name === undefined ? {} : { name }), ...checkRunFields(body) };
  return ok(showCheckRun(call.view, granted(call.forge.checks.updateRun(change))));
}
