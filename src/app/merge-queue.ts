/** The merge queue of one repository: takes the first entry that is ready and merges exactly what was approved. */
import { repositoryKey, type Instant, type RepositoryId, type Sha } from '../core/ids.js';
import type { Person, PullRequest } from '../core/forge-objects.js';
import { orderQueue, type QueueEntry } from '../core/queue/order-queue.js';
import type { Readiness } from '../core/standing/readiness.js';
import type { Ticket } from '../core/standing/sticky-state.js';
import { unreachable } from '../core/unreachable.js';
import type { LaneLock } from '../ports/lane-lock.js';
import type { MergeOutcome } from '../ports/pull-requests.js';
import { mergeMessage, mergeTitle } from '../text/merge-text.js';
import { enqueue, type App } from './app.js';
import { gatherKind } from './gather-kind.js';
import { gatherPullRequest, type Snapshot } from './gather-pull-request.js';
import { gatherRepository, logIgnored, type ConfiguredRepository } from './gather-repository.js';
import { reportStanding } from './report-checks.js';
import { standingStamp } from './standing-stamp.js';
import { readSticky, wordsOf, writeSticky } from './sticky-comment.js';
import { Turns } from './turns.js';

/** How soon an entry that the forge was not ready to merge is tried again: the later, the longer it has waited. In ms. */
const SOONEST_RETRY = 5000;
const LATEST_RETRY = 5 * 60 * 1000;
/** An entry that the forge is not ready to merge keeps those behind it waiting for so long, in ms. */
const PATIENCE = 10 * 60 * 1000;

export async function advanceQueue(app: App, lock: LaneLock, repository: RepositoryId): Promise<void> {
  const reading = await gatherRepository(app, repository);
  if (reading.kind === 'none-of-ours') return logIgnored(app, repository, reading.why);
  if (reading.kind === 'broken') return logIgnored(app, repository, 'its configuration is broken');
  const turns = new Turns(app.log);
  for (const entry of await gatherQueue(app, reading, turns)) {
    const result = await turns.take(() => advanceEntry(app, lock, entry));
    // The base has moved, or this entry has to be looked at: whatever is next is judged on the world as it is then.
    if (result === 'acted') return;
  }
  turns.finish();
}

interface Entry extends QueueEntry {
  readonly pullRequest: PullRequest;
  readonly reading: ConfiguredRepository;
}

/** Every open pull request with a ticket, in order. The tickets are in the bot's own signed comments: there is no other queue. */
async function gatherQueue(app: App, reading: ConfiguredRepository, turns: Turns): Promise<readonly Entry[]> {
  const { forge, repository } = reading;
  const self = await forge.people.self();
  const entries: Entry[] = [];
  for (const pullRequest of await forge.pullRequests.listOpen(repository)) {
    const entry = await turns.take(() => gatherEntry(app, reading, pullRequest, self));
    if (entry !== null) entries.push(entry);
  }
  return orderQueue(entries, reading.configuration.queue.order);
}

async function gatherEntry(
  app: App,
  reading: ConfiguredRepository,
  pullRequest: PullRequest,
  self: Person,
): Promise<Entry | null> {
  const { repository, number } = pullRequest;
  const comments = await reading.forge.comments.list(repository, number);
  const ticket = readSticky(app, pullRequest, { comments, self })?.state.ticket ?? null;
  if (ticket === null) return null;
  const base =
    pullRequest.base === reading.branch ? reading : await gatherRepository(app, repository, pullRequest.base);
  if (base.kind !== 'configured') return null;
  return { number, kind: await gatherKind(app, base, pullRequest, self), ticket, pullRequest, reading: base };
}

type ReadySnapshot = Snapshot & { readonly readiness: Readiness & { readonly state: 'ready' } };

/** `passed-over`: it is the next one's turn. */
async function advanceEntry(app: App, lock: LaneLock, entry: Entry): Promise<'acted' | 'passed-over'> {
  const { mirror, branch, tip, repository } = entry.reading;
  const snapshot = await readyEntry(app, entry);
  if (snapshot === null) return 'passed-over';
  // The forge asks whether these have passed: what they say may be older than what was found now.
  await reportStanding(app, lock, snapshot);
  await mirror.fetch();
  if ((await mirror.branch(branch)) !== tip) {
    await enqueue(app, { kind: 'merge-queue', repository });
    return 'acted';
  }
  const outcome = await mergeEntry(app, lock, snapshot);
  await settleOutcome(app, lock, snapshot, outcome);
  return outcome.kind === 'not-yet' && app.clock.now() - entry.ticket.at > PATIENCE ? 'passed-over' : 'acted';
}

