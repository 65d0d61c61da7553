/** What `queue.parallel: off` promises: nobody is merged while one who joined earlier only waits for checks. */
import type { PullRequest } from '../../../src/simulator/forge/state.js';
import { REPOSITORY } from '../ground.js';
import type { World } from '../world/world.js';
import { membersOf } from './batch-evidence.js';
import { stickyOf } from './bots-comments.js';
import { batchesOf, type Facts } from './forge-facts.js';
import { objections, type MergeCase } from './oracle.js';

/** In ms: who waits longer holds up nobody. */
const PATIENCE = 60 * 60 * 1000;

export interface OrderEvidence {
  /** The target branch as it may have been when the merge was planned. */
  readonly tips: readonly string[];
  /** Each moment since the bot's task began. */
  readonly seen: readonly Facts[];
  readonly known: Pick<MergeCase, 'contexts' | 'spoken' | 'peoplesCommits'>;
}

/**
 * The number of one that was passed over, or null. Only the plainest cases are judged, so that nobody is accused who could not know: both are
 * of people, both joined in turn, and at each of these moments the first was on the tip, allowed, and neither green nor red.
 */
export async function overtaken(world: World, merged: PullRequest, evidence: OrderEvidence): Promise<number | null> {
  const own = ticketOf(world, merged);
  if (own === null || !evidence.tips.every((tip) => isSerial(world, tip))) return null;
  // A batch that was made before the other joined is merged when it has passed.
  if (batchesOf(world).some((batch) => membersOf(world, batch).some(({ number }) => number === merged.number)))
    return null;
  for (const pull of world.simulator.forge.pullRequests.of(REPOSITORY)) {
    const ticket = pull.state === 'open' && isPlain(world, pull) ? ticketOf(world, pull) : null;
    if (ticket === null || ticket.at >= own.at || ticket.at + PATIENCE <= world.clock.now()) continue;
    if (await onlyWaits(world, pull, evidence)) return pull.number;
  }
  return null;
}

function isSerial({ store }: World, tip: string): boolean {
  return store.text(tip, '.lockkeeper.yaml')?.includes('parallel: off') === true;
}

/** In turn, for this head. */
function ticketOf(world: World, pull: PullRequest): { readonly at: number } | null {
  const state = pull.author === world.botLogin ? null : stickyOf(world, pull.number);
  if (state?.ticket?.head !== pull.headSha || state.hold !== null) return null;
  return state.ticket.urgency === 'now' ? null : state.ticket;
}

/** Of the repository itself, and not about how it is judged. */
function isPlain({ store, lastTip }: World, { headRepository, headSha }: PullRequest): boolean {
  if (headRepository !== REPOSITORY || !store.isAncestor(lastTip, headSha)) return false;
  return store.changedPaths(lastTip, headSha).every((path) => path.startsWith('apps/'));
}

async function onlyWaits(
  world: World,
  { number, headSha: head }: PullRequest,
  evidence: OrderEvidence,
): Promise<boolean> {
  if (world.options.setting.rules.demands === 'none') return false;
  const { seen, known, tips } = evidence;
  if (seen.some(({ green, red }) => green.has(head) || red.has(head))) return false;
  for (const facts of seen)
    for (const tip of tips)
      if ((await objections(world, facts, { number, head, tip, ...known })).length > 0) return false;
  return true;
}
