/** What one job was told of commits' statuses, so that reporting asks for none of them again. Only the lane's holder writes the bot's own. */
import type { RepositoryId, Sha } from '../../core/ids.js';
import type { StatusFacts } from './to-check.js';

/** Where a status goes: an existing pipeline of the commit, and the branch for which GitLab is to make one. */
export interface StatusPlace {
  readonly pipelineId?: number;
  readonly ref?: string;
}

export interface ListedCommit {
  /** The latest of each name. */
  readonly statuses: ReadonlyMap<string, StatusFacts>;
  /** Names whose status was sent since: what is listed of them is no longer so. */
  readonly sent: Set<string>;
  /** Where a status of this job went, for the next one that has none to follow. */
  place: StatusPlace | null;
}

export class ListedStatuses {
  readonly #commits = new Map<string, ListedCommit>();

  note(repository: RepositoryId, sha: Sha, statuses: ReadonlyMap<string, StatusFacts>): void {
    this.#commits.set(`${repository.path}@${sha}`, { statuses, sent: new Set(), place: null });
  }

  /** Null: nobody asked. */
  of(repository: RepositoryId, sha: Sha): ListedCommit | null {
    return this.#commits.get(`${repository.path}@${sha}`) ?? null;
  }
}
