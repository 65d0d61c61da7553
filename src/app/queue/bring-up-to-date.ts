/** Brings the head of the queue up to date with its target branch, where the forge merges nothing else. */
import type { PullRequest } from '../../core/forge-objects.js';
import { repositoryKey, type Instant } from '../../core/ids.js';
import { Unavailable } from '../../core/problem.js';
import { unreachable } from '../../core/unreachable.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import type { UpdateOutcome } from '../../ports/pull-requests.js';
import { enqueue, type App } from '../app.js';
import { changesBetween } from '../branch/changes-between.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';
import { leaveMergeQueue } from './leave-merge-queue.js';
import { trailerLines } from '../branch/own-branch.js';
import { writeBranch } from '../branch/write-branch.js';

export async function bringUpToDate(app: App, lock: LaneLock, snapshot: Snapshot): Promise<void> {
  const { pullRequest, repository, kind } = snapshot;
  const outcome =
    kind === 'other'
      ? await repository.forge.pullRequests.bringUpToDate(lock, pullRequest, repository.configuration.queue.rebase)
      : await remakeOwn(app, lock, snapshot);
  const log = app.log.child({ repository: repositoryKey(pullRequest.repository), pullRequest: pullRequest.number });
  log.info({ outcome: outcome.kind, tip: repository.tip }, 'Brought the head of the queue up to date');
  switch (outcome.kind) {
    case 'asked':
      // The forge tells when it has done it; should that get lost, this is the next look.
      return lookAgain(app, pullRequest, app.clock.now() + NEXT_LOOK);
    case 'head-moved':
      return lookAgain(app, pullRequest);
    case 'conflict':
      return leaveMergeQueue(app, lock, snapshot, { kind: 'conflict' });
    case 'only-rebase':
      return leaveMergeQueue(app, lock, snapshot, outcome);
    case 'not-allowed':
      return leaveMergeQueue(app, lock, snapshot, { kind: 'behind', reason: outcome.reason });
    default:
      return unreachable(outcome);
  }
}

/** In ms. */
const NEXT_LOOK = 5000;

function lookAgain(app: App, { repository, number }: PullRequest, notBefore?: Instant): Promise<void> {
  return enqueue(app, { kind: 'attend', repository, number }, notBefore);
}

/** The bot's own branch is made anew on the tip, as one signed commit: with a merge on it, it would not be the bot's own any more. */
async function remakeOwn(app: App, lock: LaneLock, { pullRequest, repository }: Snapshot): Promise<UpdateOutcome> {
  const { mirror, tip } = repository;
  const { branch, sha } = pullRequest.head;
  const merged = await mirror.merge(tip, sha);
  if (merged.kind === 'conflict') return { kind: 'conflict' };
  const [made] = await mirror.log({ from: null, to: sha, paths: [], limit: 1, walk: 'first-parents' });
  const written = await writeBranch(app, lock, repository, {
    branch,
    changes: await changesBetween(mirror, tip, merged.tree),
    message: made?.subject ?? pullRequest.title,
    trailers: trailerLines(made?.message ?? ''),
  });
  if (written.kind === 'moved') throw new Unavailable(`${branch} moved while it was written`);
  return written.kind === 'touched' ? { kind: 'head-moved' } : { kind: 'asked' };
}
