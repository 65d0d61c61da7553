/** Merges one entry of the queue, if it still may be: read anew, planned on the tip of now, asked of the forge once, read back. */
import type { Sha } from '../../core/ids.js';
import { repositoryKey } from '../../core/ids.js';
import type { PullRequest } from '../../core/forge-objects.js';
import { afterNotYet } from '../../core/queue/entry-standing.js';
import type { Readiness } from '../../core/standing/readiness.js';
import { unreachable } from '../../core/unreachable.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import type { MergeOutcome } from '../../ports/pull-requests.js';
import { mergeMessage, mergeTitle } from '../../text/merge-text.js';
import { enqueue, type App } from '../app.js';
import { signedMerge } from '../branch/own-merge.js';
import { bringUpToDate } from './bring-up-to-date.js';
import { announceMerge, settleAnnouncement, type PlannedMerge } from './confirm-late.js';
import { confirmMerge } from './confirm-merge.js';
import { gatherPullRequest, type Snapshot } from '../pull-request/gather-pull-request.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';
import { leaveMergeQueue } from './leave-merge-queue.js';
import { rememberMerge } from './queue-times.js';
import { reportStanding } from '../pull-request/report-checks.js';

type EntryResult =
  /** The branch stands at this commit now. `differs`: it is not what was planned, and the queue was stopped. */
  | { readonly kind: 'merged'; readonly commit: Sha; readonly tree: 'as-planned' | 'differs' }
  /** It is not to be merged now; the branch is where it was. */
  | { readonly kind: 'passed-over' }
  /** Nothing more is to be merged before everything has been looked at again. */
  | { readonly kind: 'look-again' };

type ReadySnapshot = Snapshot & { readonly readiness: Readiness & { readonly state: 'ready' } };

export async function mergeEntry(
  app: App,
  lock: LaneLock,
  reading: ConfiguredRepository,
  number: number,
): Promise<EntryResult> {
  const { mirror, branch, tip, repository } = reading;
  const snapshot = await readyEntry(app, reading, number);
  if (snapshot === null) return { kind: 'passed-over' };
  // The forge asks whether these have passed: what they say may be older than what was found now.
  await reportStanding(app, lock, snapshot, 'now');
  await mirror.fetch();
  if ((await mirror.branch(branch)) !== tip) {
    await enqueue(app, { kind: 'merge-queue', repository });
    return { kind: 'look-again' };
  }
  await announceMerge(app, reading, plannedMerge(snapshot));
  const outcome = await askForge(app, lock, snapshot);
  const result = await settleOutcome(app, lock, snapshot, outcome);
  if (outcome.kind !== 'not-yet') await settleAnnouncement(app, reading);
  return result;
}

function plannedMerge({ repository, pullRequest, readiness }: ReadySnapshot): PlannedMerge {
  const { tip, configuration } = repository;
  const { head, digest } = readiness;
  return { number: pullRequest.number, head, digest, plannedOn: tip, method: configuration.queue.method };
}

/** The entry read anew, if it may be merged this moment. */
async function readyEntry(app: App, reading: ConfiguredRepository, number: number): Promise<ReadySnapshot | null> {
  const pullRequest = await reading.forge.pullRequests.read(reading.repository, number);
  if (pullRequest === null || pullRequest.state !== 'open') return null;
  const snapshot = await gatherPullRequest(app, reading, pullRequest);
  const { readiness, state } = snapshot;
  if (readiness.state === 'ready' && state.ticket?.head === readiness.head) return { ...snapshot, readiness };
  await attendUnready(app, snapshot);
  return null;
}

/** Attending to what is not ready plans it, words why it waits, or takes it out of the queue. */
export async function attendUnready(app: App, { pullRequest, readiness, state, plan }: Snapshot): Promise<void> {
  const { repository, number } = pullRequest;
  if (state.ticket?.head !== pullRequest.head.sha || readiness.state === 'blocked' || plan === null)
    await enqueue(app, { kind: 'attend', repository, number });
}

async function askForge(app: App, lock: LaneLock, snapshot: ReadySnapshot): Promise<MergeOutcome> {
  const { pullRequest, readiness, repository } = snapshot;
  const outcome = await repository.forge.pullRequests.merge(lock, {
    repository: pullRequest.repository,
    number: pullRequest.number,
    expectedHead: readiness.head,
    method: repository.configuration.queue.method,
    title: mergeTitle(pullRequest),
    message: signedMerge(app, { repository: pullRequest.repository, onto: repository.tip }, trailersOf(snapshot)),
  });
  const log = app.log.child({ repository: repositoryKey(pullRequest.repository), pullRequest: pullRequest.number });
  log.info({ outcome: outcome.kind, head: readiness.head, digest: readiness.digest }, 'Asked the forge to merge');
  app.metrics?.mergeAsked(repository.forge.kind, outcome.kind);
  return outcome;
}

function trailersOf({ pullRequest, readiness, repository, verdict, state }: ReadySnapshot): string {
  const { digest } = readiness;
  return mergeMessage({ pullRequest, digest, plannedOn: repository.tip, verdict, ticket: state.ticket });
}

async function settleOutcome(
  app: App,
  lock: LaneLock,
  snapshot: ReadySnapshot,
  outcome: MergeOutcome,
): Promise<EntryResult> {
  const { pullRequest, state } = snapshot;
  const { repository, number } = pullRequest;
  switch (outcome.kind) {
    case 'merged':
      return afterMerge(app, lock, snapshot, outcome.commit);
    case 'head-moved':
      await enqueue(app, { kind: 'attend', repository, number });
      return { kind: 'passed-over' };
    case 'behind':
      await bringUpToDate(app, lock, snapshot);
      return { kind: 'look-again' };
    case 'not-yet': {
      const { next, retryAt } = afterNotYet(state.ticket, app.clock.now());
      await enqueue(app, { kind: 'merge-queue', repository }, retryAt);
      return { kind: next };
    }
    case 'conflict':
      await leaveMergeQueue(app, lock, snapshot, { kind: 'conflict' });
      return { kind: 'passed-over' };
    case 'not-allowed':
      await leaveMergeQueue(app, lock, snapshot, outcome);
      return { kind: 'passed-over' };
    default:
      return unreachable(outcome);
  }
}

/** Looks at everything that waited for this, tidies up the bot's own branch, and compares what the forge made with what was planned. */
async function afterMerge(app: App, lock: LaneLock, snapshot: ReadySnapshot, commit: Sha): Promise<EntryResult> {
  const { pullRequest, repository, kind } = snapshot;
  await lookAtAll(app, pullRequest);
  if (kind !== 'other') {
    const branch = { name: pullRequest.head.branch, expected: pullRequest.head.sha };
    await repository.forge.contents.deleteBranch(lock, pullRequest.repository, branch);
  }
  await rememberMerge(app, snapshot);
  const tree = await confirmMerge(app, lock, repository, { ...plannedMerge(snapshot), commit });
  return { kind: 'merged', commit, tree };
}

async function lookAtAll(app: App, { repository, number }: PullRequest): Promise<void> {
  await enqueue(app, { kind: 'attend', repository, number });
  await enqueue(app, { kind: 'sweep', repository });
}
