/** Gathers what a promotion's pull request tells people: versions, commits, gates and what is still missing. */
import { spelled } from '../../core/command/spelling.js';
import { targetNamed } from '../../core/environment/find-targets.js';
import { decidingRules } from '../../core/policy/deciding-rule.js';
import type { Sha, TargetName } from '../../core/ids.js';
import type { PromotionStory } from '../../text/promotion-text.js';
import type { App } from '../app.js';
import type { GatheredPromotion, PromotionGround } from './gather-promotion.js';
import { versionAt } from './version-at.js';

export async function tellPromotion(
  app: App,
  ground: PromotionGround,
  gathered: GatheredPromotion,
  askedBy: string | null,
): Promise<PromotionStory> {
  const { facts, commits } = gathered;
  const { sourceCommit, gates } = facts;
  if (sourceCommit === null || gates === null || facts.carried.kind !== 'changes') {
    throw new Error('A promotion without a source is never carried');
  }
  const { forge, facts: repository, configuration } = ground.repository;
  return {
    source: facts.source,
    destination: facts.destination,
    from: await versionNow(app, ground, facts.destination),
    to: await versionNow(app, ground, facts.source, gathered.pin),
    sourceCommit,
    commits,
    gates,
    files: facts.carried.changes.map((change) => change.path),
    merge: facts.rules.merge,
    rules: decidingRules(configuration.policy.rules, facts.destination),
    askedBy,
    mergeCommand: spelled('merge', { forge: forge.kind, bot: (await forge.people.self()).login }),
    commitUrl: (sha) => forge.commitUrl(repository, sha),
  };
}

/** The version a target declares on the branch now, or with the commit `pin`; null where it can't be rendered or names no image. */
async function versionNow(
  app: App,
  ground: PromotionGround,
  name: TargetName,
  pin: Sha | null = null,
): Promise<string | null> {
  const target = targetNamed(ground.targets, name);
  return target === null ? null : versionAt(app, ground.repository, target, pin ?? ground.repository.tip);
}
