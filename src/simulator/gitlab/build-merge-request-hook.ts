/** Merge Request Hook (https://docs.gitlab.com/user/project/integrations/webhook_events/#merge-request-events). */

import type { ForgeEvent, PullRequestAction } from '../forge/events.js';
import type { PullRequest, Repository } from '../forge/state.js';
import { detailedStatusOf } from './gather-merge-request.js';
import type { HookContext, HookPayload } from './hook-context.js';
import { hookTime } from './hook-time.js';
import { mergeStatus } from './merge-status.js';
import { presentHookCommit } from './present-commit.js';
import { mergeRequestState, mergeRequestTitle } from './present-merge-request.js';
import { presentHookProject, presentHookRepository } from './present-project.js';
import { presentHookUser } from './present-user.js';

const STATE_IDS: Readonly<Record<PullRequest['state'], number>> = { open: 1, closed: 2, merged: 3 };

export function presentHookLabels(repository: Repository, names: readonly string[]) {
  return repository.labels
    .filter((label) => names.includes(label.name))
    .map((label) => ({
      id: label.id,
      title: label.name,
      color: `#${label.color.replace(/^#/, '')}`,
      project_id: repository.id,
      created_at: hookTime(repository.createdAt),
      updated_at: hookTime(repository.createdAt),
      template: false,
      description: null,
      type: 'ProjectLabel',
      group_id: null,
    }));
}

async function presentLastCommit(context: HookContext, repository: Repository, pullRequest: PullRequest) {
  const commit = await context.commit(repository.fullName, pullRequest.headSha);
  return commit === undefined ? null : presentHookCommit(commit, repository.fullName, context.urls);
}

function presentTimes(pullRequest: PullRequest) {
  return {
    created_at: hookTime(pullRequest.createdAt),
    updated_at: hookTime(pullRequest.updatedAt),
    prepared_at: hookTime(pullRequest.createdAt),
    last_edited_at: null,
    last_edited_by_id: null,
    total_time_spent: 0,
    time_estimate: 0,
    time_change: 0,
    human_total_time_spent: null,
    human_time_change: null,
    human_time_estimate: null,
  };
}

/** The merge request inside a webhook: `object_attributes` of its own hook, `merge_request` of a note's or emoji's. */
export async function presentHookMergeRequest(context: HookContext, repository: Repository, pullRequest: PullRequest) {
  const { urls, userOf } = context;
  const idOf = (login: string): number => userOf(login).id;
  const project = presentHookProject(repository, urls);
  const source = context.source(pullRequest, repository);
  const { merge } = pullRequest;
  return {
    id: pullRequest.id,
    iid: pullRequest.number,
    target_branch: pullRequest.baseBranch,
    source_branch: pullRequest.headBranch,
    source_project_id: source.id,
    target_project_id: repository.id,
    author_id: idOf(pullRequest.author),
    assignee_ids: pullRequest.assignees.map(idOf),
    assignee_id: pullRequest.assignees.map(idOf)[0] ?? null,
    reviewer_ids: pullRequest.requestedReviewers.map(idOf),
    title: mergeRequestTitle(pullRequest),
    description: pullRequest.body,
    ...presentTimes(pullRequest),
    milestone_id: null,
    state_id: STATE_IDS[pullRequest.state],
    state: mergeRequestState(pullRequest.state),
    blocking_discussions_resolved: true,
    work_in_progress: pullRequest.draft,
    draft: pullRequest.draft,
    first_contribution: false,
    merge_status: mergeStatus(pullRequest.mergeability),
    detailed_merge_status: await detailedStatusOf(context, repository, pullRequest),
    merge_commit_sha: merge?.method === 'merge' ? merge.sha : null,
    squash_commit_sha: merge?.method === 'squash' ? merge.sha : null,
    merge_error: null,
    merge_user_id: merge === undefined ? null : idOf(merge.by),
    merge_when_pipeline_succeeds: false,
    url: urls.mergeRequest(repository.fullName, pullRequest.number),
    source: presentHookProject(source, urls),
    target: project,
    last_commit: await presentLastCommit(context, repository, pullRequest),
    labels: presentHookLabels(repository, pullRequest.labels),
  };
}

type Occasion = { readonly action: string; readonly oldrev?: string; readonly changes: HookPayload };

