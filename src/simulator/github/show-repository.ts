/** A repository and its branch protection as GitHub shows them. */
import { atLeast } from '../forge/access-level.js';
import type { BranchProtection, Label, Repository } from '../forge/state.js';
import type { GithubView } from './github-view.js';
import { nodeId, showTime } from './github-view.js';
import { showSimpleUser } from './show-user.js';

/** GitHub's `repository`: what webhooks and nested objects hold. */
export function showRepository(view: GithubView, repository: Repository): Readonly<Record<string, unknown>> {
  const { id, name, fullName, description, createdAt, pushedAt } = repository;
  const html = view.urls.html(fullName);
  return {
    id,
    node_id: nodeId('Repository', id),
    name,
    full_name: fullName,
    private: repository.private,
    owner: showSimpleUser(view, repository.owner),
    html_url: html,
    description: description === '' ? null : description,
    fork: repository.forkOf !== undefined,
    ...addresses(view.urls.repository(fullName)),
    created_at: showTime(createdAt),
    updated_at: showTime(pushedAt),
    pushed_at: showTime(pushedAt),
    git_url: `${html.replace(/^https?:/, 'git:')}.git`,
    ssh_url: `git@${new URL(html).hostname}:${fullName}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: false,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: 0,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    custom_properties: {},
    visibility: repository.private ? 'private' : 'public',
    forks: 0,
    open_issues: 0,
    watchers: 0,
    default_branch: repository.defaultBranch,
  };
}

/** With what only `GET /repos/{owner}/{repo}` and lists of one's own repositories tell: permissions and merge settings. */
export function showFullRepository(
  view: GithubView,
  repository: Repository,
  reader: string,
): Readonly<Record<string, unknown>> {
  const level = view.forge.people.accessTo(repository.fullName, reader);
  const { mergeMethods, deleteBranchOnMerge } = repository.settings;
  return {
    ...showRepository(view, repository),
    permissions: {
      admin: level === 'admin',
      maintain: atLeast(level, 'maintain'),
      push: atLeast(level, 'write'),
      triage: atLeast(level, 'triage'),
      pull: atLeast(level, 'read'),
    },
    allow_merge_commit: mergeMethods.includes('merge'),
    allow_squash_merge: mergeMethods.includes('squash'),
    allow_rebase_merge: mergeMethods.includes('rebase'),
    allow_auto_merge: false,
    allow_update_branch: true,
    delete_branch_on_merge: deleteBranchOnMerge,
    network_count: 0,
    subscribers_count: 0,
  };
}

const templates = {
  forks_url: 'forks',
  keys_url: 'keys{/key_id}',
  collaborators_url: 'collaborators{/collaborator}',
  teams_url: 'teams',
  hooks_url: 'hooks',
  issue_events_url: 'issues/events{/number}',
  events_url: 'events',
  assignees_url: 'assignees{/user}',
  branches_url: 'branches{/branch}',
  tags_url: 'tags',
  blobs_url: 'git/blobs{/sha}',
  git_tags_url: 'git/tags{/sha}',
  git_refs_url: 'git/refs{/sha}',
  trees_url: 'git/trees{/sha}',
  statuses_url: 'statuses/{sha}',
  languages_url: 'languages',
  stargazers_url: 'stargazers',
  contributors_url: 'contributors',
  subscribers_url: 'subscribers',
  subscription_url: 'subscription',
  commits_url: 'commits{/sha}',
  git_commits_url: 'git/commits{/sha}',
  comments_url: 'comments{/number}',
  issue_comment_url: 'issues/comments{/number}',
  contents_url: 'contents/{+path}',
  compare_url: 'compare/{base}...{head}',
  merges_url: 'merges',
  archive_url: '{archive_format}{/ref}',
  downloads_url: 'downloads',
  issues_url: 'issues{/number}',
  pulls_url: 'pulls{/number}',
  milestones_url: 'milestones{/number}',
  notifications_url: 'notifications{?since,all,participating}',
  labels_url: 'labels{/name}',
  releases_url: 'releases{/id}',
  deployments_url: 'deployments',
} as const;

function addresses(url: string): Readonly<Record<string, string>> {
  const rest = Object.entries(templates).map(([name, path]) => [name, `${url}/${path}`] as const);
  return { url, ...Object.fromEntries(rest) };
}

export function showLabel(view: GithubView, repository: string, label: Label): Readonly<Record<string, unknown>> {
  return {
    id: label.id,
    node_id: nodeId('Label', label.id),
    url: view.urls.repository(repository, `labels/${encodeURIComponent(label.name)}`),
    name: label.name,
    color: label.color,
    default: false,
    description: null,
  };
}

/** What everybody who sees a branch sees of its protection. */
export function showProtectionSummary(protection: BranchProtection | undefined): Readonly<Record<string, unknown>> {
  const contexts = protection?.requiredChecks ?? [];
  const enforced = protection?.enforceAdmins === true ? 'everyone' : 'non_admins';
  return {
    enabled: protection !== undefined,
    required_status_checks: {
      enforcement_level: contexts.length === 0 ? 'off' : enforced,
      contexts,
      checks: contexts.map((context) => ({ context, app_id: null })),
    },
  };
}

/** What admins see. */
export function showProtection(
  view: GithubView,
  repository: string,
  branch: string,
  protection: BranchProtection,
): Readonly<Record<string, unknown>> {
  const url = view.urls.repository(repository, `branches/${encodeURIComponent(branch)}/protection`);
  const contexts = protection.requiredChecks;
  return {
    url,
    ...(contexts.length === 0
      ? {}
      : {
          required_status_checks: {
            url: `${url}/required_status_checks`,
            strict: protection.strict,
            contexts,
            contexts_url: `${url}/required_status_checks/contexts`,
            checks: contexts.map((context) => ({ context, app_id: null })),
          },
        }),
    ...(protection.requiredApprovals === 0
      ? {}
      : {
          required_pull_request_reviews: {
            url: `${url}/required_pull_request_reviews`,
            dismiss_stale_reviews: protection.dismissStaleReviews,
            require_code_owner_reviews: false,
            required_approving_review_count: protection.requiredApprovals,
            require_last_push_approval: false,
          },
        }),
    enforce_admins: { url: `${url}/enforce_admins`, enabled: protection.enforceAdmins },
    required_linear_history: { enabled: false },
    allow_force_pushes: { enabled: protection.allowForcePushes },
    allow_deletions: { enabled: false },
  };
}
