/** Merge requests: listing, opening and editing. */

import type { PullRequestEdit } from '../forge/pull-requests.js';
import type { Refusal } from '../forge/refusal.js';
import type { PullRequest, Repository } from '../forge/state.js';
import { headPipeline } from './gather-pipeline.js';
import { mayMerge, mergeRequestToPresent } from './gather-merge-request.js';
import { forbidden, invalidParameter, refuse } from './gitlab-answer.js';
import type { GitlabAnswer, GitlabRequest, GitlabRoute } from './gitlab-request.js';
import { created, ok, refuseAs, valueOf } from './gitlab-request.js';
import { mergeRequestState, presentFullMergeRequest, presentMergeRequest } from './present-merge-request.js';
import { changesOf } from './remember-differences.js';

const DRAFT = /^(?:draft:|\[draft\]|\(draft\)|wip:)\s*/i;

/** GitLab has no draft flag: the title says it. */
function parseTitle(title: string): { readonly title: string; readonly draft: boolean } {
  const draft = DRAFT.test(title);
  return { title: draft ? title.replace(DRAFT, '') : title, draft };
}

const COMMON_FILTERS = ['source_branch', 'target_branch', 'author_username'] as const;

function matches(request: GitlabRequest, pullRequest: PullRequest): boolean {
  const { input } = request;
  const fields = {
    source_branch: pullRequest.headBranch,
    target_branch: pullRequest.baseBranch,
    author_username: pullRequest.author,
  };
  if (COMMON_FILTERS.some((name) => input.has(name) && input.text(name) !== fields[name])) return false;
  const state = input.text('state') ?? 'all';
  if (state !== 'all' && state !== mergeRequestState(pullRequest.state)) return false;
  const iids = input.list('iids');
  if (iids !== undefined && !iids.includes(String(pullRequest.number))) return false;
  const labels = input.list('labels');
  if (labels !== undefined && !labels.every((label) => pullRequest.labels.includes(label))) return false;
  const search = input.text('search')?.toLowerCase();
  return search === undefined || `${pullRequest.title}\n${pullRequest.body}`.toLowerCase().includes(search);
}

function isInTime(request: GitlabRequest, pullRequest: PullRequest): boolean {
  const { input } = request;
  const within = (date: Date, name: 'updated' | 'created'): boolean => {
    const after = input.date(`${name}_after`);
    const before = input.date(`${name}_before`);
    return (after === undefined || date >= after) && (before === undefined || date <= before);
  };
  return within(pullRequest.updatedAt, 'updated') && within(pullRequest.createdAt, 'created');
}

/** Newest first unless `sort=asc`. A listing never starts the check for conflicts. */
function listMergeRequests(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const orderBy = request.input.text('order_by') === 'updated_at' ? 'updatedAt' : 'createdAt';
  const direction = (request.input.oneOf('sort', ['asc', 'desc']) ?? 'desc') === 'asc' ? 1 : -1;
  const found = request.forge.pullRequests
    .of(repository.fullName)
    .filter((one) => matches(request, one) && isInTime(request, one))
    .toSorted((one, other) => direction * (one[orderBy].getTime() - other[orderBy].getTime() || one.id - other.id));
  return request.page(found, async (one) =>
    presentMergeRequest(await mergeRequestToPresent(request, repository, one), request.urls),
  );
}

export async function presentInFull(request: GitlabRequest, repository: Repository, pullRequest: PullRequest) {
  const { rebase, headSha } = pullRequest;
  const of = await mergeRequestToPresent(request, repository, pullRequest);
  const details = {
    headPipeline: headPipeline(request, repository, pullRequest),
    changedFiles: (await changesOf(request.git(repository), pullRequest)).length,
    canMerge: mayMerge(request, repository, pullRequest, request.levelIn(repository)),
    mergeError: rebase?.state === 'failed' && rebase.head === headSha ? REBASE_FAILED : null,
  };
  return presentFullMergeRequest(of, details, request.urls);
}

/** Reading one starts the check for conflicts, so what was not checked reads `checking`; a later read has the answer. */
async function showMergeRequest(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const { number } = request.mergeRequest(repository);
  const read = valueOf(await request.forge.pullRequests.read(repository.fullName, number));
  const pullRequest = read.mergeability === 'unknown' ? { ...read, mergeability: 'checking' as const } : read;
  const shown = await presentInFull(request, repository, pullRequest);
  const isRebased = read.rebase?.state === 'running';
  // It takes its time: who looks sees that it is under way, and who looks again what came of it.
  if (isRebased) await request.forge.rebasing.finish({ repository: repository.fullName, number });
  return ok(request.input.flag('include_rebase_in_progress') ? { ...shown, rebase_in_progress: isRebased } : shown);
}

const REBASE_FAILED = 'Rebase failed: Rebase locally, resolve all conflicts, then push the branch.';

function refuseOpening(refusal: Refusal, branches: { readonly head: string; readonly base: string }): never {
  if (refusal.kind === 'already-exists') {
    const which = refusal.number === undefined ? '' : `: !${refusal.number}`;
    return refuse(409, [`Another open merge request already exists for this source branch${which}`]);
  }
  if (refusal.kind === 'invalid' && refusal.field === 'head') {
    return refuse(422, [`Source branch "${branches.head}" does not exist`]);
  }
  if (refusal.kind === 'invalid' && refusal.field === 'base') {
    return refuse(422, [`Target branch "${branches.base}" does not exist`]);
  }
  return refuseAs(refusal);
}

