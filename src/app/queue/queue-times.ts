/** How long merging took here lately: measured, kept in the cache, and shown as an estimate that is no promise. */
import { repositoryKey, type RepositoryId } from '../../core/ids.js';
import type { App } from '../app.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';

/** So many merges are remembered; with fewer than {@link ENOUGH} nothing is estimated. */
const REMEMBERED = 25;
const ENOUGH = 3;

/** From joining to being merged. */
export async function rememberMerge(app: App, { pullRequest, state }: Snapshot): Promise<void> {
  if (state.ticket === null) return;
  const times = [...(await timesOf(app, pullRequest.repository)), app.clock.now() - state.ticket.at];
  await app.cache.put(keyOf(pullRequest.repository), JSON.stringify(times.slice(-REMEMBERED)));
}

/** In ms; null while too little was measured. */
export async function medianWait(app: App, repository: RepositoryId): Promise<number | null> {
  const times = [...(await timesOf(app, repository))].sort((a, b) => a - b);
  return times.length < ENOUGH ? null : (times[Math.floor(times.length / 2)] ?? null);
}

async function timesOf(app: App, repository: RepositoryId): Promise<readonly number[]> {
  const text = await app.cache.get(keyOf(repository));
  return text === null ? [] : (JSON.parse(text) as readonly number[]);
}

function keyOf(repository: RepositoryId): string {
  return `queue-times/1/${repositoryKey(repository)}`;
}
