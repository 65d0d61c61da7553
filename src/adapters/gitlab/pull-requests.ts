/** Merge requests through GitLab's API: https://docs.gitlab.com/api/merge_requests/. */
import type { PullRequest } from '../../core/forge-objects.js';
import type { RepositoryId } from '../../core/ids.js';
import { Unavailable } from '../../core/problem.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import type { Glance, NewPullRequest, PullRequests } from '../../ports/pull-requests.js';
import { listMerged } from './list-merged.js';
import { attributedCommits } from './attributed-commits.js';
import type { Connection } from './connection.js';
import { isRefusal, nullIfMissing } from './gitlab-refusal.js';
import { merge } from './merge.js';
import { LARGE_PAGES } from './paging.js';
import { withGuards } from './quick-actions.js';
import { rebase } from './rebase.js';
import { readReviews } from './reviews.js';
import { toPullRequest, type MergeRequestFacts } from './to-pull-request.js';

/** More than are touched between two sweeps. */
const GLANCE = 30;

export function gitlabPullRequests(connection: Connection): PullRequests {
  const { api } = connection;
  const inOurWords = async (repository: RepositoryId, found: readonly MergeRequestFacts[]) => {
    const ownLogin = await connection.ownLogin();
    return found.map((mr) => toPullRequest(mr, repository, ownLogin));
  };
  return {
    async read(repository, number) {
      const mr = await nullIfMissing(api.MergeRequests.show(repository.path, number));
      return mr === null ? null : toPullRequest(mr, repository, await connection.ownLogin());
    },
    async listOpen(repository) {
      const query = { projectId: repository.path, state: 'opened', scope: 'all', ...LARGE_PAGES } as const;
      const found = await nullIfHidden(api.MergeRequests.all(query));
      return found === null ? null : inOurWords(repository, found);
    },
    async listUpdatedSince(repository, since) {
      const found = await api.MergeRequests.all({
        projectId: repository.path,
        scope: 'all',
        updatedAfter: new Date(since).toISOString(),
        // Oldest first: one that is touched while pages are read moves to the end and is seen again instead of missed.
        orderBy: 'updated_at',
        sort: 'asc',
        ...LARGE_PAGES,
      });
      return inOurWords(repository, latestOfEach(found));
    },
    lastMerged: (repository, wanted) => listMerged(connection, repository, wanted),
    glance: (repository) => glance(connection, repository),
    commits: (repository, number, ask) => attributedCommits(connection, repository, number, ask),
    reviews: (repository, number) => readReviews(connection, repository, number),
    open: (lock, request) => open(connection, lock, request),
    async edit(lock, { repository, number }, change) {
      await connection.writes.admit(lock, 'result');
      await api.MergeRequests.edit(repository.path, number, {
        ...(change.title === undefined ? {} : { title: change.title }),
        ...(change.body === undefined ? {} : { description: withGuards(change.body) }),
      });
    },
    async close(lock, { repository, number }) {
      await connection.writes.admit(lock, 'result');
      await api.MergeRequests.edit(repository.path, number, { stateEvent: 'close' });
    },
    merge: (lock, request) => merge(connection, lock, request),
    // Its API only rebases.
    bringUpToDate: async (lock, pullRequest, rewriting) =>
      rewriting === 'if-needed' ? rebase(connection, lock, pullRequest) : { kind: 'only-rebase' },
  };
}

async function glance(connection: Connection, repository: RepositoryId): Promise<Glance | null> {
  const latest = { orderBy: 'updated_at', sort: 'desc', perPage: GLANCE, maxPages: 1 } as const;
  const query = { projectId: repository.path, scope: 'all', ...latest } as const;
  const found: readonly MergeRequestFacts[] | null = await nullIfHidden(connection.api.MergeRequests.all(query));
  if (found === null) return null;
  const ownLogin = await connection.ownLogin();
  return {
    pullRequests: found.map((mr) => toPullRequest(mr, repository, ownLogin)),
    extent: found.length < GLANCE ? 'all' : 'latest',
    // A project's `last_activity_at` is brought up to date once an hour at most: git has to be asked for its branches.
    pushedAt: null,
  };
}

/** A project that is not there is as one whose merge requests the bot may not see. */
async function nullIfHidden<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isRefusal(error, 403, 404)) return null;
    throw error;
  }
}

function latestOfEach(found: readonly MergeRequestFacts[]): readonly MergeRequestFacts[] {
  return [...new Map(found.map((mr) => [mr.iid, mr])).values()];
}

/** GitLab keeps one open merge request for a pair of branches and answers 409 to a second one. */
async function open(connection: Connection, lock: LaneLock, request: NewPullRequest): Promise<PullRequest> {
  const { repository, head, base, title } = request;
  await connection.writes.admit(lock, 'result');
  try {
    const made = await connection.api.MergeRequests.create(repository.path, head, base, title, {
      description: withGuards(request.body),
      removeSourceBranch: false,
      ...(request.labels.length === 0 ? {} : { labels: request.labels.join(',') }),
    });
    return toPullRequest(made, repository, await connection.ownLogin());
  } catch (error) {
    if (!isRefusal(error, 409) && !(error instanceof Unavailable)) throw error;
    const standing = await openBetween(connection, request);
    if (standing === null) throw error;
    return standing;
  }
}

async function openBetween(connection: Connection, request: NewPullRequest): Promise<PullRequest | null> {
  const { repository, head, base } = request;
  const found: readonly MergeRequestFacts[] = await connection.api.MergeRequests.all({
    projectId: repository.path,
    scope: 'all',
    state: 'opened',
    sourceBranch: head,
    targetBranch: base,
    ...LARGE_PAGES,
  });
  const ours = found.find((mr) => mr.source_project_id === mr.target_project_id);
  return ours === undefined ? null : toPullRequest(ours, repository, await connection.ownLogin());
}
