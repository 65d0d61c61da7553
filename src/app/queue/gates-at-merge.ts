/** Judges the gates of an open promotion once more when its turn to be merged comes: what passed when it was opened may have failed since. */
import { promotionBranch } from '../../core/branch-names.js';
import type { PullRequest } from '../../core/forge-objects.js';
import type { GateResult } from '../../core/promotion/gates.js';
import type { App } from '../app.js';
import { gatherPromotion, gatherPromotionGround } from '../promotion/gather-promotion.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';

/**
 * Null for what is no promotion, and for one that its source has gone past: its gates are judged when it is renewed, and what speaks of
 * the newer commit says nothing of what it carries. `open`: every open pull request.
 */
export async function gatesAtMerge(
  app: App,
  { kind, plan, pullRequest, repository }: Snapshot,
  open: readonly PullRequest[],
): Promise<GateResult | null> {
  if (kind !== 'promotion' || plan === null) return null;
  const destination = plan.targets
    .map(({ target }) => target)
    .find((target) => promotionBranch(target) === pullRequest.head.branch);
  if (destination === undefined) return null;
  const ground = await gatherPromotionGround(repository, open);
  const { facts } = await gatherPromotion(app, ground, destination, { asked: 'asked', version: null });
  return facts.open?.content === 'current' ? facts.gates : null;
}
