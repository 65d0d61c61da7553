/** Opens the pull request of a branch that the bot has written. */
import type { PullRequest } from '../../core/forge-objects.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';

/** Into the repository's target branch. One that is open already is returned as it is, whatever its words. */
export function openOwnPullRequest(
  lock: LaneLock,
  { forge, repository, branch: base }: Pick<ConfiguredRepository, 'forge' | 'repository' | 'branch'>,
  head: string,
  text: { readonly title: string; readonly body: string },
): Promise<PullRequest> {
  return forge.pullRequests.open(lock, { repository, head, base, labels: [], ...text });
}
