/** Pull requests as issues: comments, reactions, labels. */
import type { Comment, PullRequest, Repository } from '../forge/state.js';
import { granted, notFoundError, unprocessable } from './api-error.js';
import type { GithubAnswer, GithubCall, GithubRoute } from './github-call.js';
import { created, noContent, ok } from './github-call.js';
import { GithubBody } from './read-body.js';
import { githubReactions, neutralReaction, showComment, showReaction } from './show-comment.js';
import { showIssue } from './show-pull-request.js';
import { showLabel } from './show-repository.js';

const issue = '/repos/:owner/:repo/issues/:number';
const comment = '/repos/:owner/:repo/issues/comments/:comment';

export const issueRoutes: readonly GithubRoute[] = [
  { method: 'GET', path: '/repos/:owner/:repo/issues', handle: listIssues },
  { method: 'GET', path: issue, handle: (call) => ok(showIssue(call.view, call.pullRequest(call.repository()))) },
  { method: 'GET', path: `${issue}/comments`, handle: listComments },
  { method: 'POST', path: `${issue}/comments`, handle: addComment },
  { method: 'GET', path: '/repos/:owner/:repo/issues/comments', handle: listAllComments },
  { method: 'GET', path: comment, handle: (call) => ok(showComment(call.view, commentOf(call))) },
  {
    method: 'PATCH',
    path: comment,
    handle: (call) => {
      const edit = { actor: call.actor, id: commentOf(call).id, body: new GithubBody(call).requiredText('body') };
      return ok(showComment(call.view, granted(call.forge.comments.edit(edit))));
    },
  },
  {
    method: 'DELETE',
    path: comment,
    handle: (call) => {
      granted(call.forge.comments.delete({ actor: call.actor, id: commentOf(call).id }));
      return noContent();
    },
  },
  {
    method: 'GET',
    path: `${comment}/reactions`,
    handle: (call) => listReactions(call, targetOfComment(commentOf(call))),
  },
  { method: 'POST', path: `${comment}/reactions`, handle: (call) => react(call, targetOfComment(commentOf(call))) },
  {
    method: 'DELETE',
    path: `${comment}/reactions/:reaction`,
    handle: (call) => (commentOf(call), removeReaction(call)),
  },
  { method: 'GET', path: `${issue}/reactions`, handle: (call) => listReactions(call, targetOfIssue(call)) },
  { method: 'POST', path: `${issue}/reactions`, handle: (call) => react(call, targetOfIssue(call)) },
  {
    method: 'GET',
    path: `${issue}/labels`,
    handle: (call) => call.page(labelsOf(call, call.pullRequest(call.repository())), (label) => label),
  },
  {
    method: 'POST',
    path: `${issue}/labels`,
    handle: (call) => setLabels(call, (pull) => [...pull.labels, ...labelNames(call)]),
  },
  { method: 'PUT', path: `${issue}/labels`, handle: (call) => setLabels(call, () => labelNames(call)) },
  { method: 'DELETE', path: `${issue}/labels`, handle: (call) => (setLabels(call, () => []), noContent()) },
  {
    method: 'DELETE',
    path: `${issue}/labels/:name`,
    handle: (call) => setLabels(call, (pull) => without(pull, call.parameter('name'))),
  },
];

interface Target {
  readonly repository: string;
  readonly number: number;
  readonly commentId?: number;
}

function listIssues(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const state = call.query('state') ?? 'open';
  const since = new Date(call.query('since') ?? 0);
  const labels = call.query('labels')?.split(',') ?? [];
  const wanted = call.forge.pullRequests
    .of(repository.fullName)
    .filter((one) => (state === 'all' || (one.state === 'open') === (state === 'open')) && one.updatedAt >= since)
    .filter((one) => labels.every((label) => one.labels.includes(label)));
  const key = call.query('sort') === 'updated' ? 'updatedAt' : 'createdAt';
  const upwards = [...wanted].sort(
    (first, second) => first[key].getTime() - second[key].getTime() || first.number - second.number,
  );
  return call.page(call.query('direction') === 'asc' ? upwards : upwards.reverse(), (one) => showIssue(call.view, one));
}

