/** A branch of the bot's own is done with when its pull request is merged: also where the bot died before it could delete it. */
import type { LaneLock } from '../../ports/lane-lock.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';

/** As of the mirror's last fetch. What somebody pushed to it since, or made of it anew, stays. */
export async function deleteMergedBranch(
  lock: LaneLock,
  { pullRequest, repository, kind }: Pick<Snapshot, 'pullRequest' | 'repository' | 'kind'>,
): Promise<void> {
  const { branch: name, sha: expected } = pullRequest.head;
  if (pullRequest.state !== 'merged' || kind === 'other') return;
  if ((await repository.mirror.branch(name)) !== expected) return;
  await repository.forge.contents.deleteBranch(lock, pullRequest.repository, { name, expected });
}