function flagged(name: string, value: boolean | undefined): Readonly<Record<string, boolean>> {
  return value === undefined ? {} : { [name]: value };
}

async function createMergeRequest(request: GitlabRequest): Promise<GitlabAnswer> {
  const source = request.project();
  const repository = request.targetProject(source);
  const { input } = request;
  const head = input.requiredText('source_branch');
  const base = input.requiredText('target_branch');
  const { title, draft } = parseTitle(input.requiredText('title'));
  if (head === base && source === repository)
    return refuse(422, ["You can't use same project/branch for source and target"]);
  const labels = input.list('labels');
  const opened = await request.forge.pullRequests.open({
    repository: repository.fullName,
    actor: request.actor.login,
    title,
    draft,
    body: input.text('description') ?? '',
    headRepository: source.fullName,
    headBranch: head,
    baseBranch: base,
    ...(labels === undefined ? {} : { labels }),
    ...flagged('removeSourceBranch', input.flag('remove_source_branch')),
    ...flagged('squash', input.flag('squash')),
  });
  if (!opened.ok) return refuseOpening(opened.refusal, { head, base });
  return created(await presentInFull(request, repository, opened.value));
}

function peopleNamed(request: GitlabRequest, name: 'assignee_ids' | 'reviewer_ids'): readonly string[] | undefined {
  const ids = request.input.list(name);
  if (ids === undefined) return undefined;
  const users = [...request.forge.state.users.values()];
  return ids.flatMap((id) => users.find((user) => String(user.id) === id)?.login ?? []);
}

function editOf(request: GitlabRequest, pullRequest: PullRequest): PullRequestEdit {
  const { input } = request;
  const title = input.has('title') ? parseTitle(input.requiredText('title')) : {};
  const body = input.text('description');
  const baseBranch = input.text('target_branch');
  const event = input.oneOf('state_event', ['close', 'reopen']);
  const assignees = peopleNamed(request, 'assignee_ids');
  const requestedReviewers = peopleNamed(request, 'reviewer_ids');
  return {
    repository: pullRequest.repository,
    number: pullRequest.number,
    actor: request.actor.login,
    ...title,
    ...(body === undefined ? {} : { body }),
    ...(baseBranch === undefined ? {} : { baseBranch }),
    ...(event === undefined ? {} : { state: event === 'close' ? 'closed' : 'open' }),
    ...(assignees === undefined ? {} : { assignees }),
    ...(requestedReviewers === undefined ? {} : { requestedReviewers }),
    ...flagged('removeSourceBranch', input.flag('remove_source_branch')),
    ...flagged('squash', input.flag('squash')),
  };
}

function wantedLabels(request: GitlabRequest, pullRequest: PullRequest): readonly string[] | undefined {
  const { input } = request;
  const added = input.list('add_labels') ?? [];
  const removed = input.list('remove_labels') ?? [];
  const base = input.list('labels');
  if (base === undefined && added.length === 0 && removed.length === 0) return undefined;
  return [...(base ?? pullRequest.labels), ...added].filter((label) => !removed.includes(label));
}

const EDITABLE = [
  'title',
  'description',
  'target_branch',
  'state_event',
  'labels',
  'add_labels',
  'remove_labels',
  'assignee_id',
  'assignee_ids',
  'reviewer_ids',
  'squash',
  'remove_source_branch',
  'milestone_id',
  'discussion_locked',
  'allow_collaboration',
];

/** Only one open merge request may have the same branches: reopening a second is refused as opening it would be. */
function refuseSecondOpen(request: GitlabRequest, pullRequest: PullRequest): void {
  if (request.input.text('state_event') !== 'reopen' || pullRequest.state !== 'closed') return;
  const other = request.forge.pullRequests
    .of(pullRequest.repository)
    .find(
      (one) =>
        one.state === 'open' &&
        one.headRepository === pullRequest.headRepository &&
        one.headBranch === pullRequest.headBranch &&
        one.baseBranch === pullRequest.baseBranch,
    );
  if (other !== undefined) {
    refuse(409, [`Another open merge request already exists for this source branch: !${other.number}`]);
  }
}

async function editMergeRequest(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  const pullRequest = request.mergeRequest(repository);
  if (!EDITABLE.some((name) => request.input.has(name))) {
    return invalidParameter(`${EDITABLE.join(', ')} are missing, at least one parameter must be provided`);
  }
  refuseSecondOpen(request, pullRequest);
  const edited = await request.forge.pullRequests.edit(editOf(request, pullRequest));
  if (!edited.ok && edited.refusal.kind === 'forbidden') return forbidden();
  if (!edited.ok && edited.refusal.kind === 'invalid') return refuse(422, [edited.refusal.message]);
  let changed = valueOf(edited);
  const labels = wantedLabels(request, pullRequest);
  if (labels !== undefined) {
    const { fullName } = repository;
    const actor = request.actor.login;
    changed = valueOf(
      request.forge.pullRequests.setLabels({ repository: fullName, number: changed.number, actor, labels }),
    );
  }
  return ok(await presentInFull(request, repository, changed));
}

const AT = '/projects/:id/merge_requests';

export const mergeRequestRoutes: readonly GitlabRoute[] = [
  { method: 'GET', path: AT, handle: listMergeRequests },
  { method: 'POST', path: AT, handle: createMergeRequest },
  { method: 'GET', path: `${AT}/:iid`, handle: showMergeRequest },
  { method: 'PUT', path: `${AT}/:iid`, handle: editMergeRequest },
];
