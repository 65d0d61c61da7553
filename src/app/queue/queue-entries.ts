/** The merge queues of a repository, one for each target branch, as the signed tickets in the bot's comments say: there is no other list. */
import type { PullRequestKind } from '../../core/configuration.js';
import type { Comment, Person, PullRequest } from '../../core/forge-objects.js';
import { targetKey, type Sha } from '../../core/ids.js';
import type { Target } from '../../core/environment/find-targets.js';
import { isBelow } from '../../core/plan/affected.js';
import type { Closure } from '../../core/plan/dependencies/closure.js';
import { entryStanding, patienceWith } from '../../core/queue/entry-standing.js';
import type { TicketFacts } from '../../core/queue/decide-ticket.js';
import { orderQueue } from '../../core/queue/order-queue.js';
import type { RoundEntry } from '../../core/queue/plan-round.js';
import { isRule, movedUnder, type Touches } from '../../core/queue/touches.js';
import type { GateResult } from '../../core/promotion/gates.js';
import type { Ticket } from '../../core/standing/sticky-state.js';
import type { Forge } from '../../ports/forge.js';
import type { App } from '../app.js';
import { gatesAtMerge } from './gates-at-merge.js';
import { headMove } from './head-move.js';
import { presumeMembers } from './presume-members.js';
import { gatherKind } from '../pull-request/gather-kind.js';
import { gatherPullRequest, type Snapshot } from '../pull-request/gather-pull-request.js';
import { gatherRepository, targetsAt, type ConfiguredRepository } from '../pull-request/gather-repository.js';
import { readSticky } from '../pull-request/sticky-comment.js';
import { gatherInputs, readSide } from '../plan/target-inputs.js';
import type { Attempts } from '../intake/attempts.js';

interface Queued {
  readonly number: number;
  readonly kind: PullRequestKind;
  readonly ticket: Ticket;
  readonly pullRequest: PullRequest;
  readonly comments: readonly Comment[];
}

export interface Queue {
  readonly reading: ConfiguredRepository;
  /** In order. */
  readonly entries: readonly Queued[];
  /** Every open pull request of the repository. */
  readonly open: readonly PullRequest[];
}

/** `open`: every open pull request. */
export async function gatherQueues(
  app: App,
  reading: ConfiguredRepository,
  { open, attempts }: { readonly open: readonly PullRequest[]; readonly attempts: Attempts },
): Promise<readonly Queue[]> {
  const { forge, repository } = reading;
  const self = await forge.people.self();
  const waiting: Omit<Queued, 'kind'>[] = [];
  for (const pullRequest of open) {
    const found = await attempts.make(() => findTicket(app, pullRequest, { forge, self }));
    if (found !== null) waiting.push(found);
  }
  const queues: Queue[] = [];
  for (const branch of new Set([reading.branch, ...waiting.map(({ pullRequest }) => pullRequest.base)])) {
    const base = branch === reading.branch ? reading : await gatherRepository(app, repository, branch);
    if (base.kind !== 'configured') continue;
    const entries: Queued[] = [];
    for (const entry of waiting.filter((each) => each.pullRequest.base === branch))
      entries.push({ ...entry, kind: await gatherKind(app, base, entry.pullRequest, self) });
    queues.push({ reading: base, entries: orderQueue(entries, base.configuration.queue.order), open });
  }
  return queues;
}

async function findTicket(
  app: App,
  pullRequest: PullRequest,
  { forge, self }: { readonly forge: Forge; readonly self: Person },
): Promise<Omit<Queued, 'kind'> | null> {
  const comments = await forge.comments.list(pullRequest.repository, pullRequest.number);
  const ticket = readSticky(app, pullRequest, { comments, self })?.state.ticket ?? null;
  return ticket === null ? null : { number: pullRequest.number, ticket, pullRequest, comments };
}

/** An entry with what a round has to know of it. Nothing is merged on this: what comes to its turn is read anew (merge-entry.ts). */
export interface StandingEntry extends Queued {
  readonly snapshot: Snapshot;
  readonly standing: RoundEntry;
  /** Of a promotion, where they have not passed; null for all else. */
  readonly gates: GateResult | null;
  /** What became of its head since its ticket was given. */
  readonly headMove: TicketFacts['headMove'];
}

