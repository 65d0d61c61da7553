/** Commits: lists, one, its diff and merge requests, and committing many file changes at once. */

import type { Refusal } from '../forge/refusal.js';
import type { Repository } from '../forge/state.js';
import type { Commit } from '../git/git-objects.js';
import { parseCommitActions } from './commit-actions.js';
import { forbidden, notFound, refuse } from './gitlab-answer.js';
import type { GitlabAnswer, GitlabRequest, GitlabRoute } from './gitlab-request.js';
import { created, ok, refuseAs } from './gitlab-request.js';
import { mergeRequestToPresent } from './gather-merge-request.js';
import { presentCommit, presentDiff } from './present-commit.js';
import { presentMergeRequest } from './present-merge-request.js';
import { presentPipeline } from './present-pipeline.js';
import { pipelineToPresent } from './gather-pipeline.js';

export async function commitOf(request: GitlabRequest, repository: Repository): Promise<Commit> {
  return (await request.git(repository).readCommit(request.parameter('sha'))) ?? notFound('Commit');
}

async function listCommits(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const git = request.git(repository);
  const refName = request.input.text('ref_name') ?? repository.defaultBranch;
  const [excluded, included] = refName.includes('..') ? refName.split(/\.{2,3}/) : [undefined, refName];
  const sha = await git.resolveCommit(included ?? '');
  const not = excluded === undefined ? undefined : await git.resolveCommit(excluded);
  if (sha === undefined) return notFound('Ref');
  const path = request.input.text('path');
  const commits = await git.log({
    from: [sha],
    ...(not === undefined ? {} : { not: [not] }),
    ...(path === undefined ? {} : { path }),
  });
  const since = request.input.date('since');
  const until = request.input.date('until');
  const wanted = commits.filter(
    ({ committer }) =>
      (since === undefined || committer.date >= since) && (until === undefined || committer.date <= until),
  );
  return request.page(wanted, (commit) => presentCommit(commit, repository.fullName, request.urls));
}

async function presentCommitDetail(request: GitlabRequest, repository: Repository, commit: Commit) {
  const newest = request.forge.pipelines.newestOf(repository.fullName, commit.sha);
  const pipeline = newest === undefined ? undefined : pipelineToPresent(request, repository, newest);
  const differences = await commitDifferences(request, repository, commit);
  const additions = differences.reduce((sum, one) => sum + one.additions, 0);
  const deletions = differences.reduce((sum, one) => sum + one.deletions, 0);
  return {
    ...presentCommit(commit, repository.fullName, request.urls),
    stats: { additions, deletions, total: additions + deletions },
    status: pipeline?.status ?? null,
    project_id: repository.id,
    last_pipeline: pipeline === undefined ? null : presentPipeline(pipeline, request.urls),
  };
}

async function commitDifferences(request: GitlabRequest, repository: Repository, commit: Commit) {
  const git = request.git(repository);
  const parent = commit.parents[0] ?? (await git.writeTree(undefined, []));
  return git.differences(parent, commit.sha);
}

async function showCommit(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  return ok(await presentCommitDetail(request, repository, await commitOf(request, repository)));
}

async function showCommitDiff(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const differences = await commitDifferences(request, repository, await commitOf(request, repository));
  return request.page(differences, presentDiff);
}

/** Merge requests that have the commit among their own, or brought it in. */
async function listCommitMergeRequests(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const git = request.git(repository);
  const commit = await commitOf(request, repository);
  const all = request.forge.state.pullRequestsOf(repository.fullName);
  const holds = await Promise.all(
    all.map(async (pullRequest) => {
      if (pullRequest.merge?.sha === commit.sha || pullRequest.headSha === commit.sha) return true;
      const base = pullRequest.versions.at(-1)?.baseSha ?? pullRequest.baseSha;
      return (await git.isAncestor(commit.sha, pullRequest.headSha)) && !(await git.isAncestor(commit.sha, base));
    }),
  );
  const found = all.filter((_, index) => holds[index]).reverse();
  return request.page(found, async (pullRequest) =>
    presentMergeRequest(await mergeRequestToPresent(request, repository, pullRequest), request.urls),
  );
}

