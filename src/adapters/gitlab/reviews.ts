/** Reads what GitLab knows of a merge request's reviews. */
import type { Review } from '../../core/forge-objects.js';
import type { RepositoryId } from '../../core/ids.js';
import type { Connection } from './connection.js';
import { nullIfMissing } from './gitlab-refusal.js';
import { LARGE_PAGES } from './paging.js';
import { toReviews } from './to-reviews.js';

export async function readReviews(
  connection: Connection,
  repository: RepositoryId,
  number: number,
): Promise<readonly Review[]> {
  const { api } = connection;
  const approvals = await api.MergeRequestApprovals.showConfiguration(repository.path, { mergerequestIId: number });
  const reviewers = (await nullIfMissing(api.MergeRequests.showReviewers(repository.path, number))) ?? [];
  const approvedBy = approvals.approved_by ?? [];
  if (approvedBy.length === 0 && !reviewers.some((reviewer) => reviewer.state === 'requested_changes')) return [];
  // Versions last: one that comes in between is not in force at the time of any approval read before.
  const notes = await api.MergeRequestNotes.all(repository.path, number, LARGE_PAGES);
  const versions = await api.MergeRequests.allDiffVersions(repository.path, number);
  return toReviews(
    {
      approvals: approvedBy,
      reviewers,
      systemNotes: notes.filter((note) => note.system),
      versions,
      bots: await botsAmong(
        connection,
        [...approvedBy, ...reviewers].map(({ user }) => user),
      ),
      page: mergeRequestPage(connection, repository, number),
    },
    await connection.ownLogin(),
  );
}

/** Usernames. Nothing in a review says so, and a bot's name may be like anybody's. */
async function botsAmong(
  { isBot }: Connection,
  users: readonly { readonly id: number; readonly username: string }[],
): Promise<ReadonlySet<string>> {
  const found = await Promise.all(users.map(async ({ id, username }) => ((await isBot(id)) ? [username] : [])));
  return new Set(found.flat());
}

export function mergeRequestPage({ url }: Connection, repository: RepositoryId, number: number): string {
  return `${url}/${repository.path}/-/merge_requests/${number}`;
}
