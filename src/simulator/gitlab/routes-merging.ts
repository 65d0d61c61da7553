/** Approving and merging: GitLab's answers to each thing that can stand in the way, in GitLab's order. */

import type { MergeMethod, PullRequest, Repository, Review } from '../forge/state.js';
import { mayMerge, mergeRequestToPresent, mergesByFastForward } from './gather-merge-request.js';
import { forbidden, methodNotAllowed, notFound, refuse, unauthorized } from './gitlab-answer.js';
import type { GitlabAnswer, GitlabRequest, GitlabRoute } from './gitlab-request.js';
import { created, ok, refuseAs, valueOf } from './gitlab-request.js';
import { mergeRequestTitle, presentApprovals } from './present-merge-request.js';
import { presentInFull } from './routes-merge-requests.js';

/** Of the people who approved: their last approval. Which commit it was for is not shown, as on GitLab. */
function approvalsOf(request: GitlabRequest, pullRequest: PullRequest): readonly Review[] {
  const approvals = request.forge.reviews
    .of(pullRequest.repository, pullRequest.number)
    .filter((review) => review.state === 'approved');
  return approvals.filter((review, index) => approvals.findLastIndex((one) => one.author === review.author) === index);
}

async function answerApprovals(request: GitlabRequest, repository: Repository, number: number) {
  const pullRequest = valueOf(request.forge.pullRequests.get(repository.fullName, number));
  const approvers = approvalsOf(request, pullRequest).map((review) => ({
    user: request.userOf(review.author),
    approvedAt: review.submittedAt,
    isReader: review.author === request.actor.login,
  }));
  return presentApprovals(await mergeRequestToPresent(request, repository, pullRequest), approvers, request.urls);
}

async function showApprovals(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  return ok(await answerApprovals(request, repository, request.mergeRequest(repository).number));
}

/** The Free tier has no approval rules: the state is one rule of nobody that is always met. */
function showApprovalState(request: GitlabRequest): GitlabAnswer {
  request.mergeRequest(request.project());
  return ok({ approval_rules_overwritten: false, rules: [] });
}

function refuseOtherSha(request: GitlabRequest, pullRequest: PullRequest): void {
  const sha = request.input.text('sha');
  if (sha !== undefined && sha !== pullRequest.headSha) {
    refuse(409, `SHA does not match HEAD of source branch: ${pullRequest.headSha}`);
  }
}

async function approve(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.projectFor('write');
  const pullRequest = request.mergeRequest(repository);
  refuseOtherSha(request, pullRequest);
  const actor = request.actor.login;
  const already = approvalsOf(request, pullRequest).some((review) => review.author === actor);
  if (already || pullRequest.state !== 'open') return unauthorized();
  const { fullName } = repository;
  valueOf(request.forge.reviews.submit({ repository: fullName, number: pullRequest.number, actor, state: 'approved' }));
  return created(await answerApprovals(request, repository, pullRequest.number));
}

async function unapprove(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.projectFor('write');
  const { number } = request.mergeRequest(repository);
  const actor = request.actor.login;
  const withdrawn = request.forge.reviews.withdraw({ repository: repository.fullName, number, actor });
  if (!withdrawn.ok) return notFound();
  return created(await answerApprovals(request, repository, number));
}

function methodOf(request: GitlabRequest, repository: Repository, pullRequest: PullRequest): MergeMethod {
  const squash = request.input.flag('squash') ?? pullRequest.squash;
  const { mergeMethods } = repository.settings;
  const always = mergeMethods.includes('squash') && mergeMethods.length === 1;
  if (squash || always) return 'squash';
  return mergeMethods.includes('merge') ? 'merge' : 'rebase';
}

function givenMessage(request: GitlabRequest, parameter: 'squash_commit_message' | 'merge_commit_message') {
  const given = request.input.text(parameter);
  if (given === undefined) return undefined;
  const [title = '', ...rest] = given.split('\n');
  return { title, message: rest.join('\n').trim() };
}