export async function gatherStanding(app: App, { reading, open }: Queue, entry: Queued): Promise<StandingEntry> {
  const { pullRequest } = entry;
  const snapshot = await gatherPullRequest(app, reading, pullRequest, entry);
  const touches = await gatherTouches(app, snapshot);
  const own = entryStanding({ ...snapshot, head: pullRequest.head.sha, ticket: snapshot.state.ticket });
  const judged = own === 'ready' ? await gatesAtMerge(app, snapshot, open) : null;
  const gates = judged === null || judged.state === 'passed' ? null : judged;
  const base = await reading.mirror.mergeBase(reading.tip, pullRequest.head.sha);
  const moved = base === null ? [] : await reading.mirror.changedPaths(base, reading.tip);
  const isStale = base === null || movedUnder(touches, moved);
  const standing: RoundEntry = {
    number: entry.number,
    head: pullRequest.head.sha,
    touches,
    standing: gates === null ? own : 'waiting',
    evidence: isStale && !(await bringsNothing(reading, pullRequest.head.sha)) ? 'stale' : 'fresh',
    consent: snapshot.reviews.some(({ state }) => state === 'approved') ? 'of-this-plan' : 'none-needed',
    patience: patienceWith(entry.ticket, app.clock.now()),
  };
  const { sha } = pullRequest.head;
  const move = await headMove(reading.mirror, { from: entry.ticket.head, to: sha, tip: reading.tip });
  return { ...entry, snapshot, standing, gates, headMove: move };
}

/** The branch holds all of it already: nothing is left for checks to speak of. */
async function bringsNothing({ mirror, tip }: ConfiguredRepository, head: Sha): Promise<boolean> {
  const { commit, merged } = await presumeMembers(mirror, tip, [{ number: 0, head }]);
  return merged.length > 0 && (await mirror.changedPaths(tip, commit)).length === 0;
}

/** By its plan; by the directories its files lie in while it is planned anew. */
async function gatherTouches(app: App, { repository, pullRequest, plan }: Snapshot): Promise<Touches> {
  const { mirror, tip, configuration } = repository;
  const { sha } = pullRequest.head;
  const base = (await mirror.has(sha)) ? await mirror.mergeBase(tip, sha) : null;
  if (base === null) return { kind: 'everything' };
  const files = await mirror.changedPaths(base, sha);
  const targets = await targetsAt(mirror, sha, configuration);
  const owners = targets.filter(({ directory }) => files.some((file) => isBelow(file, directory)));
  const isShared = (file: string) => !owners.some(({ directory }) => isBelow(file, directory));
  if (files.some(isRule) || (plan === null && files.some(isShared))) return { kind: 'everything' };
  const planned = plan === null ? owners : affectedBy(plan.targets, targets);
  return {
    kind: 'known',
    targets: planned.map(({ name }) => targetKey(name)),
    files,
    reads: await closuresOf(app, repository, { tree: sha, targets: planned }),
  };
}

function affectedBy(plans: readonly { readonly directory: string }[], targets: readonly Target[]): readonly Target[] {
  return targets.filter(({ directory }) => plans.some((plan) => plan.directory === directory));
}

/** What the targets are made of: as they will be, and their own directories. */
async function closuresOf(
  app: App,
  { mirror, configuration }: ConfiguredRepository,
  { tree, targets }: { readonly tree: Sha; readonly targets: readonly Target[] },
): Promise<readonly Closure[]> {
  const side = await readSide({ mirror, configuration }, await mirror.treeOf(tree));
  const closures = await Promise.all(
    targets.map(async (target) => {
      const inputs = await gatherInputs(app.renderers.all, side, target);
      const own: Closure = { paths: new Set(), directories: new Set([target.directory]) };
      return inputs === null ? [own] : [own, inputs.closure];
    }),
  );
  return closures.flat();
}
