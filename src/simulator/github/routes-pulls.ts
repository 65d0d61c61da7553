/** Pull requests: listing, opening, editing, files, commits, reviews, merging. */
import type { NewReview } from '../forge/reviews.js';
import type { MergeMethod, PullRequest, Repository, Review } from '../forge/state.js';
import { granted, notFoundError, unprocessable, validationError } from './api-error.js';
import type { GithubAnswer, GithubCall, GithubRoute } from './github-call.js';
import { created, noContent, ok } from './github-call.js';
import { GithubBody } from './read-body.js';
import { showReview } from './show-comment.js';
import { showCommit, showDifference } from './show-git.js';
import { showPullRequest, showSimplePullRequest } from './show-pull-request.js';

const one = '/repos/:owner/:repo/pulls/:number';

export const pullRoutes: readonly GithubRoute[] = [
  { method: 'GET', path: '/repos/:owner/:repo/pulls', handle: listPulls },
  { method: 'POST', path: '/repos/:owner/:repo/pulls', handle: openPull },
  { method: 'GET', path: one, handle: getPull },
  { method: 'PATCH', path: one, handle: editPull },
  { method: 'GET', path: `${one}/commits`, handle: listCommits },
  { method: 'GET', path: `${one}/files`, handle: listFiles },
  { method: 'GET', path: `${one}/comments`, handle: (call) => (call.pullRequest(call.repository()), ok([])) },
  { method: 'GET', path: `${one}/reviews`, handle: listReviews },
  { method: 'POST', path: `${one}/reviews`, handle: submitReview },
  { method: 'GET', path: `${one}/reviews/:review`, handle: (call) => ok(showReview(call.view, reviewOf(call))) },
  { method: 'PUT', path: `${one}/reviews/:review/dismissals`, handle: dismissReview },
  {
    method: 'GET',
    path: `${one}/merge`,
    handle: (call) => (call.pullRequest(call.repository()).state === 'merged' ? noContent() : missing()),
  },
  { method: 'PUT', path: `${one}/merge`, handle: mergePull },
  { method: 'PUT', path: `${one}/update-branch`, handle: updateBranch },
];

function missing(): never {
  throw notFoundError();
}

function listPulls(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const state = call.query('state') ?? 'open';
  const [head, base] = [call.query('head'), call.query('base')];
  const wanted = call.forge.pullRequests
    .of(repository.fullName)
    .filter(
      (pull) =>
        (state === 'all' || (pull.state === 'open') === (state === 'open')) &&
        (head === undefined || !head.includes(':') || `${ownerOf(pull.headRepository)}:${pull.headBranch}` === head) &&
        (base === undefined || pull.baseBranch === base),
    );
  return call.page(sorted(wanted, call.query('sort'), call.query('direction')), (pull) =>
    showSimplePullRequest(call.view, pull),
  );
}

/** Newest first unless asked otherwise; by creation unless `sort=updated`. */
function sorted(pulls: readonly PullRequest[], sort = 'created', direction = 'desc'): readonly PullRequest[] {
  const time = (pull: PullRequest): number => (sort === 'updated' ? pull.updatedAt : pull.createdAt).getTime();
  const upwards = [...pulls].sort((first, second) => time(first) - time(second) || first.number - second.number);
  return direction === 'asc' ? upwards : upwards.reverse();
}

async function openPull(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const body = new GithubBody(call);
  const head = body.requiredText('head').split(':');
  const headRepository = head.length > 1 ? networkRepository(call, repository, head[0] ?? '') : repository.fullName;
  const text = body.text('body');
  const outcome = await call.forge.pullRequests.open({
    repository: repository.fullName,
    actor: call.actor,
    title: body.requiredText('title'),
    ...(text === undefined ? {} : { body: text }),
    headRepository,
    headBranch: head.at(-1) ?? '',
    baseBranch: body.requiredText('base'),
    draft: body.flag('draft') ?? false,
  });
  return created(await showPullRequest(call.view, granted(outcome), call.actor));
}

/** `owner:branch` names the branch of the repository itself or of a fork of it. */
function networkRepository(call: GithubCall, repository: Repository, owner: string): string {
  const all = [...call.forge.state.repositories.values()];
  const found = all.find(
    (one) => one.owner === owner && (one.fullName === repository.fullName || one.forkOf === repository.fullName),
  );
  if (found === undefined) throw validationError({ resource: 'PullRequest', field: 'head', code: 'invalid' });
  return found.fullName;
}

function ownerOf(fullName: string): string {
  return fullName.split('/')[0] ?? '';
}

async function getPull(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const found = granted(await call.forge.pullRequests.read(repository.fullName, call.number('number')));
  if (call.request.accept.includes('diff')) return { status: 200, body: await diffText(call, found) };
  return ok(await showPullRequest(call.view, found, call.actor));
}

async function diffText(call: GithubCall, pull: PullRequest): Promise<string> {
  const files = await call.forge
    .git(pull.repository)
    .differences(pull.versions.at(-1)?.baseSha ?? pull.baseSha, pull.headSha);
  return files
    .map(
      (file) =>
        `diff --git a/${file.previousPath} b/${file.path}\n--- a/${file.previousPath}\n+++ b/${file.path}\n${file.patch ?? ''}\n`,
    )
    .join('');
}

