/** What a merge request holds: its commits, diffs and versions. */
import { notFound } from './gitlab-answer.js';
import type { GitlabAnswer, GitlabRequest, GitlabRoute } from './gitlab-request.js';
import { ok } from './gitlab-request.js';
import { presentCommit, presentDiff } from './present-commit.js';
import { presentVersion } from './present-merge-request.js';
import { changesOf, rememberedDifferences } from './remember-differences.js';
import { presentInFull } from './routes-merge-requests.js';

/** Newest first. */
async function listMergeRequestCommits(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const pullRequest = request.mergeRequest(repository);
  const base = pullRequest.versions.at(-1)?.baseSha ?? pullRequest.baseSha;
  const commits = await request.git(repository).log({ from: [pullRequest.headSha], not: [base] });
  return request.page(commits, (commit) => presentCommit(commit, repository.fullName, request.urls));
}

async function listMergeRequestDiffs(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const changes = await changesOf(request.git(repository), request.mergeRequest(repository));
  return request.page(changes, presentDiff);
}

async function showChanges(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const pullRequest = request.mergeRequest(repository);
  const changes = (await changesOf(request.git(repository), pullRequest)).map(presentDiff);
  return ok({ ...(await presentInFull(request, repository, pullRequest)), changes, overflow: false });
}

/** Newest first. */
async function listVersions(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const pullRequest = request.mergeRequest(repository);
  return request.page(pullRequest.versions.toReversed(), async (version) => {
    const changes = await rememberedDifferences(request.git(repository), version.baseSha, version.headSha);
    return presentVersion(version, pullRequest, changes.length);
  });
}

async function showVersion(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const pullRequest = request.mergeRequest(repository);
  const id = request.integerParameter('version_id');
  const version = pullRequest.versions.find((one) => one.id === id) ?? notFound();
  const git = request.git(repository);
  const changes = await rememberedDifferences(git, version.baseSha, version.headSha);
  const commits = await git.log({ from: [version.headSha], not: [version.baseSha] });
  return ok({
    ...presentVersion(version, pullRequest, changes.length),
    commits: commits.map((commit) => presentCommit(commit, repository.fullName, request.urls)),
    diffs: changes.map(presentDiff),
  });
}

const AT = '/projects/:id/merge_requests/:iid';

export const mergeRequestContentRoutes: readonly GitlabRoute[] = [
  { method: 'GET', path: `${AT}/commits`, handle: listMergeRequestCommits },
  { method: 'GET', path: `${AT}/diffs`, handle: listMergeRequestDiffs },
  { method: 'GET', path: `${AT}/changes`, handle: showChanges },
  { method: 'GET', path: `${AT}/versions`, handle: listVersions },
  { method: 'GET', path: `${AT}/versions/:version_id`, handle: showVersion },
];
