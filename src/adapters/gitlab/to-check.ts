/** GitLab's jobs and external statuses of a commit as checks. */
import type { Check, CheckState } from '../../core/forge-objects.js';

/** Of https://docs.gitlab.com/api/commits/#list-commit-statuses, which holds the jobs of all pipelines of the commit too. */
export interface StatusFacts {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly allow_failure: boolean;
  readonly description?: string | null;
  readonly target_url?: string | null;
}

/** The latest of each name: of several pipelines' jobs of one name the one made last. */
export function latestStatuses<S extends StatusFacts>(statuses: readonly S[]): ReadonlyMap<string, S> {
  const latest = new Map<string, S>();
  for (const status of statuses) {
    const known = latest.get(status.name);
    if (known === undefined || status.id > known.id) latest.set(status.name, status);
  }
  return latest;
}

export function toCheck(status: StatusFacts): Check {
  return {
    name: status.name,
    state: toCheckState(status),
    description: status.description ?? '',
    url: status.target_url ?? null,
  };
}

/**
 * A job that was skipped, or waits for a person, has not shown anything: unless it may fail it counts as not yet there. One that may
 * fail and did, or was not run, says neither yes nor no.
 */
export function toCheckState({ status, allow_failure: optional }: StatusFacts): CheckState {
  switch (status) {
    case 'success':
      return 'success';
    case 'failed':
    case 'canceled':
    case 'canceling':
      return optional ? 'neutral' : 'failure';
    case 'skipped':
    case 'manual':
      return optional ? 'neutral' : 'pending';
    default:
      return 'pending';
  }
}
