/** Takes a pull request out of the merge queue and says why. */
import type { LeaveReason } from '../../core/queue/leave-reason.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { leaveText } from '../../text/leave-text.js';
import { enqueue, type App } from '../app.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';
import { standingStamp } from '../pull-request/standing-stamp.js';
import { tellWhoWaitsBehind } from './tell-who-waits-behind.js';
import { wordsOf, writeSticky } from '../pull-request/sticky-comment.js';

/** It does not join again by itself while it stands as it does now. */
export async function leaveMergeQueue(app: App, lock: LaneLock, snapshot: Snapshot, why: LeaveReason): Promise<void> {
  const { pullRequest, sticky } = snapshot;
  const left = leaveText(pullRequest.repository.forge, why);
  const state = { ...snapshot.state, ticket: null, left, refused: standingStamp(snapshot) };
  if (sticky === null) return;
  const { repository, number } = pullRequest;
  await tellWhoWaitsBehind(app, { repository, before: sticky.state, after: state }, () =>
    writeSticky(app, lock, pullRequest, { sticky, state, body: wordsOf(sticky) }),
  );
  await enqueue(app, { kind: 'attend', repository, number });
}
