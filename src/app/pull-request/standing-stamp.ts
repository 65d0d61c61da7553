/** Recognises a pull request that stands as it stood when the forge refused to merge it. */
import { createHash } from 'node:crypto';
import { joining, type Joining } from '../../core/queue/decide-ticket.js';
import { checksOfOthers } from '../../core/standing/readiness.js';
import type { Snapshot } from './gather-pull-request.js';

export function joiningOf(snapshot: Snapshot): Joining {
  return joining({ ...snapshot, stamp: standingStamp(snapshot) });
}

/** Equal while its head, its base, its reviews and the checks of others are: the forge would refuse again. */
export function standingStamp({ pullRequest, repository, reviews, checks }: Snapshot): string {
  const words = reviews.map((review) => [review.person.login, review.state, review.at]);
  const others = checksOfOthers(checks).map(({ name, state }) => [name, state]);
  const standing = JSON.stringify([pullRequest.head.sha, repository.tip, words, others.toSorted()]);
  return createHash('sha256').update(standing).digest('base64url').slice(0, 22);
}
