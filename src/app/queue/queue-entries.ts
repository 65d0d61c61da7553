/** The merge queues of a repository, one for each target branch, as the signed tickets in the bot's comments say: there is no other list. */
import type { PullRequestKind } from '../../core/configuration.js';
import type { Person, PullRequest } from '../../core/forge-objects.js';
import { targetKey, type Sha } from '../../core/ids.js';
import type { Target } from '../../core/environment/find-targets.js';
import { isBelow } from '../../core/plan/affected.js';
import type { Closure } from '../../core/plan/dependencies/closure.js';
import { entryStanding, patienceWith } from '../../core/queue/entry-standing.js';
import { orderQueue } from '../../core/queue/order-queue.js';
import type { RoundEntry } from '../../core/queue/plan-round.js';
import { isRule, movedUnder, type Touches } from '../../core/queue/touches.js';
import type { GateResult } from '../../core/promotion/gates.js';
import type { Ticket } from '../../core/standing/sticky-state.js';
import type { App } from '../app.js';
import { gatesAtMerge } from './gates-at-merge.js';
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
}

export interface Queue {
  readonly reading: ConfiguredRepository;
  /** In order. */
  readonly entries: readonly Queued[];
}

export async function gatherQueues(
  app: App,
  reading: ConfiguredRepository,
  attempts: Attempts,
): Promise<readonly Queue[]> {
  const { forge, repository } = reading;
  const self = await forge.people.self();
  const waiting: { pullRequest: PullRequest; ticket: Ticket }[] = [];
  for (const pullRequest of await forge.pullRequests.listOpen(repository)) {
    const ticket = await attempts.make(() => ticketOf(app, pullRequest, self));
    if (ticket !== null) waiting.push({ pullRequest, ticket });
  }
  const queues: Queue[] = [];
  for (const branch of new Set([reading.branch, ...waiting.map(({ pullRequest }) => pullRequest.base)])) {
    const base = branch === reading.branch ? reading : await gatherRepository(app, repository, branch);
    if (base.kind !== 'configured') continue;
    const entries: Queued[] = [];
    for (const { pullRequest, ticket } of waiting.filter((each) => each.pullRequest.base === branch)) {
      const kind = await gatherKind(app, base, pullRequest, self);
      entries.push({ number: pullRequest.number, kind, ticket, pullRequest });
    }
    queues.push({ reading: base, entries: orderQueue(entries, base.configuration.queue.order) });
  }
  return queues;
}

async function ticketOf(app: App, pullRequest: PullRequest, self: Person): Promise<Ticket | null> {
  const { comments: port } = app.forges[pullRequest.repository.forge] ?? {};
  const comments = (await port?.list(pullRequest.repository, pullRequest.number)) ?? [];
  return readSticky(app, pullRequest, { comments, self })?.state.ticket ?? null;
}

/** An entry read anew, with what a round has to know of it. */
export interface StandingEntry extends Queued {
  readonly snapshot: Snapshot;
  readonly standing: RoundEntry;
  /** Of a promotion, where they have not passed; null for all else. */
  readonly gates: GateResult | null;
}

/** Null if it is not open any more. */
export async function gatherStanding(app: App, queue: Queue, entry: Queued): Promise<StandingEntry | null> {
  const { reading } = queue;
  const pullRequest = await reading.forge.pullRequests.read(reading.repository, entry.number);
  if (pullRequest === null || pullRequest.state !== 'open') return null;
  const snapshot = await gatherPullRequest(app, reading, pullRequest);
  const touches = await gatherTouches(app, snapshot);
  const own = entryStanding({ ...snapshot, head: pullRequest.head.sha, ticket: snapshot.state.ticket });
  const judged = own === 'ready' ? await gatesAtMerge(app, snapshot) : null;
  const gates = judged === null || judged.state === 'passed' ? null : judged;
  const base = await reading.mirror.mergeBase(reading.tip, pullRequest.head.sha);
  const moved = base === null ? [] : await reading.mirror.changedPaths(base, reading.tip);
  const standing: RoundEntry = {
    number: entry.number,
    head: pullRequest.head.sha,
    touches,
    standing: gates === null ? own : 'waiting',
    evidence: base === null || movedUnder(touches, moved) ? 'stale' : 'fresh',
    consent: snapshot.reviews.some(({ state }) => state === 'approved') ? 'of-this-plan' : 'none-needed',
    patience: patienceWith(entry.ticket, app.clock.now()),
  };
  return { ...entry, pullRequest, snapshot, standing, gates };
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
