/**
 * Reads back the last merge of a branch that nobody has read back yet: the process ended right after it, or the forge carried it out
 * after it had said that it would not. A crash leaves one such merge at most, for this comes before anything else is merged.
 *
 * What was planned is told by the trailers of the commit itself, so that it is known without the bot's data. A rebase leaves no word of
 * the bot's on the branch: for those it is written into the store before the forge is asked.
 */
import { repositoryKey, type Sha } from '../../core/ids.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { MERGE_TRAILERS } from '../../text/merge-text.js';
import type { App } from '../app.js';
import { trailerValues } from '../branch/own-branch.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';
import { isCompared } from './compared-merges.js';
import { confirmMerge, type Confirmation, type Merged } from './confirm-merge.js';

/** People may have pushed so many commits on top of it since. */
const MOST_ABOVE = 20;

/** What the forge is about to be asked for. */
export type PlannedMerge = Omit<Merged, 'commit'>;

/** Before the forge is asked to merge. */
export async function announceMerge(app: App, repository: ConfiguredRepository, planned: PlannedMerge): Promise<void> {
  if (planned.method === 'rebase') await app.cache.put(announcedKey(repository), JSON.stringify(planned));
}

/** Once it is known what became of it. */
export async function settleAnnouncement(app: App, repository: ConfiguredRepository): Promise<void> {
  if (repository.configuration.queue.method === 'rebase') await app.cache.put(announcedKey(repository), 'null');
}

/** Null: nothing was left to be read back. */
export async function confirmLate(
  app: App,
  lock: LaneLock,
  repository: ConfiguredRepository,
): Promise<Confirmation | null> {
  const merged = (await announced(app, repository)) ?? (await told(repository));
  if (merged === null || (await isCompared(app, repository.repository, merged.commit))) return null;
  const { forge } = repository;
  const pullRequest = await forge.pullRequests.read(repository.repository, merged.number);
  // Anyone who may push can write such trailers; what the forge did not merge is no merge of the bot's.
  if (pullRequest?.mergeCommit !== merged.commit || pullRequest.head.sha !== merged.head) return null;
  const place = { repository: repositoryKey(repository.repository), pullRequest: merged.number };
  app.log.info({ ...place, commit: merged.commit }, 'A merge is read back that was not before');
  return confirmMerge(app, lock, repository, merged);
}

/** The rebase that the forge was asked for last, if it has come about. */
async function announced(app: App, repository: ConfiguredRepository): Promise<Merged | null> {
  const planned = JSON.parse((await app.cache.get(announcedKey(repository))) ?? 'null') as PlannedMerge | null;
  if (planned === null) return null;
  const read = await repository.forge.pullRequests.read(repository.repository, planned.number);
  if (read === null || read.mergeCommit === null || read.head.sha !== planned.head) return null;
  return { ...planned, commit: read.mergeCommit };
}

/** By the trailers of the newest merge that has some. */
async function told({ mirror, tip }: ConfiguredRepository): Promise<Merged | null> {
  const line = await mirror.log({ from: null, to: tip, paths: [], limit: MOST_ABOVE, walk: 'first-parents' });
  for (const { sha, message, parents } of line) {
    const value = (key: keyof typeof MERGE_TRAILERS): Sha | null =>
      trailerValues(message, MERGE_TRAILERS[key]).at(-1) ?? null;
    const [head, digest, number] = [value('head'), value('digest'), /\/(\d+)$/.exec(value('pullRequest') ?? '')?.[1]];
    if (head === null || digest === null || number === undefined) continue;
    const method = parents.length > 1 ? 'merge' : 'squash';
    return { number: Number(number), head, digest, plannedOn: value('plannedOn'), commit: sha, method };
  }
  return null;
}

function announcedKey({ repository, branch }: ConfiguredRepository): string {
  return `merge-announced/1/${repositoryKey(repository)}/${branch}`;
}
