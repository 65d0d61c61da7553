/** Takes a pull request out of the merge queue and says why. */
import type { LaneLock } from '../../ports/lane-lock.js';
import { enqueue, type App } from '../app.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';
import { standingStamp } from '../pull-request/standing-stamp.js';
import { wordsOf, writeSticky } from '../pull-request/sticky-comment.js';

/** `why`: a clause after "It left the merge queue:". It does not join again by itself while it stands as it does now. */
export async function leaveMergeQueue(app: App, lock: LaneLock, snapshot: Snapshot, why: string): Promise<void> {
  const { pullRequest, sticky } = snapshot;
  const state = { ...snapshot.state, ticket: null, left: why, refused: standingStamp(snapshot) };
  if (sticky === null) return;
  await writeSticky(app, lock, pullRequest, { sticky, state, body: wordsOf(sticky) });
  await enqueue(app, { kind: 'attend', repository: pullRequest.repository, number: pullRequest.number });
}
