/** Commits, comparisons and file contents. */
import type { Repository } from '../forge/state.js';
import type { TreeEntry } from '../git/git-objects.js';
import { notFoundError } from './api-error.js';
import type { GithubAnswer, GithubCall, GithubRoute } from './github-call.js';
import { ok } from './github-call.js';
import { wrappedBase64 } from './routes-git-data.js';
import { showCommit, showDifference } from './show-git.js';
import { showSimplePullRequest } from './show-pull-request.js';

export const commitRoutes: readonly GithubRoute[] = [
  { method: 'GET', path: '/repos/:owner/:repo/commits', handle: listCommits },
  { method: 'GET', path: '/repos/:owner/:repo/commits/:ref', handle: getCommit },
  { method: 'GET', path: '/repos/:owner/:repo/commits/:ref/pulls', handle: listPulls },
  { method: 'GET', path: '/repos/:owner/:repo/compare/*', handle: compare },
  { method: 'GET', path: '/repos/:owner/:repo/contents/*', handle: getContents },
  { method: 'GET', path: '/repos/:owner/:repo/contents', handle: getContents },
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
