/** Gathers what a promotion's pull request tells people: versions, commits, gates and what is still missing. */
import { spelled } from '../core/command/spelling.js';
import { versionOf } from '../core/plan/images.js';
import type { Target } from '../core/environment/find-targets.js';
import { decidingRules } from '../core/policy/deciding-rule.js';
import type { TargetName } from '../core/ids.js';
import type { PromotionStory } from '../text/promotion-text.js';
import type { App } from './app.js';
import type { GatheredPromotion, PromotionGround } from './gather-promotion.js';
import { renderTargets } from './render-targets.js';
import { gatherInputs, readSide } from './target-inputs.js';

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
    from: await versionAt(app, ground, facts.destination),
    to: await versionAt(app, ground, facts.source),
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

/** The version a target declares on the branch now; null where it can't be rendered or names no image. */
async function versionAt(app: App, ground: PromotionGround, name: TargetName): Promise<string | null> {
  const { mirror, tip, configuration } = ground.repository;
  const target = ground.targets.find((each: Target) => each.name.app === name.app && each.name.env === name.env);
  if (target === undefined) return null;
  const side = await readSide({ mirror, configuration }, await mirror.treeOf(tip));
  const after = await gatherInputs(app.renderers.all, side, target);
  const [rendered] = await renderTargets(app, [{ target, before: null, after }]);
  return versionOf(rendered?.rendering?.after.flatMap((resource) => resource.images) ?? []);
}
