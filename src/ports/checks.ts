/** Checks on commits: read all kinds (check runs, statuses, pipeline jobs), write ours. */
import type { Check, CheckState, RequiredChecks } from '../core/forge-objects.js';
import type { RepositoryId, Sha } from '../core/ids.js';
import type { LaneLock } from './lane-lock.js';
import type { Written } from './pull-requests.js';

export interface CheckReport {
  readonly sha: Sha;
  /** `lockkeeper/plan`, `lockkeeper/policy`. */
  readonly name: string;
  readonly state: CheckState;
  /** One line, at most 140 characters. */
  readonly title: string;
  /** Markdown; left out where the forge has only statuses. */
  readonly summary: string;
  /** Where a person reads more, or null. */
  readonly url: string | null;
  /** Machine-readable binding (the plan digest), where the forge can hold one. */
  readonly externalId: string;
  /** A merge is about to be sent that may hinge on it. */
  readonly ahead?: 'merge';
}

export interface Checks {
  /** The latest of each name. */
  list(repository: RepositoryId, sha: Sha): Promise<readonly Check[]>;
  required(repository: RepositoryId, branch: string): Promise<RequiredChecks>;
  /** Writes only if something differs from what stands there. New words for the same state, and the first "pending", may be put off. */
  report(lock: LaneLock, repository: RepositoryId, report: CheckReport): Promise<Written>;
}
