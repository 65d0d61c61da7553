/** Commits, diffs, branches and trees as GitLab shows them. */

import type { BranchProtection } from '../forge/state.js';
import type { Commit, FileDifference, TreeEntry } from '../git/git-objects.js';
import { accessLevelDescription, accessLevelNumber } from './access-levels.js';
import type { GitlabUrls } from './gitlab-urls.js';

const SHORT_ID_LENGTH = 8;
const MAINTAINER = 40;
const DEVELOPER = 30;

export function commitTitle(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}

export function presentCommit(commit: Commit, fullName: string, urls: GitlabUrls) {
  return {
    id: commit.sha,
    short_id: commit.sha.slice(0, SHORT_ID_LENGTH),
    created_at: commit.committer.date.toISOString(),
    parent_ids: [...commit.parents],
    title: commitTitle(commit.message),
    message: commit.message,
    author_name: commit.author.name,
    author_email: commit.author.email,
    authored_date: commit.author.date.toISOString(),
    committer_name: commit.committer.name,
    committer_email: commit.committer.email,
    committed_date: commit.committer.date.toISOString(),
    trailers: {},
    extended_trailers: {},
    web_url: urls.commit(fullName, commit.sha),
  };
}

/** `added`, `modified` and `removed` are the webhook's; GitLab fills them for push events only. */
export function presentHookCommit(commit: Commit, fullName: string, urls: GitlabUrls) {
  return {
    id: commit.sha,
    message: commit.message,
    title: commitTitle(commit.message),
    timestamp: commit.author.date.toISOString(),
    url: urls.commit(fullName, commit.sha),
    author: { name: commit.author.name, email: commit.author.email },
  };
}

/** A mode without the zero in front that git's raw listing has, and `0` for a side that has no file. */
function modeOf(mode: string): string {
  return /^0+$/.test(mode) ? '0' : mode;
}

export function presentDiff(difference: FileDifference) {
  return {
    diff: difference.patch === undefined ? '' : `${difference.patch}\n`,
    collapsed: false,
    too_large: false,
    new_path: difference.path,
    old_path: difference.previousPath,
    a_mode: modeOf(difference.oldMode),
    b_mode: modeOf(difference.newMode),
    new_file: difference.status === 'added',
    renamed_file: difference.status === 'renamed',
    deleted_file: difference.status === 'removed',
    generated_file: false,
  };
}

interface BranchToPresent {
  readonly name: string;
  readonly commit: Commit;
  readonly fullName: string;
  readonly isDefault: boolean;
  readonly isMerged: boolean;
  readonly protection: BranchProtection | undefined;
  /** Whether the reader may push to it. */
  readonly canPush: boolean;
}

export function presentBranch(branch: BranchToPresent, urls: GitlabUrls) {
  const { protection } = branch;
  const developersMay = (level: BranchProtection['push']): boolean => {
    const number = accessLevelNumber(level);
    return number > 0 && number <= DEVELOPER;
  };
  return {
    name: branch.name,
    commit: presentCommit(branch.commit, branch.fullName, urls),
    merged: branch.isMerged,
    protected: protection !== undefined,
    developers_can_push: protection !== undefined && developersMay(protection.push),
    developers_can_merge: protection !== undefined && developersMay(protection.merge),
    can_push: branch.canPush,
    default: branch.isDefault,
    web_url: urls.tree(branch.fullName, branch.name),
  };
}

function presentAccess(protectionId: number, level: BranchProtection['push']) {
  const number = accessLevelNumber(level);
  return [
    {
      id: protectionId,
      access_level: number,
      access_level_description: accessLevelDescription(number),
      deploy_key_id: null,
      user_id: null,
      group_id: null,
    },
  ];
}

export function presentProtectedBranch(protection: BranchProtection) {
  return {
    id: protection.id,
    name: protection.pattern,
    push_access_levels: presentAccess(protection.id, protection.push),
    merge_access_levels: presentAccess(protection.id, protection.merge),
    unprotect_access_levels: [
      {
        id: protection.id,
        access_level: MAINTAINER,
        access_level_description: accessLevelDescription(MAINTAINER),
        user_id: null,
        group_id: null,
      },
    ],
    allow_force_push: protection.allowForcePushes,
    code_owner_approval_required: false,
    inherited: false,
  };
}

export function presentTreeEntry(entry: TreeEntry) {
  return {
    id: entry.sha,
    name: entry.path.split('/').at(-1) ?? entry.path,
    type: entry.type,
    path: entry.path,
    mode: entry.mode,
  };
}