/** GitLab's default words for the commit, unless the request brings its own. */
function messageOf(request: GitlabRequest, pullRequest: PullRequest, method: MergeMethod) {
  const given = givenMessage(request, method === 'squash' ? 'squash_commit_message' : 'merge_commit_message');
  if (given !== undefined) return given;
  if (method === 'squash') return { title: pullRequest.title, message: '' };
  const reference = `See merge request ${pullRequest.repository}!${pullRequest.number}`;
  return {
    title: `Merge branch '${pullRequest.headBranch}' into '${pullRequest.baseBranch}'`,
    message: `${mergeRequestTitle(pullRequest)}\n\n${reference}`,
  };
}

/** Whether conflicts keep it from being merged: checked now, whatever was known. */
async function refuseConflict(request: GitlabRequest, repository: Repository, pullRequest: PullRequest): Promise<void> {
  const git = request.git(repository);
  const target = await git.branchHead(pullRequest.baseBranch);
  const result = target === undefined ? undefined : await git.mergeTrees(target, pullRequest.headSha);
  if (result?.kind !== 'clean') refuse(422, 'Branch cannot be merged');
}

/**
 * 401: may not merge into the target branch; 405: not open, a draft, its pipeline must succeed first, or another rule;
 * 422: conflicts; 409: the head is not `sha`. Source: https://docs.gitlab.com/api/merge_requests/#merge-a-merge-request
 */
async function merge(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const pullRequest = request.mergeRequest(repository);
  const actor = request.actor.login;
  if (!mayMerge(request, repository, pullRequest, request.levelIn(repository))) return unauthorized();
  const { protections } = request.forge;
  const behind = mergesByFastForward(repository) && (await protections.isBehind(pullRequest));
  if (behind || (await protections.obstacles(pullRequest, actor)).length > 0) return methodNotAllowed();
  await refuseConflict(request, repository, pullRequest);
  refuseOtherSha(request, pullRequest);
  const method = methodOf(request, repository, pullRequest);
  const merged = await request.forge.merging.merge({
    repository: repository.fullName,
    number: pullRequest.number,
    actor,
    method,
    expectedHead: request.input.text('sha') ?? pullRequest.headSha,
    ...messageOf(request, pullRequest, method),
    ...(method === 'squash' ? { onTop: messageOf(request, pullRequest, 'merge') } : {}),
    deleteBranch: request.input.flag('should_remove_source_branch') ?? pullRequest.removeSourceBranch,
  });
  if (!merged.ok) return refuseAs(merged.refusal);
  return ok(await presentInFull(request, repository, request.mergeRequest(repository)));
}

/** 403: may not push to the source branch. 202: it will be tried. Source: https://docs.gitlab.com/api/merge_requests/#rebase-a-merge-request */
function rebase(request: GitlabRequest): GitlabAnswer {
  const repository = request.projectFor('write');
  const { number } = request.mergeRequest(repository);
  const order = { repository: repository.fullName, number, actor: request.actor.login };
  const asked = request.forge.rebasing.ask(order);
  if (!asked.ok && asked.refusal.kind === 'forbidden') return forbidden('Cannot push to source branch');
  if (!asked.ok) return refuseAs(asked.refusal);
  return { ...ok({ rebase_in_progress: true }), status: 202 };
}

const AT = '/projects/:id/merge_requests/:iid';

export const mergingRoutes: readonly GitlabRoute[] = [
  { method: 'GET', path: `${AT}/approvals`, handle: showApprovals },
  { method: 'GET', path: `${AT}/approval_state`, handle: showApprovalState },
  { method: 'POST', path: `${AT}/approve`, handle: approve },
  { method: 'POST', path: `${AT}/unapprove`, handle: unapprove },
  { method: 'PUT', path: `${AT}/merge`, handle: merge },
  { method: 'PUT', path: `${AT}/rebase`, handle: rebase },
];
