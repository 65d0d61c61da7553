/** Merge groups that nobody told of: those at the head of GitHub's queue, which can be found by name. */
import { firstGroupBranch } from '../../core/merge-group/group-branch.js';
import { enqueue, type App } from '../app.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';

/** `numbers`: of pull requests. Groups further back come to the head of the queue in their turn. */
export async function findGroups(
  app: App,
  { mirror, repository, branch, tip }: ConfiguredRepository,
  numbers: readonly number[],
): Promise<void> {
  if (repository.forge !== 'github') return;
  for (const number of numbers) {
    const group = firstGroupBranch({ base: branch, number }, tip);
    if ((await mirror.branch(group)) !== null) await enqueue(app, { kind: 'merge-group', repository, branch: group });
  }
}
