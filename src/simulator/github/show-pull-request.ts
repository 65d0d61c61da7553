/** Pull requests as GitHub shows them: in lists and webhooks, alone with mergeability, and as issues. */
import type { PullRequest } from '../forge/state.js';
import type { GithubView } from './github-view.js';
import { nodeId, showTime } from './github-view.js';
import { showReactionRollup } from './show-comment.js';
import { showLabel, showRepository } from './show-repository.js';
import { showAuthorAssociation, showSimpleUser } from './show-user.js';

/** GitHub's `pull-request-simple`. */
export function showSimplePullRequest(view: GithubView, one: PullRequest): Readonly<Record<string, unknown>> {
  const { repository, number } = one;
  const url = view.urls.repository(repository, `pulls/${number}`);
  const html = view.urls.html(`${repository}/pull/${number}`);
  const issue = view.urls.repository(repository, `issues/${number}`);
  const assignees = one.assignees.map((login) => showSimpleUser(view, login));
  return {
    url,
    id: one.id,
    node_id: nodeId('PullRequest', one.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issue,
    number,
    state: one.state === 'open' ? 'open' : 'closed',
    locked: false,
    title: one.title,
    user: showSimpleUser(view, one.author),
    body: one.body === '' ? null : one.body,
    created_at: showTime(one.createdAt),
    updated_at: showTime(one.updatedAt),
    closed_at: one.closedAt === undefined ? null : showTime(one.closedAt),
    merged_at: one.merge === undefined ? null : showTime(one.merge.at),
    merge_commit_sha: one.merge?.sha ?? null,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: one.requestedReviewers.map((login) => showSimpleUser(view, login)),
    requested_teams: [],
    labels: showLabels(view, one),
    milestone: null,
    draft: one.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: view.urls.repository(repository, 'pulls/comments{/number}'),
    comments_url: `${issue}/comments`,
    statuses_url: view.urls.repository(repository, `statuses/${one.headSha}`),
    head: showSide(view, one.headRepository, { branch: one.headBranch, sha: one.headSha }),
    base: showSide(view, repository, { branch: one.baseBranch, sha: one.baseSha }),
    _links: showLinks(url, { html, issue, statuses: view.urls.repository(repository, `statuses/${one.headSha}`) }),
    author_association: showAuthorAssociation(view, repository, one.author),
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** GitHub's `pull-request`, with what takes git to know. `reader` decides what blocks a merge. */
export async function showPullRequest(
  view: GithubView,
  one: PullRequest,
  reader: string,
): Promise<Readonly<Record<string, unknown>>> {
  const git = view.forge.git(one.repository);
  const version = one.versions.at(-1);
  const start = version?.startSha ?? one.baseSha;
  const files = await git.differences(version?.baseSha ?? one.baseSha, one.headSha);
  const known = one.mergeability === 'clean' || one.mergeability === 'conflicting';
  const mergeable = one.state === 'open' && known ? one.mergeability === 'clean' : null;
  return {
    ...showSimplePullRequest(view, one),
    merged: one.state === 'merged',
    mergeable,
    rebaseable: mergeable,
    mergeable_state: await mergeableState(view, one, reader),
    merged_by: one.merge === undefined ? null : showSimpleUser(view, one.merge.by),
    comments: view.forge.comments.of(one.repository, one.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: await git.countCommits(one.headSha, [start]),
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

async function mergeableState(view: GithubView, one: PullRequest, reader: string): Promise<string> {
  if (one.state !== 'open' || one.mergeability === 'unknown' || one.mergeability === 'checking') return 'unknown';
  if (one.mergeability === 'conflicting') return 'dirty';
  const reasons = (await view.forge.protections.obstacles(one, reader)).map((obstacle) => obstacle.reason);
  if (reasons.includes('draft')) return 'draft';
  if (reasons.length > 0) return reasons.every((reason) => reason === 'behind') ? 'behind' : 'blocked';
  const checks = view.forge.checks.summaryOf(one.repository, one.headSha);
  return checks.every((check) => check.state === 'success') ? 'clean' : 'unstable';
}

/** The same as an issue. */
export function showIssue(view: GithubView, one: PullRequest): Readonly<Record<string, unknown>> {
  const { repository, number } = one;
  const url = view.urls.repository(repository, `issues/${number}`);
  const html = view.urls.html(`${repository}/pull/${number}`);
  const assignees = one.assignees.map((login) => showSimpleUser(view, login));
  return {
    url,
    repository_url: view.urls.repository(repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    id: one.id,
    node_id: nodeId('PullRequest', one.id),
    number,
    title: one.title,
    user: showSimpleUser(view, one.author),
    labels: showLabels(view, one),
    state: one.state === 'open' ? 'open' : 'closed',
    locked: false,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: view.forge.comments.of(repository, number).length,
    created_at: showTime(one.createdAt),
    updated_at: showTime(one.updatedAt),
    closed_at: one.closedAt === undefined ? null : showTime(one.closedAt),
    author_association: showAuthorAssociation(view, repository, one.author),
    active_lock_reason: null,
    draft: one.draft,
    pull_request: {
      url: view.urls.repository(repository, `pulls/${number}`),
      html_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      merged_at: one.merge === undefined ? null : showTime(one.merge.at),
    },
    body: one.body === '' ? null : one.body,
    reactions: showReactionRollup(view, { repository, number }, `${url}/reactions`),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    state_reason: null,
  };
}

/** What check runs say of the pull requests whose head they are on. */
export function showMinimalPullRequest(view: GithubView, one: PullRequest): Readonly<Record<string, unknown>> {
  const repo = (fullName: string) => {
    const repository = view.forge.state.repositories.get(fullName);
    return { id: repository?.id ?? 0, url: view.urls.repository(fullName), name: repository?.name ?? '' };
  };
  return {
    id: one.id,
    number: one.number,
    url: view.urls.repository(one.repository, `pulls/${one.number}`),
    head: { ref: one.headBranch, sha: one.headSha, repo: repo(one.headRepository) },
    base: { ref: one.baseBranch, sha: one.baseSha, repo: repo(one.repository) },
  };
}

function showLabels(view: GithubView, one: PullRequest): readonly Readonly<Record<string, unknown>>[] {
  const labels = view.forge.state.repositories.get(one.repository)?.labels ?? [];
  return labels
    .filter((label) => one.labels.includes(label.name))
    .map((label) => showLabel(view, one.repository, label));
}

function showSide(
  view: GithubView,
  fullName: string,
  at: { readonly branch: string; readonly sha: string },
): Readonly<Record<string, unknown>> {
  const repository = view.forge.state.repositories.get(fullName);
  const owner = fullName.split('/')[0] ?? '';
  return {
    label: `${owner}:${at.branch}`,
    ref: at.branch,
    sha: at.sha,
    user: showSimpleUser(view, owner),
    repo: repository === undefined ? null : showRepository(view, repository),
  };
}

function showLinks(
  url: string,
  others: { readonly html: string; readonly issue: string; readonly statuses: string },
): Readonly<Record<string, { readonly href: string }>> {
  return {
    self: { href: url },
    html: { href: others.html },
    issue: { href: others.issue },
    comments: { href: `${others.issue}/comments` },
    review_comments: { href: `${url}/comments` },
    review_comment: { href: `${url.replace(/\/\d+$/, '')}/comments{/number}` },
    commits: { href: `${url}/commits` },
    statuses: { href: others.statuses },
  };
}
