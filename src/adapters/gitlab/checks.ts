/** Checks on GitLab are commit statuses: those of jobs, and those that others (the bot too) report from outside. */
import type { Checks } from '../../ports/checks.js';
import type { Connection } from './connection.js';
import { LARGE_PAGES } from './paging.js';
import { reportCheck } from './report-check.js';
import { latestStatuses, toCheck } from './to-check.js';

export function gitlabChecks(connection: Connection): Checks {
  const { api } = connection;
  return {
    async list(repository, sha) {
      const statuses = await api.Commits.allStatuses(repository.path, sha, { all: false, ...LARGE_PAGES });
      return [...latestStatuses(statuses).values()].map(toCheck);
    },
    /**
     * GitLab names no required checks: it demands that the pipeline succeeds, or nothing. (External status checks, which have names,
     * need its Ultimate edition and block the merge by themselves.)
     */
    async required(repository) {
      const project = await api.Projects.show(repository.path);
      return { names: [], extent: project.only_allow_merge_if_pipeline_succeeds ? 'every-reported' : 'named-only' };
    },
    report: (lock, repository, report) => reportCheck(connection, lock, { repository, report }),
  };
}
