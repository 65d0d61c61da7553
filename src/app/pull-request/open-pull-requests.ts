/** Every open pull request of a repository that this job has read already. */
import type { PullRequest } from '../../core/forge-objects.js';
import { Unavailable } from '../../core/problem.js';
import type { ConfiguredRepository } from './gather-repository.js';

/** Rejects with `Unavailable` where the repository was taken from the bot meanwhile: the next try finds nothing to do there. */
export async function openPullRequests({
  forge,
  repository,
}: Pick<ConfiguredRepository, 'forge' | 'repository'>): Promise<readonly PullRequest[]> {
  const open = await forge.pullRequests.listOpen(repository);
  if (open === null) throw new Unavailable(`${repository.path} is not there any more`);
  return open;
}
