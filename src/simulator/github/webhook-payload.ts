/** The payloads an event makes: their names at once, their fields from the state when they are sent. */
import type { ForgeEvent, PullRequestAction } from '../forge/events.js';
import type { PullRequest } from '../forge/state.js';
import { zeroSha } from '../git/git-objects.js';
import type { Commit } from '../git/git-objects.js';
import type { GithubView } from './github-view.js';
import { showTime } from './github-view.js';
import { showCheckRun, showCheckSuite } from './show-check.js';
import { showComment, showReview } from './show-comment.js';
import { showCommit } from './show-git.js';
import { showIssue, showPullRequest, showSimplePullRequest } from './show-pull-request.js';
import { showLabel } from './show-repository.js';
import { showApp, showInstallation } from './show-user.js';

type Fields = Readonly<Record<string, unknown>>;

export interface Payload {
  /** `X-GitHub-Event` */
  readonly event: string;
  readonly action?: string;
  /** Undefined: what it was about is gone. */
  readonly build: () => Promise<Fields | undefined>;
}

type Event<K extends ForgeEvent['kind']> = Extract<ForgeEvent, { readonly kind: K }>;

/** None for what GitHub sends no webhooks for: reactions, pipelines, jobs. */
export function payloadsOf(view: GithubView, event: ForgeEvent): readonly Payload[] {
  switch (event.kind) {
    case 'push':
      return [{ event: 'push', build: () => push(view, event) }];
    case 'pull-request':
      return [pullRequestPayload(view, event)];
    case 'comment':
      return event.comment.system
        ? []
        : [{ event: 'issue_comment', action: event.action, build: () => comment(view, event) }];
    case 'review':
      return reviewPayloads(view, event);
    case 'check-run':
      return checkPayloads(view, event);
    case 'status':
      return [{ event: 'status', build: () => status(view, event) }];
    default:
      return rarePayloads(view, event);
  }
}

type Rare = 'installation' | 'merge-group' | 'reaction' | 'pipeline' | 'job';

function rarePayloads(view: GithubView, event: Event<Rare>): readonly Payload[] {
  switch (event.kind) {
    case 'installation':
      return [{ event: 'installation', action: 'created', build: async () => installation(view, event) }];
    case 'merge-group':
      return [{ event: 'merge_group', action: event.action, build: () => mergeGroup(view, event) }];
    case 'reaction':
    case 'pipeline':
    case 'job':
      return [];
  }
}

const pullRequestActions: Readonly<Record<PullRequestAction['name'], string>> = {
  opened: 'opened',
  reopened: 'reopened',
  closed: 'closed',
  merged: 'closed',
  synchronized: 'synchronize',
  edited: 'edited',
  labeled: 'labeled',
  unlabeled: 'unlabeled',
  'draft-changed': 'ready_for_review',
};

function pullRequestPayload(view: GithubView, event: Event<'pull-request'>): Payload {
  const found = view.forge.pullRequests.get(event.repository, event.number);
  const drafted = event.action.name === 'draft-changed' && found.ok && found.value.draft;
  return {
    event: 'pull_request',
    action: drafted ? 'converted_to_draft' : pullRequestActions[event.action.name],
    build: async () => {
      const now = view.forge.pullRequests.get(event.repository, event.number);
      if (!now.ok) return undefined;
      const shown = await showPullRequest(view, now.value, event.actor);
      return { number: event.number, pull_request: shown, ...actionFields(view, event, now.value) };
    },
  };
}

function actionFields(view: GithubView, { action }: Event<'pull-request'>, pullRequest: PullRequest): Fields {
  switch (action.name) {
    case 'synchronized':
      return { before: action.before, after: action.after };
    case 'edited': {
      const { title, body, baseBranch, baseSha } = action.was;
      return {
        changes: {
          ...(title === undefined ? {} : { title: { from: title } }),
          ...(body === undefined ? {} : { body: { from: body } }),
          ...(baseBranch === undefined ? {} : { base: { ref: { from: baseBranch }, sha: { from: baseSha } } }),
        },
      };
    }
    case 'labeled':
    case 'unlabeled': {
      const label = view.forge.state.repositories
        .get(pullRequest.repository)
        ?.labels.find((one) => one.name === action.label);
      return label === undefined ? {} : { label: showLabel(view, pullRequest.repository, label) };
    }
    default:
      return {};
  }
}

async function comment(view: GithubView, event: Event<'comment'>): Promise<Fields | undefined> {
  const pullRequest = view.forge.pullRequests.get(event.repository, event.comment.number);
  if (!pullRequest.ok) return undefined;
  const now = view.forge.state.comments.get(event.comment.id) ?? event.comment;
  return {
    ...(event.was === undefined ? {} : { changes: { body: { from: event.was } } }),
    issue: showIssue(view, pullRequest.value),
    comment: showComment(view, now),
  };
}

function reviewPayloads(view: GithubView, event: Event<'review'>): readonly Payload[] {
  if (event.action === 'withdrawn') return [];
  const build = async (): Promise<Fields | undefined> => {
    const pullRequest = view.forge.pullRequests.get(event.repository, event.number);
    const review = view.forge.state.reviews.get(event.reviewId);
    if (!pullRequest.ok || review === undefined) return undefined;
    const shown = showReview(view, review);
    // In webhooks the state is in small letters.
    const state = String(shown['state']).toLowerCase();
    return { review: { ...shown, state }, pull_request: showSimplePullRequest(view, pullRequest.value) };
  };
  return [{ event: 'pull_request_review', action: event.action, build }];
}