/** Oldest first; `since` is about the last change. */
function listComments(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const pull = call.pullRequest(repository);
  return pageOfComments(call, call.forge.comments.of(repository.fullName, pull.number));
}

function listAllComments(call: GithubCall): Promise<GithubAnswer> {
  const repository = call.repository();
  const all = [...call.forge.state.comments.values()].filter((one) => one.repository === repository.fullName);
  const key = call.query('sort') === 'updated' ? 'updatedAt' : 'createdAt';
  const upwards = all.sort((first, second) => first[key].getTime() - second[key].getTime() || first.id - second.id);
  return pageOfComments(call, call.query('direction') === 'desc' ? upwards.reverse() : upwards);
}

function pageOfComments(call: GithubCall, comments: readonly Comment[]): Promise<GithubAnswer> {
  const since = new Date(call.query('since') ?? 0);
  const wanted = comments.filter((one) => !one.system && one.updatedAt >= since);
  return call.page(wanted, (one) => showComment(call.view, one));
}

function addComment(call: GithubCall): GithubAnswer {
  const repository = call.repository();
  const pull = call.pullRequest(repository);
  const body = new GithubBody(call).requiredText('body');
  const added = call.forge.comments.add({
    repository: repository.fullName,
    number: pull.number,
    actor: call.actor,
    body,
  });
  return created(showComment(call.view, granted(added)));
}

function commentOf(call: GithubCall): Comment {
  const repository = call.repository();
  return granted(call.forge.comments.get(repository.fullName, call.number('comment')));
}

function targetOfComment(one: Comment): Target {
  return { repository: one.repository, number: one.number, commentId: one.id };
}

function targetOfIssue(call: GithubCall): Target {
  const repository = call.repository();
  return { repository: repository.fullName, number: call.pullRequest(repository).number };
}

function listReactions(call: GithubCall, target: Target): Promise<GithubAnswer> {
  const word = call.query('content');
  const wanted = call.forge.comments
    .reactionsTo(target)
    .filter((one) => word === undefined || one.name === neutralReaction(word));
  return call.page(wanted, (reaction) => showReaction(call.view, reaction));
}

/** 201 for a new reaction, 200 for one that was there. */
function react(call: GithubCall, target: Target): GithubAnswer {
  const word = new GithubBody(call).word('content', githubReactions);
  const name = word === undefined ? undefined : neutralReaction(word);
  if (name === undefined) throw unprocessable('Invalid request.\n\n"content" wasn\'t supplied.');
  const { reaction, existed } = granted(call.forge.comments.react({ ...target, actor: call.actor, name }));
  return { status: existed ? 200 : 201, body: showReaction(call.view, reaction) };
}

function removeReaction(call: GithubCall): GithubAnswer {
  granted(call.forge.comments.removeReaction(call.actor, call.number('reaction')));
  return noContent();
}

function labelNames(call: GithubCall): readonly string[] {
  const { body } = call.request;
  if (Array.isArray(body)) return body.map(String);
  return new GithubBody(call).texts('labels') ?? [];
}

function without(pull: PullRequest, name: string): readonly string[] {
  if (!pull.labels.includes(name)) throw notFoundError();
  return pull.labels.filter((one) => one !== name);
}

function setLabels(call: GithubCall, wanted: (pull: PullRequest) => readonly string[]): GithubAnswer {
  const repository: Repository = call.repository();
  const pull = call.pullRequest(repository);
  const change = { repository: repository.fullName, number: pull.number, actor: call.actor, labels: wanted(pull) };
  return ok(labelsOf(call, granted(call.forge.pullRequests.setLabels(change))));
}

function labelsOf(call: GithubCall, pull: PullRequest): readonly Readonly<Record<string, unknown>>[] {
  const known = call.forge.state.repositories.get(pull.repository)?.labels ?? [];
  return known
    .filter((label) => pull.labels.includes(label.name))
    .map((label) => showLabel(call.view, pull.repository, label));
}
