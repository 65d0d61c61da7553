/** I1: each merge by the bot, judged by what the forge held while the bot was at it. */
import { planChange } from '../../../src/app/plan/plan-change.js';
import { parseConfiguration } from '../../../src/config/parse-configuration.js';
import type { PullRequest } from '../../../src/simulator/forge/state.js';
import { REPOSITORY } from '../ground.js';
import { honestRenderers } from '../world/assemble-bot.js';
import type { World } from '../world/world.js';
import { unverified } from './batch-evidence.js';
import { stickyOf } from './bots-comments.js';
import type { Facts } from './forge-facts.js';
import { objections, type MergeCase } from './oracle.js';
import { overtaken } from './queue-order.js';
import type { Accuse } from './violation.js';

export interface SeenMerge {
  readonly number: number;
  /** On the target branch. */
  readonly sha: string;
}

export interface MergeEvidence {
  /** Each moment since the bot's task began. */
  readonly seen: readonly Facts[];
  readonly known: Pick<MergeCase, 'contexts' | 'spoken' | 'peoplesCommits'>;
  readonly accuse: Accuse;
  /** Every request of the bot's task has come back as the forge sent it. */
  readonly isUndisturbed: boolean;
}

export async function judgeMerge(world: World, merge: SeenMerge, evidence: MergeEvidence): Promise<void> {
  const pull = world.simulator.forge.pullRequests.get(REPOSITORY, merge.number);
  if (!pull.ok) return;
  const { accuse, seen } = evidence;
  const { headSha: head, title } = pull.value;
  const parent = world.store.commit(merge.sha).parents[0] ?? '';
  const tips = [...new Set([world.lastTip, parent])];
  const found = await leastObjections(world, { number: merge.number, head, ...evidence.known }, tips, seen);
  for (const words of found) accuse('I1', `the bot merged #${merge.number} (${title}): ${words}`);
  // Where the forge asks for nothing, no check is required.
  if (world.options.setting.rules.demands === 'checks' && !seen.some(({ green }) => green.has(head)))
    accuse('I1', `the bot merged #${merge.number} without ci/build being green on its head`);
  const stale = unverified(world, { number: merge.number, head, sha: merge.sha, tips, seen });
  if (stale !== null) accuse('I1', `the bot merged #${merge.number} (${title}): ${stale}`);
  if (stickyOf(world, merge.number)?.hold) accuse('I1', `the bot merged #${merge.number}, which is held`);
  await checkDigest(world, { pull: pull.value, sha: merge.sha, tips }, accuse);
  checkMethod(world, { pull: pull.value, sha: merge.sha, tips }, accuse);
  const first = evidence.isUndisturbed ? await overtaken(world, pull.value, { tips, ...evidence }) : null;
  if (first !== null) accuse('order', `the bot merged #${merge.number} before #${first}, one after the other`);
}

/** As the configuration says, and never in another way that the forge would take as well. */
function checkMethod(world: World, { pull, tips }: PlannedMerge, accuse: Accuse): void {
  const texts = tips.map((tip) => world.store.text(tip, '.lockkeeper.yaml') ?? '');
  const wanted = texts.map((text) => /^queue: \{ method: (\w+),/m.exec(text)?.[1]);
  const { method = '' } = pull.merge ?? {};
  if (!wanted.includes(method))
    accuse('method', `the bot merged #${pull.number} by ${method}, and was told to by ${wanted.join(', ')}`);
}

/** None if there was any moment at which all was well. */
async function leastObjections(
  world: World,
  merge: Omit<MergeCase, 'tip'>,
  tips: readonly string[],
  seen: readonly Facts[],
): Promise<readonly string[]> {
  let found: readonly string[] = ['nobody looked'];
  for (const facts of seen.toReversed())
    for (const tip of tips) {
      found = await objections(world, facts, { ...merge, tip });
      if (found.length === 0) return [];
    }
  return found;
}

interface PlannedMerge {
  readonly pull: PullRequest;
  readonly sha: string;
  readonly tips: readonly string[];
}

async function checkDigest(world: World, { pull, sha, tips }: PlannedMerge, accuse: Accuse): Promise<void> {
  const message = world.store.commit(sha).message;
  const digest = /^Lockkeeper-Plan: (\S+)$/m.exec(message)?.[1];
  if (digest === undefined) return;
  const digests = await Promise.all(tips.map((tip) => planDigest(world, tip, pull.headSha)));
  if (!digests.includes(digest))
    accuse('I1', `#${pull.number} was merged with a plan (${digest.slice(0, 12)}) that is not of its merge`);
}

/** Of a plan made afresh. */
async function planDigest(world: World, tip: string, head: string): Promise<string> {
  const text = world.store.text(tip, '.lockkeeper.yaml') ?? '';
  const parsed = parseConfiguration(text, '.lockkeeper.yaml');
  if (parsed.kind !== 'valid') return 'the configuration is broken';
  const { cache: _cache, ...planning } = { ...world.bot.app, renderers: { all: honestRenderers(), parallel: 1 } };
  const { mirror } = world;
  return (await planChange(planning, { mirror, configuration: parsed.configuration, base: tip, head })).digest;
}
