/** Checks on GitLab are commit statuses: those of jobs, and those that others (the bot too) report from outside. */
import type { Checks } from '../../ports/checks.js';
import type { Connection } from './connection.js';
import type { ListedStatuses } from './listed-statuses.js';
import { LARGE_PAGES } from './paging.js';
import { reportCheck } from './report-check.js';
import { latestStatuses, toCheck } from './to-check.js';

/** `listed`: of the job that it is for; null where every report is to look for itself. */
export function gitlabChecks(connection: Connection, listed: ListedStatuses | null): Checks {
  const { api, project: projectOf } = connection;
  return {
    async list(repository, sha) {
      const statuses = await api.Commits.allStatuses(repository.path, sha, { all: false, ...LARGE_PAGES });
      const latest = latestStatuses(statuses);
      listed?.note(repository, sha, latest);
      return [...latest.values()].map(toCheck);
    },
    /**
     * GitLab names no required checks: it demands that the pipeline succeeds, or nothing. (External status checks, which have names,
     * need its Ultimate edition and block the merge by themselves.)
     */
    async required(repository) {
      const project = await projectOf(repository);
      return { names: [], extent: project.only_allow_merge_if_pipeline_succeeds ? 'every-reported' : 'named-only' };
    },
    report: (lock, repository, report) =>
      reportCheck(connection, lock, { repository, report, listed: listed?.of(repository, report.sha) ?? null }),
  };
}