function checkPayloads(view: GithubView, event: Event<'check-run'>): readonly Payload[] {
  const found = view.forge.state.checkRuns.get(event.checkRunId);
  const run: Payload = {
    event: 'check_run',
    action: event.action,
    build: async () => {
      const now = view.forge.state.checkRuns.get(event.checkRunId);
      if (now === undefined) return undefined;
      return { check_run: { ...showCheckRun(view, now), check_suite: withoutNode(showCheckSuite(view, now)) } };
    },
  };
  if (event.action !== 'completed' || found === undefined) return [run];
  const siblings = view.forge.checks
    .runsOf(found.repository, found.headSha)
    .filter((one) => one.suiteId === found.suiteId);
  return siblings.every((one) => one.status === 'completed') ? [run, suitePayload(view, event)] : [run];
}

function suitePayload(view: GithubView, event: Event<'check-run'>): Payload {
  return {
    event: 'check_suite',
    action: 'completed',
    build: async () => {
      const run = view.forge.state.checkRuns.get(event.checkRunId);
      if (run === undefined) return undefined;
      const git = view.forge.git(run.repository);
      const commit = await git.readCommit(run.headSha);
      if (commit === undefined) return undefined;
      const siblings = view.forge.checks
        .runsOf(run.repository, run.headSha)
        .filter((one) => one.suiteId === run.suiteId);
      return {
        check_suite: {
          ...showCheckSuite(view, run),
          latest_check_runs_count: siblings.length,
          check_runs_url: view.urls.repository(run.repository, `check-suites/${run.suiteId}/check-runs`),
          head_commit: showHeadCommit(commit),
        },
      };
    },
  };
}

/** Inside a check run, a suite has no node id. */
function withoutNode(suite: Fields): Fields {
  const { node_id: _nodeId, ...rest } = suite;
  return rest;
}

async function status(view: GithubView, event: Event<'status'>): Promise<Fields | undefined> {
  const found = view.forge.state.statuses.get(event.statusId);
  if (found === undefined) return undefined;
  const git = view.forge.git(found.repository);
  const commit = await git.readCommit(found.sha);
  if (commit === undefined) return undefined;
  const branches = (await view.forge.branches.list(found.repository)).filter((one) => one.sha === found.sha);
  return {
    id: found.id,
    sha: found.sha,
    name: found.repository,
    avatar_url: view.urls.html(`avatars/${found.author}`),
    target_url: found.targetUrl ?? null,
    context: found.context,
    description: found.description ?? null,
    state: found.state,
    commit: showCommit(view, found.repository, commit),
    branches: branches.map((branch) => ({
      name: branch.name,
      commit: { sha: branch.sha, url: view.urls.repository(found.repository, `commits/${branch.sha}`) },
      protected: false,
    })),
    created_at: showTime(found.createdAt),
    updated_at: showTime(found.createdAt),
  };
}

async function mergeGroup(view: GithubView, event: Event<'merge-group'>): Promise<Fields | undefined> {
  const { branch, headSha, baseBranch, baseSha } = event.group;
  const commit = await view.forge.git(event.repository).readCommit(headSha);
  if (commit === undefined) return undefined;
  return {
    ...(event.action === 'destroyed' ? { reason: event.reason } : {}),
    merge_group: {
      head_sha: headSha,
      head_ref: `refs/heads/${branch}`,
      base_sha: baseSha,
      base_ref: `refs/heads/${baseBranch}`,
      head_commit: showHeadCommit(commit),
    },
  };
}

function installation(view: GithubView, event: Event<'installation'>): Fields | undefined {
  const app = view.forge.state.apps.get(event.appSlug);
  const found = app?.installations.find((one) => one.id === event.installationId);
  if (app === undefined || found === undefined) return undefined;
  const covered = [...view.forge.state.repositories.values()].filter(
    (one) => view.forge.people.installationFor(app, one.fullName) === found,
  );
  return {
    installation: { ...showInstallation(view, app, found), app_slug: showApp(view, app)['slug'] },
    repositories: covered.map((one) => ({
      id: one.id,
      node_id: '',
      name: one.name,
      full_name: one.fullName,
      private: one.private,
    })),
  };
}

/** At most 20 commits, as GitHub; none for a deleted branch. */
async function push(view: GithubView, event: Event<'push'>): Promise<Fields> {
  const git = view.forge.git(event.repository);
  const created = event.before === zeroSha;
  const deleted = event.after === zeroSha;
  const commits = deleted
    ? []
    : await git.log({ from: [event.after], not: created ? [] : [event.before], limit: created ? 1 : 20 });
  const shown = await Promise.all([...commits].reverse().map((one) => showPushedCommit(view, event.repository, one)));
  const user = view.forge.state.users.get(event.actor);
  return {
    ref: event.ref,
    before: event.before,
    after: event.after,
    base_ref: null,
    created,
    deleted,
    forced: event.forced,
    compare: view.urls.html(`${event.repository}/compare/${event.before.slice(0, 12)}...${event.after.slice(0, 12)}`),
    commits: shown,
    head_commit: shown.at(-1) ?? null,
    pusher: { name: event.actor, email: user?.email ?? null },
  };
}

async function showPushedCommit(view: GithubView, repository: string, commit: Commit): Promise<Fields> {
  const git = view.forge.git(repository);
  const parent = commit.parents[0];
  const files = parent === undefined ? [] : await git.differences(parent, commit.sha);
  const paths = (status: string): readonly string[] =>
    files.filter((file) => file.status === status).map((file) => file.path);
  return {
    ...showHeadCommit(commit),
    distinct: true,
    url: view.urls.html(`${repository}/commit/${commit.sha}`),
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
    added: paths('added'),
    removed: paths('removed'),
    modified: [...paths('modified'), ...paths('renamed')],
  };
}

function showHeadCommit(commit: Commit): Fields {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: showTime(commit.committer.date),
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}