/** The entry read anew, if it may be merged this moment. */
async function readyEntry(app: App, entry: Entry): Promise<ReadySnapshot | null> {
  const pullRequest = await entry.reading.forge.pullRequests.read(entry.reading.repository, entry.number);
  if (pullRequest === null || pullRequest.state !== 'open') return null;
  const snapshot = await gatherPullRequest(app, entry.reading, pullRequest);
  const { readiness, state } = snapshot;
  if (readiness.state === 'ready' && state.ticket?.head === readiness.head) return { ...snapshot, readiness };
  // Not ready: attending to it plans it, words why it waits, or takes it out of the queue.
  if (state.ticket?.head !== pullRequest.head.sha || readiness.state === 'blocked' || snapshot.plan === null) {
    await enqueue(app, { kind: 'attend', repository: pullRequest.repository, number: pullRequest.number });
  }
  return null;
}

async function mergeEntry(app: App, lock: LaneLock, snapshot: ReadySnapshot): Promise<MergeOutcome> {
  const { pullRequest, readiness, repository } = snapshot;
  const log = app.log.child({ repository: repositoryKey(pullRequest.repository), pullRequest: pullRequest.number });
  const outcome = await repository.forge.pullRequests.merge(lock, {
    repository: pullRequest.repository,
    number: pullRequest.number,
    expectedHead: readiness.head,
    method: repository.configuration.queue.method,
    title: mergeTitle(pullRequest),
    message: mergeMessage({
      pullRequest,
      digest: readiness.digest,
      verdict: snapshot.verdict,
      ticket: snapshot.state.ticket,
    }),
  });
  log.info({ outcome: outcome.kind, head: readiness.head, digest: readiness.digest }, 'Asked the forge to merge');
  return outcome;
}

async function settleOutcome(app: App, lock: LaneLock, snapshot: Snapshot, outcome: MergeOutcome): Promise<void> {
  const { pullRequest } = snapshot;
  const { repository, number } = pullRequest;
  switch (outcome.kind) {
    case 'merged':
      await afterMerge(app, lock, snapshot, outcome.commit);
      return;
    case 'head-moved':
      return enqueue(app, { kind: 'attend', repository, number });
    case 'not-yet':
      return enqueue(app, { kind: 'merge-queue', repository }, retryAt(app.clock.now(), snapshot.state.ticket));
    case 'conflict':
      return leave(app, lock, snapshot, 'it conflicts with the target branch');
    case 'not-allowed':
      return leave(app, lock, snapshot, `the forge does not allow the merge: ${outcome.reason.replace(/\.$/, '')}`);
    default:
      return unreachable(outcome);
  }
}

function retryAt(now: Instant, ticket: Ticket | null): Instant {
  const waited = now - (ticket?.at ?? now);
  return now + Math.min(LATEST_RETRY, Math.max(SOONEST_RETRY, waited / 2));
}

/** Looks at everything that waited for this, tidies up the bot's own branch, and reads back what the forge made of it. */
async function afterMerge(app: App, lock: LaneLock, snapshot: Snapshot, commit: Sha): Promise<void> {
  const { pullRequest, repository, kind } = snapshot;
  await enqueue(app, { kind: 'attend', repository: pullRequest.repository, number: pullRequest.number });
  await enqueue(app, { kind: 'sweep', repository: pullRequest.repository });
  if (kind === 'promotion' || kind === 'bump') {
    const branch = { name: pullRequest.head.branch, expected: pullRequest.head.sha };
    await repository.forge.contents.deleteBranch(lock, pullRequest.repository, branch);
  }
  await confirmTree(app, snapshot, commit);
}

/** What was planned is what was merged; if the base moved meanwhile the trees differ for that reason, and it is said. */
async function confirmTree(app: App, snapshot: Snapshot, commit: Sha): Promise<void> {
  const { mirror, tip } = snapshot.repository;
  await mirror.fetch();
  const planned = await mirror.merge(tip, snapshot.pullRequest.head.sha);
  const [merged] = await mirror.log({ from: null, to: commit, paths: [], limit: 1, walk: 'first-parents' });
  const log = app.log.child({ pullRequest: snapshot.pullRequest.number, commit });
  if (planned.kind === 'merged' && (await mirror.treeOf(commit)) === planned.tree)
    return log.info({}, 'The merged tree is the planned one');
  if (merged?.parents[0] !== tip)
    return log.warn({ planned: tip }, 'The base moved while merging: somebody wrote to it outside the queue');
  log.error({ planned: tip }, 'The merged tree is not the planned one');
}

async function leave(app: App, lock: LaneLock, snapshot: Snapshot, why: string): Promise<void> {
  const { pullRequest, sticky } = snapshot;
  const state = { ...snapshot.state, ticket: null, left: why, refused: standingStamp(snapshot) };
  if (sticky === null) return;
  await writeSticky(app, lock, pullRequest, { sticky, state, body: wordsOf(sticky) });
  await enqueue(app, { kind: 'attend', repository: pullRequest.repository, number: pullRequest.number });
}
