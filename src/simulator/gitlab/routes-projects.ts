/** Projects, their protected branches and webhooks. */

import type { Repository, Webhook } from '../forge/state.js';
import { notFound } from './gitlab-answer.js';
import type { GitlabAnswer, GitlabRequest, GitlabRoute } from './gitlab-request.js';
import { created, noContent, ok } from './gitlab-request.js';
import { presentProtectedBranch } from './present-commit.js';
import { presentProject, presentSimpleProject } from './present-project.js';

function isMember(request: GitlabRequest, repository: Repository): boolean {
  return request.forge.people.membersOf(repository.fullName).some(({ user }) => user.login === request.actor.login);
}

function listProjects(request: GitlabRequest): Promise<GitlabAnswer> {
  const { input } = request;
  const membership = input.flag('membership') ?? false;
  const search = input.text('search')?.toLowerCase();
  const found = [...request.forge.state.repositories.values()].filter(
    (repository) =>
      request.levelIn(repository) !== 'none' &&
      (!membership || isMember(request, repository)) &&
      (search === undefined || repository.fullName.toLowerCase().includes(search)),
  );
  const present = (repository: Repository) =>
    input.flag('simple') === true
      ? presentSimpleProject(repository, request.urls)
      : presentProject(repository, request.levelIn(repository), request.urls);
  // Newest first, GitLab's default order (`id`, `desc`).
  return request.page(found.reverse(), present);
}

function showProject(request: GitlabRequest): GitlabAnswer {
  const repository = request.project();
  return ok(presentProject(repository, request.levelIn(repository), request.urls));
}

function listProtectedBranches(request: GitlabRequest): Promise<GitlabAnswer> {
  return request.page(request.projectFor('write').protections, presentProtectedBranch);
}

function showProtectedBranch(request: GitlabRequest): GitlabAnswer {
  const name = request.parameter('branch');
  const found = request.projectFor('write').protections.find((one) => one.pattern === name);
  return found === undefined ? notFound() : ok(presentProtectedBranch(found));
}

/** Tokens are never shown again, only that they are set. */
function presentWebhook(hook: Webhook, repository: Repository) {
  return {
    id: hook.id,
    url: hook.url,
    name: '',
    description: '',
    project_id: repository.id,
    push_events: true,
    push_events_branch_filter: '',
    branch_filter_strategy: 'wildcard',
    issues_events: false,
    confidential_issues_events: false,
    merge_requests_events: true,
    tag_push_events: true,
    note_events: true,
    confidential_note_events: false,
    job_events: true,
    pipeline_events: true,
    emoji_events: true,
    enable_ssl_verification: true,
    alert_status: 'executable',
    disabled_until: null,
    url_variables: [],
    custom_headers: [],
    created_at: hook.createdAt.toISOString(),
    token_present: hook.secret !== undefined,
    signing_token_present: hook.signingToken !== undefined,
  };
}

function hooksOf(request: GitlabRequest, repository: Repository): readonly Webhook[] {
  return [...request.forge.state.webhooks.values()].filter((hook) => hook.repository === repository.fullName);
}

function listHooks(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.projectFor('maintain');
  return request.page(hooksOf(request, repository), (hook) => presentWebhook(hook, repository));
}

function hookOf(request: GitlabRequest, repository: Repository): Webhook {
  const id = request.integerParameter('hook_id');
  return hooksOf(request, repository).find((hook) => hook.id === id) ?? notFound();
}

function showHook(request: GitlabRequest): GitlabAnswer {
  const repository = request.projectFor('maintain');
  return ok(presentWebhook(hookOf(request, repository), repository));
}

function tokensOf(request: GitlabRequest): Pick<Webhook, 'secret' | 'signingToken'> {
  const secret = request.input.text('token');
  const signingToken = request.input.text('signing_token');
  return {
    ...(secret === undefined ? {} : { secret }),
    ...(signingToken === undefined ? {} : { signingToken }),
  };
}

function createHook(request: GitlabRequest): GitlabAnswer {
  const repository = request.projectFor('maintain');
  const { state } = request.forge;
  const hook: Webhook = {
    id: state.nextId(),
    repository: repository.fullName,
    url: request.input.requiredText('url'),
    ...tokensOf(request),
    active: true,
    createdAt: state.now(),
  };
  state.webhooks.set(hook.id, hook);
  return created(presentWebhook(hook, repository));
}

function editHook(request: GitlabRequest): GitlabAnswer {
  const repository = request.projectFor('maintain');
  const hook = hookOf(request, repository);
  const changed = { ...hook, url: request.input.text('url') ?? hook.url, ...tokensOf(request) };
  request.forge.state.webhooks.set(hook.id, changed);
  return ok(presentWebhook(changed, repository));
}

function deleteHook(request: GitlabRequest): GitlabAnswer {
  const hook = hookOf(request, request.projectFor('maintain'));
  request.forge.state.webhooks.delete(hook.id);
  return noContent();
}

function listLabels(request: GitlabRequest): Promise<GitlabAnswer> {
  const repository = request.project();
  return request.page(repository.labels, (label) => ({
    id: label.id,
    name: label.name,
    color: `#${label.color.replace(/^#/, '')}`,
    text_color: '#FFFFFF',
    description: null,
    priority: null,
    is_project_label: true,
    subscribed: false,
  }));
}

export const projectRoutes: readonly GitlabRoute[] = [
  { method: 'GET', path: '/projects', handle: listProjects },
  { method: 'GET', path: '/projects/:id', handle: showProject },
  { method: 'GET', path: '/projects/:id/labels', handle: listLabels },
  { method: 'GET', path: '/projects/:id/protected_branches', handle: listProtectedBranches },
  { method: 'GET', path: '/projects/:id/protected_branches/:branch', handle: showProtectedBranch },
  { method: 'GET', path: '/projects/:id/hooks', handle: listHooks },
  { method: 'POST', path: '/projects/:id/hooks', handle: createHook },
  { method: 'GET', path: '/projects/:id/hooks/:hook_id', handle: showHook },
  { method: 'PUT', path: '/projects/:id/hooks/:hook_id', handle: editHook },
  { method: 'DELETE', path: '/projects/:id/hooks/:hook_id', handle: deleteHook },
];
