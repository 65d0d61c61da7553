/** Accounts, organisations, teams and Apps as GitHub shows them. */
import type { AccessLevel } from '../forge/access-level.js';
import type { App, Installation, Organisation, Team, User } from '../forge/state.js';
import type { GithubView } from './github-view.js';
import { nodeId, showTime } from './github-view.js';

/** GitHub's `simple-user`, also for an organisation that owns something. */
export function showSimpleUser(view: GithubView, login: string): Readonly<Record<string, unknown>> {
  const user = view.forge.state.users.get(login);
  const organisation = view.forge.state.organisations.get(login);
  const type = organisation === undefined ? (user?.kind === 'bot' ? 'Bot' : 'User') : 'Organization';
  const id = user?.id ?? organisation?.id ?? 0;
  const url = view.urls.api(`users/${encodeURIComponent(login)}`);
  return {
    login,
    id,
    node_id: nodeId(type, id),
    avatar_url: view.urls.html(`avatars/${id}`),
    gravatar_id: '',
    url,
    html_url: view.urls.html(user?.kind === 'bot' ? `apps/${login.replace('[bot]', '')}` : login),
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
  };
}

export function showPublicUser(view: GithubView, user: User): Readonly<Record<string, unknown>> {
  return {
    ...showSimpleUser(view, user.login),
    user_view_type: 'public',
    name: user.name,
    company: null,
    blog: '',
    location: null,
    email: user.kind === 'bot' ? null : user.email,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: showTime(user.createdAt),
    updated_at: showTime(user.createdAt),
  };
}

export function showOrganisation(view: GithubView, organisation: Organisation): Readonly<Record<string, unknown>> {
  const url = view.urls.api(`orgs/${organisation.login}`);
  return {
    login: organisation.login,
    id: organisation.id,
    node_id: nodeId('Organization', organisation.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: view.urls.html(`avatars/${organisation.id}`),
    description: organisation.name,
  };
}

export function showTeam(view: GithubView, team: Team): Readonly<Record<string, unknown>> {
  const url = view.urls.api(`orgs/${team.organisation}/teams/${team.slug}`);
  return {
    id: team.id,
    node_id: nodeId('Team', team.id),
    url,
    html_url: view.urls.html(`orgs/${team.organisation}/teams/${team.slug}`),
    name: team.name,
    slug: team.slug,
    description: '',
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission: 'pull',
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    parent: null,
    type: 'organization',
  };
}

/** Everything the bot's manifest asks for is granted; GitHub shows what that is. */
const GRANTED = {
  metadata: 'read',
  contents: 'write',
  pull_requests: 'write',
  issues: 'write',
  checks: 'write',
  statuses: 'write',
  members: 'read',
  merge_queues: 'read',
};
const SUBSCRIBED = [
  'push',
  'pull_request',
  'pull_request_review',
  'issue_comment',
  'status',
  'check_run',
  'check_suite',
  'merge_group',
];

function showGrants({ permissions = GRANTED, events = SUBSCRIBED }: App): Readonly<Record<string, unknown>> {
  return { permissions, events };
}

export function showApp(view: GithubView, app: App): Readonly<Record<string, unknown>> {
  const owner = app.installations[0]?.account ?? view.forge.state.organisations.keys().next().value ?? 'ghost';
  const since = showTime(new Date(0));
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('Integration', app.id),
    client_id: app.clientId,
    owner: showSimpleUser(view, owner),
    name: app.name,
    description: '',
    external_url: view.urls.html(`apps/${app.slug}`),
    html_url: view.urls.html(`apps/${app.slug}`),
    created_at: since,
    updated_at: since,
    ...showGrants(app),
  };
}

export function showInstallation(
  view: GithubView,
  app: App,
  installation: Installation,
): Readonly<Record<string, unknown>> {
  const account = showSimpleUser(view, installation.account);
  const url = view.urls.api(`app/installations/${installation.id}`);
  return {
    id: installation.id,
    account,
    repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: view.urls.api('installation/repositories'),
    html_url: view.urls.html(`organizations/${installation.account}/settings/installations/${installation.id}`),
    app_id: app.id,
    app_slug: app.slug,
    target_id: account['id'],
    target_type: account['type'],
    ...showGrants(app),
    created_at: showTime(installation.createdAt),
    updated_at: showTime(installation.createdAt),
    single_file_name: null,
    suspended_by: null,
    suspended_at: null,
  };
}

/** GitHub's older word for a level: triage counts as read, maintain as write. */
export function olderPermission(level: AccessLevel): 'none' | 'read' | 'write' | 'admin' {
  if (level === 'triage') return 'read';
  return level === 'maintain' ? 'write' : level;
}

export function showAuthorAssociation(view: GithubView, repository: string, login: string): string {
  const found = view.forge.state.repositories.get(repository);
  if (found?.owner === login) return 'OWNER';
  if (view.forge.state.organisations.get(found?.owner ?? '')?.members.has(login) === true) return 'MEMBER';
  return found?.collaborators.has(login) === true ? 'COLLABORATOR' : 'NONE';
}
