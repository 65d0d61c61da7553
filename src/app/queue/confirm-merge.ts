/**
 * Reads back what the forge made of a merge. It must be the tree that was planned. Where it is another one, the queue of that branch is
 * stopped: what reached the branch is not what was approved, and nothing more is put upon it before somebody has looked.
 */
import { repositoryKey, type Sha } from '../../core/ids.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import type { App } from '../app.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';
import { planChange } from '../plan/plan-change.js';
import { stopQueue } from './queue-stop.js';

export interface Merged {
  readonly snapshot: Snapshot;
  readonly commit: Sha;
  /** Of the plan that was approved. */
  readonly digest: string;
}

export async function confirmMerge(app: App, lock: LaneLock, merged: Merged): Promise<'as-planned' | 'differs'> {
  const { snapshot, commit } = merged;
  const { repository, pullRequest } = snapshot;
  const { mirror, tip } = repository;
  await mirror.fetch();
  const planned = await mirror.merge(tip, pullRequest.head.sha);
  const tree = await mirror.treeOf(commit);
  const log = app.log.child({
    repository: repositoryKey(pullRequest.repository),
    pullRequest: pullRequest.number,
    commit,
  });
  if (planned.kind === 'merged' && tree === planned.tree) {
    log.info({}, 'The merged tree is the planned one');
    return 'as-planned';
  }
  if (await isSamePlan(app, merged)) {
    log.warn(
      { planned: tip },
      'Somebody wrote to the branch outside the queue while this was merged: the plan is the same',
    );
    return 'as-planned';
  }
  log.error({ planned: tip }, 'The merged tree is not the planned one: the merge queue of this branch is stopped');
  await stopQueue(app, lock, repository, { pullRequest: pullRequest.number, commit, tip });
  return 'differs';
}

/** Somebody moved the branch between our look and the merge. On what stood there then, is it the plan that was approved? */
async function isSamePlan(app: App, { snapshot, commit, digest }: Merged): Promise<boolean> {
  const { repository, pullRequest } = snapshot;
  const { mirror, configuration, tip } = repository;
  const [made] = await mirror.log({ from: null, to: commit, paths: [], limit: 1, walk: 'first-parents' });
  const base = made?.parents[0];
  if (base === undefined || base === tip) return false;
  const head = pullRequest.head.sha;
  const merge = await mirror.merge(base, head);
  if (merge.kind === 'conflict' || merge.tree !== (await mirror.treeOf(commit))) return false;
  return (await planChange(app, { mirror, configuration, base, head })).digest === digest;
}
