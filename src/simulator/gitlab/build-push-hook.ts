/** Push Hook and Tag Push Hook (https://docs.gitlab.com/user/project/integrations/webhook_events/#push-events). */

import type { ForgeEvent } from '../forge/events.js';
import type { Repository } from '../forge/state.js';
import type { Commit } from '../git/git-objects.js';
import { zeroSha } from '../git/git-objects.js';
import type { HookContext, HookPayload } from './hook-context.js';
import { presentHookCommit } from './present-commit.js';
import { presentHookProject, presentHookRepository } from './present-project.js';

type PushEvent = Extract<ForgeEvent, { kind: 'push' }>;

/** GitLab shows the newest twenty commits of a push, and counts them all. */
const SHOWN_COMMITS = 20;

/** Of a new branch: what the default branch does not have. */
async function pushedCommits(
  context: HookContext,
  repository: Repository,
  event: PushEvent,
): Promise<readonly Commit[]> {
  if (event.after === zeroSha) return [];
  const git = context.forge.git(repository.fullName);
  const known = event.before === zeroSha ? await git.branchHead(repository.defaultBranch) : event.before;
  return git.log({ from: [event.after], not: known === undefined ? [] : [known], oldestFirst: true });
}

async function withFiles(context: HookContext, repository: Repository, commit: Commit) {
  const git = context.forge.git(repository.fullName);
  const parent = commit.parents[0];
  const changes = parent === undefined ? [] : await git.differences(parent, commit.sha);
  const paths = (status: string) => changes.filter((one) => one.status === status).map((one) => one.path);
  const renamed = changes.filter((one) => one.status === 'renamed');
  return {
    ...presentHookCommit(commit, repository.fullName, context.urls),
    added: [...paths('added'), ...renamed.map((one) => one.path)],
    modified: paths('modified'),
    removed: [...paths('removed'), ...renamed.map((one) => one.previousPath)],
  };
}

export async function buildPushHook(context: HookContext, event: PushEvent): Promise<HookPayload | undefined> {
  const repository = context.repository(event.repository);
  if (repository === undefined) return undefined;
  const user = context.userOf(event.actor);
  const isTag = event.ref.startsWith('refs/tags/');
  const commits = isTag ? [] : await pushedCommits(context, repository, event);
  const branch = event.ref.replace('refs/heads/', '');
  return {
    object_kind: isTag ? 'tag_push' : 'push',
    event_name: isTag ? 'tag_push' : 'push',
    before: event.before,
    after: event.after,
    ref: event.ref,
    ref_protected: !isTag && context.forge.protections.of(repository, branch) !== undefined,
    checkout_sha: event.after === zeroSha ? null : event.after,
    message: null,
    user_id: user.id,
    user_name: user.name,
    user_username: user.login,
    user_email: null,
    user_avatar: null,
    project_id: repository.id,
    project: presentHookProject(repository, context.urls),
    commits: await Promise.all(commits.slice(-SHOWN_COMMITS).map((commit) => withFiles(context, repository, commit))),
    total_commits_count: commits.length,
    push_options: {},
    repository: {
      ...presentHookRepository(repository, context.urls),
      git_http_url: context.urls.git(repository.fullName),
      git_ssh_url: `git@127.0.0.1:${repository.fullName}.git`,
      visibility_level: repository.private ? 0 : 20,
    },
  };
}
