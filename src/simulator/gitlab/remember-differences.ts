/** Differences between commits, worked out once: commits never change, and every reading of a merge request counts them. */

import type { PullRequest } from '../forge/state.js';
import type { FileDifference } from '../git/git-objects.js';
import type { GitRepository } from '../git/git-repository.js';

/** More than the merge requests of a long play; what is forgotten is only worked out again. */
const REMEMBERED = 500;

const known = new WeakMap<GitRepository, Map<string, Promise<readonly FileDifference[]>>>();

export function rememberedDifferences(
  git: GitRepository,
  from: string,
  to: string,
): Promise<readonly FileDifference[]> {
  const ofRepository = known.get(git) ?? new Map<string, Promise<readonly FileDifference[]>>();
  known.set(git, ofRepository);
  const key = `${from} ${to}`;
  const remembered = ofRepository.get(key) ?? git.differences(from, to);
  if (ofRepository.size >= REMEMBERED) ofRepository.clear();
  ofRepository.set(key, remembered);
  // A failure (git could not be started) is not worth remembering.
  remembered.catch(() => ofRepository.delete(key));
  return remembered;
}

/** What a merge request changes, against the merge base of its newest version. */
export function changesOf(git: GitRepository, pullRequest: PullRequest): Promise<readonly FileDifference[]> {
  const base = pullRequest.versions.at(-1)?.baseSha ?? pullRequest.baseSha;
  return rememberedDifferences(git, base, pullRequest.headSha);
}