function editedChanges(pullRequest: PullRequest, action: Extract<PullRequestAction, { name: 'edited' }>): HookPayload {
  const { was } = action;
  return {
    ...(was.title === undefined ? {} : { title: { previous: was.title, current: mergeRequestTitle(pullRequest) } }),
    ...(was.body === undefined ? {} : { description: { previous: was.body, current: pullRequest.body } }),
    ...(was.baseBranch === undefined
      ? {}
      : { target_branch: { previous: was.baseBranch, current: pullRequest.baseBranch } }),
  };
}

function occasionOf(repository: Repository, pullRequest: PullRequest, action: PullRequestAction): Occasion {
  const labels = (names: readonly string[]) => presentHookLabels(repository, names);
  switch (action.name) {
    case 'opened':
      return { action: 'open', changes: { merge_status: { previous: 'preparing', current: 'unchecked' } } };
    case 'reopened':
      return { action: 'reopen', changes: { state_id: { previous: STATE_IDS.closed, current: STATE_IDS.open } } };
    case 'closed':
      return { action: 'close', changes: { state_id: { previous: STATE_IDS.open, current: STATE_IDS.closed } } };
    case 'merged':
      return { action: 'merge', changes: { state_id: { previous: STATE_IDS.open, current: STATE_IDS.merged } } };
    case 'synchronized':
      return { action: 'update', oldrev: action.before, changes: {} };
    case 'edited':
      return { action: 'update', changes: editedChanges(pullRequest, action) };
    case 'draft-changed':
      return { action: 'update', changes: { draft: { previous: !pullRequest.draft, current: pullRequest.draft } } };
    case 'labeled':
    case 'unlabeled': {
      const others = pullRequest.labels.filter((name) => name !== action.label);
      const previous = action.name === 'labeled' ? others : [...pullRequest.labels, action.label];
      const changed = { previous: labels(previous), current: labels(pullRequest.labels) };
      return { action: 'update', changes: { labels: changed } };
    }
  }
}

type Cause = Extract<ForgeEvent, { kind: 'pull-request' | 'review' }>;

/** Without approval rules (the Free tier) each approval is `approved`, and each one taken back `unapproved`. */
function causeOccasion(repository: Repository, pullRequest: PullRequest, event: Cause): Occasion | undefined {
  if (event.kind === 'pull-request') return occasionOf(repository, pullRequest, event.action);
  if (event.action === 'withdrawn') return { action: 'unapproved', changes: {} };
  return event.action === 'submitted' && event.state === 'approved' ? { action: 'approved', changes: {} } : undefined;
}

/** The action a hook will have, known when the event happens. */
export function mergeRequestHookAction(event: Cause): string | undefined {
  if (event.kind === 'review') {
    if (event.action === 'withdrawn') return 'unapproved';
    return event.action === 'submitted' && event.state === 'approved' ? 'approved' : undefined;
  }
  const names = { opened: 'open', reopened: 'reopen', closed: 'close', merged: 'merge' } as const;
  const { name } = event.action;
  return name in names ? names[name as keyof typeof names] : 'update';
}

export async function buildMergeRequestHook(context: HookContext, event: Cause): Promise<HookPayload | undefined> {
  const repository = context.repository(event.repository);
  const pullRequest = context.pullRequest(event.repository, event.number);
  if (repository === undefined || pullRequest === undefined) return undefined;
  const occasion = causeOccasion(repository, pullRequest, event);
  if (occasion === undefined) return undefined;
  const users = (logins: readonly string[]) => logins.map((login) => presentHookUser(context.userOf(login)));
  return {
    object_kind: 'merge_request',
    event_type: 'merge_request',
    user: presentHookUser(context.userOf(event.actor)),
    project: presentHookProject(repository, context.urls),
    object_attributes: {
      ...(await presentHookMergeRequest(context, repository, pullRequest)),
      action: occasion.action,
      ...(occasion.oldrev === undefined ? {} : { oldrev: occasion.oldrev }),
    },
    labels: presentHookLabels(repository, pullRequest.labels),
    changes: occasion.changes,
    repository: presentHookRepository(repository, context.urls),
    assignees: users(pullRequest.assignees),
    reviewers: users(pullRequest.requestedReviewers),
  };
}
