/** Jobs that were given up: what became of a pull request's plan, and what `/retry` tries again. */
import type { PullRequest } from '../../core/forge-objects.js';
import { repositoryKey, type Instant } from '../../core/ids.js';
import type { DeadJob } from '../../ports/work-queue.js';
import type { App } from '../app.js';

/** Those about this pull request, and those about its whole repository; oldest first. */
export async function givenUpJobs(app: App, { repository, number }: PullRequest): Promise<readonly DeadJob[]> {
  const dead = await app.queue.dead();
  return dead.filter(({ subject }) => {
    const here = repositoryKey(subject.repository) === repositoryKey(repository);
    return here && (!('number' in subject) || subject.number === number);
  });
}

/** Why the plan was given up since then, or null if it was not: then somebody still works at it. */
export async function planFailureSince(app: App, pullRequest: PullRequest, since: Instant): Promise<string | null> {
  const jobs = await givenUpJobs(app, pullRequest);
  return jobs.findLast(({ subject, at }) => subject.kind === 'plan' && at >= since)?.reason ?? null;
}
