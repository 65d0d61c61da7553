/** The merge queues of one repository: gathers each, plans its round, and carries it out. What is merged is exactly what was approved. */
import type { RepositoryId, Sha } from '../../core/ids.js';
import { parallelBeside, patienceEnds } from '../../core/queue/entry-standing.js';
import type { Culprit } from '../../core/queue/leave-reason.js';
import { planAhead, type SortedBatches } from '../../core/queue/plan-ahead.js';
import { planRound, type Round } from '../../core/queue/plan-round.js';
import { changedEntries, LONG_SILENCE, viewQueue } from '../../core/queue/queue-view.js';
import { failedChecks } from '../../core/standing/readiness.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { afresh, enqueue, forgeOf, type App } from '../app.js';
import { gatherRepository, logIgnored, type ConfiguredRepository } from '../pull-request/gather-repository.js';
import { confirmLate } from './confirm-late.js';
import { leaveMergeQueue } from './leave-merge-queue.js';
import { attendUnready, mergeEntry } from './merge-entry.js';
import { planNow } from '../plan/plan-pull-request.js';
import { performBatches } from './perform-batches.js';
import { askToPresume } from './presume-plans.js';
import { gatherBatches, type StandingBatch } from './queue-batch.js';
import { gatherQueues, gatherStanding, type Queue, type StandingEntry } from './queue-entries.js';
import { rememberSeen } from './seen-entries.js';
import { findStop, rememberStop } from './queue-stop.js';
import { medianWait } from './queue-times.js';
import { keepView, readView } from './queue-views.js';
import { Attempts } from '../intake/attempts.js';

export async function advanceQueue(app: App, lock: LaneLock, repository: RepositoryId): Promise<void> {
  const open = await forgeOf(app, repository).pullRequests.listOpen(repository);
  if (open === null) return logIgnored(app, repository, { kind: 'no-access' });
  const reading = await gatherRepository(app, repository);
  if (reading.kind === 'none-of-ours') return logIgnored(app, repository, reading.why);
  if (reading.kind === 'broken') return logIgnored(app, repository, 'its configuration is broken');
  const attempts = new Attempts(app.log);
  for (const queue of await gatherQueues(app, reading, { open, attempts }))
    await attempts.make(() => advanceBranch(app, lock, { queue, attempts }));
  attempts.finish();
}

/** One queue with all that its round was planned on. */
interface PlannedRound {
  readonly reading: ConfiguredRepository;
  /** In order; what could not be read has no part in the round. */
  readonly entries: readonly StandingEntry[];
  readonly batches: SortedBatches<StandingBatch>;
  readonly round: Round;
  readonly attempts: Attempts;
}

async function advanceBranch(
  app: App,
  lock: LaneLock,
  { queue, attempts }: { readonly queue: Queue; readonly attempts: Attempts },
): Promise<void> {
  const { reading } = queue;
  const stop = await findStop(reading);
  await rememberStop(app, reading.repository, stop);
  if (stop === null && (await confirmLate(app, lock, reading)) === 'differs')
    return enqueue(app, { kind: 'merge-queue', repository: reading.repository });
  const entries: StandingEntry[] = [];
  for (const each of queue.entries) {
    const entry = await attempts.make(() => gatherStanding(app, queue, each));
    if (entry !== null) entries.push(entry);
  }
  const { verify } = reading.configuration.queue;
  const batches = verify === 'batch' && stop === null ? await gatherBatches(app, reading, entries) : NO_BATCHES;
  const round = stop === null ? planRound(roundFacts(reading, entries, batches.batch)) : null;
  await showQueue(app, { reading, entries, batches, round, stopped: stop });
  for (const { snapshot, standing } of entries) if (standing.standing !== 'ready') await attendUnready(app, snapshot);
  if (round !== null) await performRound(app, lock, { reading, entries, batches, round, attempts });
  for (const { snapshot } of entries) await rememberSeen(app, snapshot);
}

const NO_BATCHES: SortedBatches<StandingBatch> = { batch: null, ahead: null, over: [] };

function roundFacts(
  { configuration }: ConfiguredRepository,
  entries: readonly StandingEntry[],
  batch: StandingBatch | null,
): Parameters<typeof planRound>[0] {
  const { parallel, verify } = configuration.queue;
  return {
    entries: entries.map(({ standing }) => standing),
    parallel: parallelBeside(entries, parallel),
    verify,
    batch,
  };
}

