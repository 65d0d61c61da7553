/** Commits, comparisons, file contents, and what was reported on commits: statuses and check runs. */
import type { CheckRunReport } from '../forge/checks.js';
import type { CheckConclusion, CheckRun, CommitStatus, Repository } from '../forge/state.js';
import type { TreeEntry } from '../git/git-objects.js';
import { forbiddenError, granted, notFoundError, unprocessable, validationError } from './api-error.js';
import type { GithubAnswer, GithubCall, GithubRoute } from './github-call.js';
import { created, ok } from './github-call.js';
import { GithubBody } from './read-body.js';
import { wrappedBase64 } from './routes-git-data.js';
import { showCheckRun, showSimpleStatus, showStatus } from './show-check.js';
import { showCommit, showDifference } from './show-git.js';
import { showSimplePullRequest } from './show-pull-request.js';
import { showRepository } from './show-repository.js';

export const commitRoutes: readonly GithubRoute[] = [
  { method: 'GET', path: '/repos/:owner/:repo/commits', handle: listCommits },
  { method: 'GET', path: '/repos/:owner/:repo/commits/:ref', handle: getCommit },
  { method: 'GET', path: '/repos/:owner/:repo/commits/:ref/pulls', handle: listPulls },
  { method: 'GET', path: '/repos/:owner/:repo/commits/:ref/status', handle: combinedStatus },
  { method: 'GET', path: '/repos/:owner/:repo/commits/:ref/statuses', handle: listStatuses },
  { method: 'GET', path: '/repos/:owner/:repo/commits/:ref/check-runs', handle: listCheckRuns },
  { method: 'GET', path: '/repos/:owner/:repo/compare/*', handle: compare },
  { method: 'GET', path: '/repos/:owner/:repo/contents/*', handle: getContents },
  { method: 'GET', path: '/repos/:owner/:repo/contents', handle: getContents },
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

async function listCommits(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const name = call.query('sha') ?? repository.defaultBranch;
  const sha = await call.git(repository).resolveCommit(name);
  if (sha === undefined) throw notFoundError();
  const path = call.query('path');
  const commits = await call.git(repository).log({ from: [sha], ...(path === undefined ? {} : { path }) });
  const [since, until] = [call.query('since'), call.query('until')];
  const wanted = commits.filter(
    (one) =>
      (since === undefined || one.committer.date >= new Date(since)) &&
      (until === undefined || one.committer.date <= new Date(until)),
  );
  return call.page(wanted, (commit) => showCommit(call.view, repository.fullName, commit));
}

async function getCommit(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const git = call.git(repository);
  const sha = await call.commit(repository, call.parameter('ref'));
  if (call.request.accept.includes('.sha')) return { status: 200, body: sha };
  const commit = await git.readCommit(sha);
  if (commit === undefined) throw notFoundError();
  const parent = commit.parents[0] ?? (await git.writeTree(undefined, []));
  const files = await git.differences(parent, sha);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return ok({
    ...showCommit(call.view, repository.fullName, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: files.map((file) => showDifference(call.view, { repository: repository.fullName, head: sha }, file)),
  });
}

/** Pull requests whose head it is, or that were merged as or with it. */
async function listPulls(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const sha = await call.commit(repository, call.parameter('ref'));
  const git = call.git(repository);
  const wanted = [];
  for (const one of call.forge.pullRequests.of(repository.fullName)) {
    const base = one.versions.at(-1)?.baseSha ?? one.baseSha;
    const within = (await git.isAncestor(sha, one.headSha)) && !(await git.isAncestor(sha, base));
    if (within || one.merge?.sha === sha) wanted.push(one);
  }
  return call.page(wanted.reverse(), (one) => showSimplePullRequest(call.view, one));
}

async function compare(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const git = call.git(repository);
  const [baseName = '', headName = ''] = call
    .parameter('*')
    .split('...')
    .map((name) => name.replace(/^[^:/]+:/, ''));
  const [base, head] = [await git.resolveCommit(baseName), await git.resolveCommit(headName)];
  const mergeBase = base === undefined || head === undefined ? undefined : await git.mergeBase(base, head);
  if (base === undefined || head === undefined || mergeBase === undefined) throw notFoundError();
  const commits = await git.log({ from: [head], not: [base], oldestFirst: true });
  const behind = await git.countCommits(base, [head]);
  const [baseCommit, mergeBaseCommit] = [await git.readCommit(base), await git.readCommit(mergeBase)];
  if (baseCommit === undefined || mergeBaseCommit === undefined) throw notFoundError();
  const files = await git.differences(mergeBase, head);
  const { fullName } = repository;
  const page = await call.page(commits, (commit) => showCommit(call.view, fullName, commit));
  const url = call.urls.repository(fullName, `compare/${baseName}...${headName}`);
  const html = call.urls.html(`${fullName}/compare/${baseName}...${headName}`);
  const body = {
    url,
    html_url: html,
    permalink_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: showCommit(call.view, fullName, baseCommit),
    merge_base_commit: showCommit(call.view, fullName, mergeBaseCommit),
    status: comparisonStatus(commits.length, behind),
    ahead_by: commits.length,
    behind_by: behind,
    total_commits: commits.length,
    commits: page.body,
    // GitHub lists at most 300 files of a comparison and says nothing of the rest.
    files: files.slice(0, 300).map((file) => showDifference(call.view, { repository: fullName, head }, file)),
  };
  return { ...page, body };
}

function comparisonStatus(ahead: number, behind: number): 'identical' | 'ahead' | 'behind' | 'diverged' {
  if (ahead === 0) return behind === 0 ? 'identical' : 'behind';
  return behind === 0 ? 'ahead' : 'diverged';
}

async function getContents(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const git = call.git(repository);
  const path = call.parameter('*').replace(/^\/+|\/+$/g, '');
  const ref = call.query('ref') ?? repository.defaultBranch;
  const commit = await git.resolveCommit(ref);
  if (commit === undefined) throw notFoundError();
  const entry = path === '' ? undefined : await git.entryAt(commit, path);
  if (path !== '' && entry === undefined) throw notFoundError();
  const at = { repository, ref };
  if (entry?.type !== 'blob') {
    const entries = await git.listTree(path === '' ? commit : `${commit}:${path}`, { recursive: false });
    const inFolder = entries.map((one) => ({ ...one, path: path === '' ? one.path : `${path}/${one.path}` }));
    return ok(inFolder.map((one) => showContent(call, at, one)));
  }
  const content = await git.readBlob(entry.sha);
  if (call.request.accept.includes('raw')) return { status: 200, body: content };
  return ok({ ...showContent(call, at, entry), content: wrappedBase64(content), encoding: 'base64' });
}

function showContent(
  call: GithubCall,
  at: { readonly repository: Repository; readonly ref: string },
  entry: TreeEntry,
): Readonly<Record<string, unknown>> {
  const { fullName } = at.repository;
  const path = entry.path.split('/').map(encodeURIComponent).join('/');
  const url = call.urls.repository(fullName, `contents/${path}?ref=${encodeURIComponent(at.ref)}`);
  const git = call.urls.repository(fullName, `git/${entry.type}s/${entry.sha}`);
  const html = call.urls.html(`${fullName}/${entry.type === 'tree' ? 'tree' : 'blob'}/${at.ref}/${path}`);
  return {
    name: entry.path.split('/').at(-1) ?? '',
    path: entry.path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url,
    html_url: html,
    git_url: git,
    download_url: entry.type === 'blob' ? call.urls.html(`${fullName}/raw/${at.ref}/${path}`) : null,
    type: entry.type === 'blob' ? 'file' : entry.type === 'tree' ? 'dir' : 'submodule',
    _links: { self: url, git, html },
  };
}

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