async function editPull(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const body = new GithubBody(call);
  const fields = {
    title: body.text('title'),
    body: body.text('body'),
    state: body.word('state', ['open', 'closed']),
    baseBranch: body.text('base'),
  };
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const edited = granted(
    await call.forge.pullRequests.edit({
      repository: repository.fullName,
      number: call.number('number'),
      actor: call.actor,
      ...given,
    }),
  );
  return ok(await showPullRequest(call.view, edited, call.actor));
}

/** GitHub lists at most 250 commits. */
async function listCommits(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const pull = call.pullRequest(repository);
  const start = pull.versions.at(-1)?.startSha ?? pull.baseSha;
  const commits = await call.git(repository).log({ from: [pull.headSha], not: [start], oldestFirst: true });
  return call.page(commits.slice(0, 250), (commit) => showCommit(call.view, repository.fullName, commit));
}

/** GitHub lists at most 3,000 files. */
async function listFiles(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const pull = call.pullRequest(repository);
  const files = await call.git(repository).differences(pull.versions.at(-1)?.baseSha ?? pull.baseSha, pull.headSha);
  const at = { repository: repository.fullName, head: pull.headSha };
  return call.page(files.slice(0, 3000), (file) => showDifference(call.view, at, file));
}

function listReviews(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const pull = call.pullRequest(repository);
  return call.page(call.forge.reviews.of(repository.fullName, pull.number), (review) => showReview(call.view, review));
}

const reviewEvents = { APPROVE: 'approved', REQUEST_CHANGES: 'changes-requested', COMMENT: 'commented' } as const;

async function submitReview(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const pull = call.pullRequest(repository);
  const body = new GithubBody(call);
  const event = body.word('event', ['APPROVE', 'REQUEST_CHANGES', 'COMMENT']);
  // Without an event GitHub keeps a pending review that only its author sees; nobody needs that here.
  if (event === undefined) throw unprocessable('Pending reviews are not simulated: give an event.');
  const text = body.text('body') ?? '';
  if (event !== 'APPROVE' && text.trim() === '') throw validationError("Body can't be blank");
  const commitSha = body.text('commit_id') ?? pull.headSha;
  await commitOfPull(call, pull, commitSha);
  const review: NewReview = {
    repository: repository.fullName,
    number: pull.number,
    actor: call.actor,
    state: reviewEvents[event],
    body: text,
    commitSha,
  };
  return ok(showReview(call.view, granted(call.forge.reviews.submit(review))));
}

async function commitOfPull(call: GithubCall, pull: PullRequest, sha: string): Promise<void> {
  const git = call.forge.git(pull.repository);
  const known = pull.versions.some((version) => version.headSha === sha);
  const within = known || ((await git.objectType(sha)) === 'commit' && (await git.isAncestor(sha, pull.headSha)));
  if (!within)
    throw validationError({
      resource: 'PullRequestReview',
      code: 'custom',
      field: 'commit_id',
      message: 'commit_id is not part of the pull request',
    });
}

function reviewOf(call: GithubCall): Review {
  const repository = call.repository();
  const pull = call.pullRequest(repository);
  const id = call.number('review');
  return call.forge.reviews.of(repository.fullName, pull.number).find((review) => review.id === id) ?? missing();
}

function dismissReview(call: GithubCall): GithubAnswer {
  const review = reviewOf(call);
  const message = new GithubBody(call).requiredText('message');
  if (review.state !== 'approved' && review.state !== 'changes-requested')
    throw validationError('Can not dismiss a commented pull request review');
  return ok(
    showReview(call.view, granted(call.forge.reviews.dismiss({ actor: call.actor, reviewId: review.id, message }))),
  );
}

async function mergePull(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository('read');
  const body = new GithubBody(call);
  const method: MergeMethod = body.word('merge_method', ['merge', 'squash', 'rebase']) ?? 'merge';
  const [expectedHead, title, message] = [body.text('sha'), body.text('commit_title'), body.text('commit_message')];
  const outcome = await call.forge.merging.merge({
    repository: repository.fullName,
    number: call.number('number'),
    actor: call.actor,
    method,
    ...(expectedHead === undefined ? {} : { expectedHead }),
    ...(title === undefined ? {} : { title }),
    ...(message === undefined ? {} : { message }),
  });
  return ok({ sha: granted(outcome).sha, merged: true, message: 'Pull Request successfully merged' });
}

async function updateBranch(call: GithubCall): Promise<GithubAnswer> {
  const repository: Repository = call.repository();
  const number = call.number('number');
  const expectedHead = new GithubBody(call).text('expected_head_sha');
  const order = { repository: repository.fullName, number, actor: call.actor };
  const outcome = await call.forge.merging.updateBranch(
    expectedHead === undefined ? order : { ...order, expectedHead },
  );
  if (!outcome.ok && outcome.refusal.kind === 'head-moved')
    throw unprocessable("expected head sha didn't match current head ref.");
  if (!outcome.ok && outcome.refusal.kind === 'merge-conflict')
    throw unprocessable('merge conflict between base and head');
  if (!outcome.ok && outcome.refusal.kind === 'invalid') throw unprocessable(outcome.refusal.message);
  granted(outcome);
  return {
    status: 202,
    body: { message: 'Updating pull request branch.', url: call.urls.html(`${repository.fullName}/pull/${number}`) },
  };
}
