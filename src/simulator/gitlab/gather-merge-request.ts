/** Reads what the presenters of merge requests need. */

import type { AccessLevel } from '../forge/access-level.js';
import { atLeast } from '../forge/access-level.js';
import type { Forge } from '../forge/forge.js';
import type { PullRequest, Repository, User } from '../forge/state.js';
import { accessLevelNumber } from './access-levels.js';
import { headPipeline } from './gather-pipeline.js';
import type { DetailedMergeStatus } from './merge-status.js';
import { detailedMergeStatus } from './merge-status.js';
import type { MergeRequestToPresent } from './present-merge-request.js';

interface Reader {
  readonly forge: Forge;
  readonly userOf: (login: string) => User;
}

/** A project whose only method is rebase merges by fast-forward: what is behind its target must be rebased first. */
export function mergesByFastForward(repository: Repository): boolean {
  const { mergeMethods } = repository.settings;
  return mergeMethods.length > 0 && mergeMethods.every((method) => method === 'rebase');
}

/** Whether somebody with this level may merge into the target branch at all. */
export function mayMerge(
  reader: Reader,
  repository: Repository,
  pullRequest: PullRequest,
  level: AccessLevel,
): boolean {
  const protection = reader.forge.protections.of(repository, pullRequest.baseBranch);
  if (protection === undefined) return atLeast(level, 'write');
  const needed = accessLevelNumber(protection.merge);
  return needed > 0 && accessLevelNumber(level) >= Math.max(needed, accessLevelNumber('write'));
}

export async function detailedStatusOf(
  reader: Reader,
  repository: Repository,
  pullRequest: PullRequest,
): Promise<DetailedMergeStatus> {
  const known = pullRequest.mergeability === 'clean';
  const { protections } = reader.forge;
  return detailedMergeStatus({
    pullRequest,
    pipelinesMustSucceed: repository.settings.pipelinesMustSucceed,
    headPipeline: headPipeline(reader, repository, pullRequest)?.status,
    needsRebase: known && mergesByFastForward(repository) && (await protections.isBehind(pullRequest)),
    obstacles: known ? await protections.obstacles(pullRequest, pullRequest.author) : [],
  });
}

export async function mergeRequestToPresent(
  reader: Reader,
  repository: Repository,
  pullRequest: PullRequest,
): Promise<MergeRequestToPresent> {
  const { comments } = reader.forge;
  const place = { repository: repository.fullName, number: pullRequest.number };
  const reactions = comments.reactionsTo(place);
  return {
    pullRequest,
    repository,
    source: reader.forge.state.repositories.get(pullRequest.headRepository) ?? repository,
    detailedStatus: await detailedStatusOf(reader, repository, pullRequest),
    userOf: reader.userOf,
    userNotes: comments.of(place.repository, place.number).filter((note) => !note.system).length,
    upvotes: reactions.filter((reaction) => reaction.name === 'thumbs-up').length,
    downvotes: reactions.filter((reaction) => reaction.name === 'thumbs-down').length,
  };
}
