/** What the queue's last round saw of each entry, in the cache: lost with it, and then one round more is made. */
import { entryStamp } from '../../core/queue/entry-stamp.js';
import { repositoryKey } from '../../core/ids.js';
import type { App } from '../app.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';

/** Once the round is over. */
export async function rememberSeen(app: Pick<App, 'cache'>, snapshot: Snapshot): Promise<void> {
  await app.cache.put(keyOf(snapshot), stampOf(snapshot) ?? '');
}

/** Whether a round has seen it stand just so, and could do nothing for it. */
export async function isSeen(app: Pick<App, 'cache'>, snapshot: Snapshot): Promise<boolean> {
  const stamp = stampOf(snapshot);
  return stamp !== null && stamp === (await app.cache.get(keyOf(snapshot)));
}

function stampOf(snapshot: Snapshot): string | null {
  return entryStamp({ ...snapshot, tip: snapshot.repository.tip, head: snapshot.pullRequest.head.sha });
}

function keyOf({ pullRequest: { repository, number } }: Snapshot): string {
  return `queue-seen/1/${repositoryKey(repository)}#${number}`;
}
