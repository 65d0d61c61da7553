/** The merge requests that were merged last: https://docs.gitlab.com/api/merge_requests/#list-project-merge-requests. */
import type { RepositoryId } from '../../core/ids.js';
import { lastMerged, MOST_PAGES, needsMore, type MergedPullRequest } from '../../core/last-merged.js';
import type { Connection } from './connection.js';
import { toInstant } from './instant.js';
import { LARGE_PAGES } from './paging.js';
import { toPullRequest, type MergeRequestFacts } from './to-pull-request.js';

/** `order_by: merged_at` came with GitLab 17.2 only: by last touch every version lists. */
export async function listMerged(
  connection: Connection,
  repository: RepositoryId,
  { base, most }: { readonly base: string; readonly most: number },
): Promise<readonly MergedPullRequest[]> {
  const ownLogin = await connection.ownLogin();
  const found: MergedPullRequest[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const listed: readonly ListedMergeRequest[] = await connection.api.MergeRequests.all({
      projectId: repository.path,
      scope: 'all',
      state: 'merged',
      targetBranch: base,
      orderBy: 'updated_at',
      sort: 'desc',
      page,
      ...LARGE_PAGES,
    });
    found.push(...listed.flatMap((mr) => toMerged(mr, repository, ownLogin)));
    const last = listed.at(-1);
    if (last === undefined || listed.length < LARGE_PAGES.perPage) break;
    if (!needsMore(found, { most, touched: toInstant(last.updated_at) })) break;
  }
  return lastMerged(found, most);
}

interface ListedMergeRequest extends MergeRequestFacts {
  /** Null of some that were merged long ago by old versions. */
  readonly merged_at: string | null;
}

function toMerged(mr: ListedMergeRequest, repository: RepositoryId, ownLogin: string): readonly MergedPullRequest[] {
  if (mr.merged_at === null) return [];
  return [{ ...toPullRequest(mr, repository, ownLogin), state: 'merged', mergedAt: toInstant(mr.merged_at) }];
}