async function listCommitRefs(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const git = request.git(repository);
  const commit = await commitOf(request, repository);
  const wanted = request.input.oneOf('type', ['branch', 'tag', 'all']) ?? 'all';
  const refs = [...(await git.listRefs('refs/heads/')), ...(await git.listRefs('refs/tags/'))];
  const containing: { type: string; name: string }[] = [];
  for (const ref of refs) {
    const type = ref.name.startsWith('refs/heads/') ? 'branch' : 'tag';
    const sha = await git.resolveCommit(ref.name);
    const holds = sha !== undefined && (await git.isAncestor(commit.sha, sha));
    if (holds && (wanted === 'all' || wanted === type)) {
      containing.push({ type, name: ref.name.replace(/^refs\/(heads|tags)\//, '') });
    }
  }
  return request.page(containing, (ref) => ref);
}

async function checkedStartSha(request: GitlabRequest, repository: Repository): Promise<string | undefined> {
  const startSha = request.input.text('start_sha');
  if (startSha === undefined) return undefined;
  if (request.input.has('start_branch')) return refuse(400, "You can't pass both start_branch and start_sha");
  if (!/^[0-9a-f]{40}$/.test(startSha)) return refuse(400, `Invalid start_sha '${startSha}'`);
  const exists = (await request.git(repository).objectType(startSha)) === 'commit';
  return exists ? startSha : refuse(400, `Cannot find start_sha '${startSha}'`);
}

/** Where the new commit starts when not at the branch's head, with GitLab's own refusals, in its order and words. */
async function commitStart(request: GitlabRequest, repository: Repository): Promise<string | undefined> {
  const git = request.git(repository);
  const branch = request.input.requiredText('branch');
  const startSha = await checkedStartSha(request, repository);
  const startBranch = request.input.text('start_branch') ?? branch;
  if (startSha === undefined && (await git.branchHead(startBranch)) === undefined) {
    return refuse(400, 'You can only create or edit files when you are on a branch');
  }
  const different = startSha !== undefined || startBranch !== branch;
  if (different && (await git.branchHead(branch)) !== undefined && request.input.flag('force') !== true) {
    return refuse(400, `A branch called '${branch}' already exists. Switch to that branch in order to make changes`);
  }
  return startSha ?? (startBranch === branch ? undefined : startBranch);
}

function commitAuthor(request: GitlabRequest): { readonly name: string; readonly email: string } {
  const { actor, input } = request;
  return { name: input.text('author_name') ?? actor.name, email: input.text('author_email') ?? actor.email };
}

/** All refusals of what is asked are 400 with words; only the permission to push is 403. */
function refuseCommit(refusal: Refusal, branch: string): never {
  switch (refusal.kind) {
    case 'invalid':
    case 'already-exists':
      return refuse(400, refusal.message);
    case 'head-moved':
    case 'not-fast-forward':
      return refuse(400, `Could not update refs/heads/${branch}. Please refresh and try again.`);
    case 'protected-branch':
    case 'forbidden':
      return forbidden('You are not allowed to push into this branch');
    default:
      return refuseAs(refusal);
  }
}

async function createCommit(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const branch = request.input.requiredText('branch');
  const message = request.input.requiredText('commit_message');
  const actions = parseCommitActions(request.input.raw('actions'));
  const allowed = request.forge.protections.mayPush(repository.fullName, branch, request.actor.login);
  if (!allowed.ok) return refuseCommit(allowed.refusal, branch);
  const start = await commitStart(request, repository);
  const made = await request.forge.commits.commit({
    repository: repository.fullName,
    actor: request.actor.login,
    branch,
    message,
    actions,
    ...(start === undefined ? {} : { start }),
    force: request.input.flag('force') ?? false,
    author: commitAuthor(request),
  });
  if (!made.ok) return refuseCommit(made.refusal, branch);
  const commit = (await request.git(repository).readCommit(made.value.sha)) ?? notFound('Commit');
  return created(await presentCommitDetail(request, repository, commit));
}

/** Who signs is not simulated: no commit has a signature. */
async function showSignature(request: GitlabRequest): Promise<GitlabAnswer> {
  await commitOf(request, request.project());
  return notFound('Signature');
}

const AT = '/projects/:id/repository/commits';

export const commitRoutes: readonly GitlabRoute[] = [
  { method: 'GET', path: AT, handle: listCommits },
  { method: 'POST', path: AT, handle: createCommit },
  { method: 'GET', path: `${AT}/:sha`, handle: showCommit },
  { method: 'GET', path: `${AT}/:sha/signature`, handle: showSignature },
  { method: 'GET', path: `${AT}/:sha/diff`, handle: showCommitDiff },
  { method: 'GET', path: `${AT}/:sha/refs`, handle: listCommitRefs },
  { method: 'GET', path: `${AT}/:sha/merge_requests`, handle: listCommitMergeRequests },
];
