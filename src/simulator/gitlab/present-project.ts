/** Projects and groups as GitLab shows them. */

import type { AccessLevel } from '../forge/access-level.js';
import type { MergeMethod, Organisation, Repository, Team } from '../forge/state.js';
import { accessLevelNumber } from './access-levels.js';
import type { GitlabUrls } from './gitlab-urls.js';

const PRIVATE_LEVEL = 0;
const PUBLIC_LEVEL = 20;

/** A project has one merge method, and squashing apart from it: rebase alone means fast-forward merges. */
function mergeMethodOf({ mergeMethods: methods, semiLinear }: Repository['settings']): 'merge' | 'rebase_merge' | 'ff' {
  if (semiLinear) return 'rebase_merge';
  return methods.length > 0 && !methods.includes('merge') && !methods.includes('squash') ? 'ff' : 'merge';
}

function squashOptionOf(methods: readonly MergeMethod[]): string {
  if (!methods.includes('squash')) return 'never';
  return methods.length === 1 ? 'always' : 'default_off';
}

export function presentSimpleProject(repository: Repository, urls: GitlabUrls) {
  return {
    id: repository.id,
    description: repository.description,
    name: repository.name,
    name_with_namespace: `${repository.owner} / ${repository.name}`,
    path: repository.name,
    path_with_namespace: repository.fullName,
    created_at: repository.createdAt.toISOString(),
    default_branch: repository.defaultBranch,
    tag_list: [],
    topics: [],
    ssh_url_to_repo: `git@127.0.0.1:${repository.fullName}.git`,
    http_url_to_repo: urls.git(repository.fullName),
    web_url: urls.project(repository.fullName),
    readme_url: null,
    forks_count: 0,
    avatar_url: null,
    star_count: 0,
    last_activity_at: repository.pushedAt.toISOString(),
    namespace: {
      id: 0,
      name: repository.owner,
      path: repository.owner,
      kind: 'group',
      full_path: repository.owner,
      parent_id: null,
      avatar_url: null,
      web_url: urls.group(repository.owner),
    },
  };
}

/** `level` is what the reader has in the project. */
export function presentProject(repository: Repository, level: AccessLevel, urls: GitlabUrls) {
  const { settings } = repository;
  const access = accessLevelNumber(level);
  return {
    ...presentSimpleProject(repository, urls),
    visibility: repository.private ? 'private' : 'public',
    archived: false,
    empty_repo: false,
    issues_enabled: true,
    merge_requests_enabled: true,
    jobs_enabled: true,
    wiki_enabled: false,
    snippets_enabled: false,
    can_create_merge_request_in: true,
    resolve_outdated_diff_discussions: false,
    updated_at: repository.pushedAt.toISOString(),
    creator_id: 1,
    import_status: 'none',
    open_issues_count: 0,
    shared_with_groups: [],
    only_allow_merge_if_pipeline_succeeds: settings.pipelinesMustSucceed,
    allow_merge_on_skipped_pipeline: false,
    only_allow_merge_if_all_discussions_are_resolved: false,
    remove_source_branch_after_merge: settings.deleteBranchOnMerge,
    printing_merge_request_link_enabled: true,
    request_access_enabled: true,
    merge_method: mergeMethodOf(settings),
    squash_option: squashOptionOf(settings.mergeMethods),
    merge_requests_access_level: 'enabled',
    permissions: {
      project_access: access === 0 ? null : { access_level: access, notification_level: 3 },
      group_access: null,
    },
    _links: {
      self: urls.api(`projects/${repository.id}`),
      merge_requests: urls.api(`projects/${repository.id}/merge_requests`),
      repo_branches: urls.api(`projects/${repository.id}/repository/branches`),
      members: urls.api(`projects/${repository.id}/members`),
    },
  };
}

/** `project` of a webhook. */
export function presentHookProject(repository: Repository, urls: GitlabUrls) {
  const ssh = `git@127.0.0.1:${repository.fullName}.git`;
  const http = urls.git(repository.fullName);
  return {
    id: repository.id,
    name: repository.name,
    description: repository.description,
    web_url: urls.project(repository.fullName),
    avatar_url: null,
    git_ssh_url: ssh,
    git_http_url: http,
    namespace: repository.owner,
    visibility_level: repository.private ? PRIVATE_LEVEL : PUBLIC_LEVEL,
    path_with_namespace: repository.fullName,
    default_branch: repository.defaultBranch,
    ci_config_path: '',
    homepage: urls.project(repository.fullName),
    url: ssh,
    ssh_url: ssh,
    http_url: http,
  };
}

/** `repository` of a webhook: the older, shorter twin of `project`. */
export function presentHookRepository(repository: Repository, urls: GitlabUrls) {
  return {
    name: repository.name,
    url: `git@127.0.0.1:${repository.fullName}.git`,
    description: repository.description,
    homepage: urls.project(repository.fullName),
  };
}

function presentAnyGroup(group: { id: number; name: string; path: string; fullPath: string }, urls: GitlabUrls) {
  return {
    id: group.id,
    name: group.name,
    path: group.path,
    description: '',
    visibility: 'private',
    full_name: group.fullPath.split('/').join(' / '),
    full_path: group.fullPath,
    web_url: urls.group(group.fullPath),
    avatar_url: null,
    request_access_enabled: true,
    lfs_enabled: true,
  };
}

export function presentTopGroup(organisation: Organisation, urls: GitlabUrls) {
  const { id, name, login } = organisation;
  return {
    ...presentAnyGroup({ id, name, path: login, fullPath: login }, urls),
    parent_id: null,
  };
}

export function presentSubgroup(team: Team, parent: Organisation, urls: GitlabUrls) {
  const fullPath = `${team.organisation}/${team.slug}`;
  return {
    ...presentAnyGroup({ id: team.id, name: team.name, path: team.slug, fullPath }, urls),
    parent_id: parent.id,
  };
}
