/**
 * Reads back what the forge made of a merge. It must be the tree that was planned. Where it is another one, the queue of that branch is
 * stopped: what reached the branch is not what was approved, and nothing more is put upon it before somebody has looked.
 */
import { repositoryKey, type Sha } from '../../core/ids.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import type { Mirror } from '../../ports/repository.js';
import type { App } from '../app.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';
import { planChange } from '../plan/plan-change.js';
import { rememberCompared } from './compared-merges.js';
import { stopQueue } from './queue-stop.js';

export interface Merged {
  readonly number: number;
  readonly head: Sha;
  /** Of the plan that was approved. */
  readonly digest: string;
  /** The tip of the target branch that it was planned on; null where an older version merged it and did not say. */
  readonly plannedOn: Sha | null;
  /** Where the target branch stood with the merge. */
  readonly commit: Sha;
  /** How it came there: a rebase puts as many commits there as the head has. */
  readonly method: 'merge' | 'squash' | 'rebase';
}

export type Confirmation = 'as-planned' | 'differs';

/** Fetches first. */
export async function confirmMerge(
  app: App,
  lock: LaneLock,
  repository: ConfiguredRepository,
  merged: Merged,
): Promise<Confirmation> {
  const { number, commit, plannedOn } = merged;
  const { mirror } = repository;
  await mirror.fetch();
  const log = app.log.child({ repository: repositoryKey(repository.repository), pullRequest: number, commit });
  if (plannedOn !== null && (await isMergeOnto(mirror, plannedOn, merged))) {
    log.info({}, 'The merged tree is the planned one');
    await rememberCompared(app, repository.repository, commit);
    return 'as-planned';
  }
  if (await isSamePlan(app, repository, merged)) {
    log.warn(
      { planned: plannedOn },
      'Somebody wrote to the branch outside the queue while this was merged: the plan is the same',
    );
    await rememberCompared(app, repository.repository, commit);
    return 'as-planned';
  }
  log.error(
    { planned: plannedOn },
    'The merged tree is not the planned one: the merge queue of this branch is stopped',
  );
  // Remembered last: until then a crash has it compared once more.
  await stopQueue(app, lock, repository, { pullRequest: number, commit, tip: plannedOn });
  await rememberCompared(app, repository.repository, commit);
  return 'differs';
}

async function isMergeOnto(mirror: Mirror, base: Sha, { head, commit }: Merged): Promise<boolean> {
  const planned = await mirror.merge(base, head);
  return planned.kind === 'merged' && planned.tree === (await mirror.treeOf(commit));
}

/** Somebody moved the branch between our look and the merge. On what stood there then, is it the plan that was approved? */
async function isSamePlan(app: App, repository: ConfiguredRepository, merged: Merged): Promise<boolean> {
  const { mirror, configuration } = repository;
  const base = await stoodBefore(mirror, merged);
  if (base === null || base === merged.plannedOn || !(await isMergeOnto(mirror, base, merged))) return false;
  return (await planChange(app, { mirror, configuration, base, head: merged.head })).digest === merged.digest;
}

/** What the branch held before the merge; null where its history does not say. */
async function stoodBefore(mirror: Mirror, merged: Merged): Promise<Sha | null> {
  const steps = merged.method === 'rebase' ? await countRebased(mirror, merged) : 1;
  const line = await mirror.log({ from: null, to: merged.commit, paths: [], limit: steps, walk: 'first-parents' });
  return line.length === steps ? (line.at(-1)?.parents[0] ?? null) : null;
}

const MOST_REBASED = 250;

/** Commits that a rebase puts on the branch: it leaves merges out. */
async function countRebased(mirror: Mirror, { head, plannedOn }: Merged): Promise<number> {
  const range = { from: plannedOn, to: head, paths: [], limit: MOST_REBASED } as const;
  const commits = await mirror.log({ ...range, walk: 'every-commit' });
  return Math.max(1, commits.filter(({ parents }) => parents.length < 2).length);
}