async function performRound(app: App, lock: LaneLock, planned: PlannedRound): Promise<void> {
  const { reading, entries, batches, round } = planned;
  const { batch } = batches;
  const culprit = entries.find(({ number }) => number === round.culprit);
  if (culprit !== undefined) {
    await leaveMergeQueue(app, lock, culprit.snapshot, {
      kind: 'culprit',
      number: culprit.number,
      suspects: batch?.suspects ?? [],
      ...(await failureOf(reading, batch)),
    });
  }
  const { speculate } = reading.configuration.queue;
  const ahead = planAhead({ facts: roundFacts(reading, entries, batch), round, ahead: batches.ahead, speculate });
  const verified = await performBatches(app, lock, reading, { batches, round, ahead, queue: entries });
  // The next round knows the commit, and has those told whose merge it is.
  if (verified === 'made') await enqueue(app, { kind: 'merge-queue', repository: reading.repository });
  await askToPresume(app, reading, entries);
  await mergeBackToBack(app, lock, planned);
  await comeBack(app, planned);
}

async function failureOf(
  { forge, repository, branch }: ConfiguredRepository,
  batch: StandingBatch | null,
): Promise<Pick<Culprit, 'commit' | 'failed'>> {
  const commit = batch?.failed ?? null;
  if (commit === null) return { commit, failed: [] };
  const [checks, required] = await Promise.all([
    forge.checks.list(repository, commit),
    forge.checks.required(repository, branch),
  ]);
  return { commit, failed: failedChecks({ checks, required }) };
}

/** Each is read anew and planned on the branch as the one before it left it. */
async function mergeBackToBack(app: App, lock: LaneLock, planned: PlannedRound): Promise<void> {
  const { round, attempts } = planned;
  let { reading } = planned;
  let made: Sha | null = null;
  for (const { number } of round.merges) {
    if (made !== null) {
      const next = await readAfter(app, reading, made);
      if (next === null) return;
      reading = next;
      await attempts.make(() => planAnew(app, reading, number));
    }
    // What the merge rests on is read anew, and the forge's settings with it.
    const anew = afresh(app);
    const place = { ...reading, forge: forgeOf(anew, reading.repository) };
    const result = await attempts.make(() => mergeEntry(anew, lock, place, number));
    if (result === null || result.kind === 'passed-over') continue;
    if (result.kind === 'look-again' || result.tree === 'differs') return;
    made = result.commit;
  }
}

/** The branch as our own merge left it, or null: then the next round sees what has become of it. */
async function readAfter(app: App, reading: ConfiguredRepository, made: Sha): Promise<ConfiguredRepository | null> {
  const next = await gatherRepository(app, reading.repository, reading.branch);
  return next.kind === 'configured' && next.tip === made ? next : null;
}

/** What is merged in one round meets nothing else of it: all that it needs was rendered before. */
async function planAnew(app: App, reading: ConfiguredRepository, number: number): Promise<void> {
  const pullRequest = await reading.forge.pullRequests.read(reading.repository, number);
  if (pullRequest !== null) await planNow(app, reading, pullRequest);
}

/** Nobody tells when somebody's patience ends, when a gate passes by time alone, or that CI keeps silent. */
async function comeBack(app: App, { reading, entries, batches, round }: PlannedRound): Promise<void> {
  const members = batches.batch?.entries ?? [];
  const holders = new Set([
    ...round.waits.flatMap((wait) => (wait.for === 'entry' ? [wait.entry] : [])),
    ...members.map(({ number }) => number),
  ]);
  const now = app.clock.now();
  const ends = entries
    .filter(({ number, standing }) => holders.has(number) && standing.standing !== 'ready')
    .map(({ ticket }) => patienceEnds(ticket))
    .filter((at) => at > now);
  ends.push(...entries.flatMap(({ gates }) => gates?.recheckAt ?? []));
  const silentSince = batches.batch?.silentSince ?? null;
  if (silentSince !== null && silentSince + LONG_SILENCE > now) ends.push(silentSince + LONG_SILENCE);
  if (ends.length > 0) await enqueue(app, { kind: 'merge-queue', repository: reading.repository }, Math.min(...ends));
}

type Shown = Pick<PlannedRound, 'reading' | 'entries' | 'batches'> & {
  readonly round: Round | null;
  readonly stopped: { readonly pullRequest: number | null } | null;
};

/** Keeps what people see of the queue, and has those told anew who are told something else now. */
async function showQueue(app: App, { reading, entries, batches, round, stopped }: Shown): Promise<void> {
  const { repository, branch } = reading;
  const before = await readView(app, repository, branch);
  const view = viewQueue({
    branch,
    now: app.clock.now(),
    entries: entries.map(({ number, kind, ticket, pullRequest, gates }) => ({
      gates,
      number,
      title: pullRequest.title,
      kind,
      by: ticket.by,
      since: ticket.at,
      urgency: ticket.urgency ?? 'in-turn',
    })),
    round,
    batch: batches.batch,
    ahead: batches.ahead,
    stopped: stopped === null ? null : { pullRequest: stopped.pullRequest },
    median: await medianWait(app, repository),
    before,
  });
  // They are attended after this job, in its lane. The other way round, who dies in between has told nobody, and never will.
  for (const number of changedEntries(before, view)) await enqueue(app, { kind: 'attend', repository, number });
  await keepView(app, repository, view);
}
