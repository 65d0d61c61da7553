/**
 * The batches of a merge queue: what is verified together, as one commit on `lockkeeper/queue/BRANCH`, and, on another branch beside it,
 * what is verified ahead. All that is known of them is on those branches and among the forge's checks, so that it survives a crash and the
 * loss of the bot's data.
 */
import { refPart } from '../../core/branch-names.js';
import type { Instant, Sha } from '../../core/ids.js';
import { Unavailable } from '../../core/problem.js';
import { sortBatches, type AheadBatch, type SortedBatches } from '../../core/queue/plan-ahead.js';
import type { Batch, Verification } from '../../core/queue/plan-round.js';
import { movedUnder } from '../../core/queue/touches.js';
import { checksOfOthers, evaluateChecks } from '../../core/standing/readiness.js';
import type { FileChange } from '../../ports/contents.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { batchMessage } from '../../text/commit-text.js';
import type { App } from '../app.js';
import { changesBetween } from '../branch/changes-between.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';
import { branchOwner, trailerValues } from '../branch/own-branch.js';
import { presumeMembers } from './presume-members.js';
import type { StandingEntry } from './queue-entries.js';
import { writeBranch } from '../branch/write-branch.js';

export interface StandingBatch extends AheadBatch {
  readonly commit: Sha;
  /** The branch that it is on. */
  readonly on: string;
  /** The last batch whose checks failed, where a culprit is sought: this one itself, or one of which this is a part. */
  readonly failed: Sha | null;
  /** When it was made, while no check of others has been reported on it. */
  readonly silentSince: Instant | null;
}

type Member = Batch['entries'][number];

const ENTRIES = 'Lockkeeper-Batch';
const AFTER = 'Lockkeeper-After';
const SUSPECTS = 'Lockkeeper-Suspects';
const FAILED = 'Lockkeeper-Failed';
const SIZE = 'Lockkeeper-Batch-Size';

/** The batch is on one of them, and what is verified ahead on the other: whoever's turn it is then stays where it is. */
export function batchBranches(branch: string): readonly [string, string] {
  const name = `lockkeeper/queue/${refPart(branch)}`;
  return [name, `${name}+1`];
}

export async function gatherBatches(
  app: App,
  repository: ConfiguredRepository,
  queue: readonly StandingEntry[],
): Promise<SortedBatches<StandingBatch>> {
  const standing: StandingBatch[] = [];
  for (const name of batchBranches(repository.branch)) {
    const batch = await gatherBatch(app, repository, { name, queue });
    if (batch !== null) standing.push(batch);
  }
  return sortBatches(standing);
}

/** Null: there is none, or it is not the bot's. */
async function gatherBatch(
  app: App,
  repository: ConfiguredRepository,
  { name, queue }: { readonly name: string; readonly queue: readonly StandingEntry[] },
): Promise<StandingBatch | null> {
  const { mirror, tip } = repository;
  const commit = await mirror.branch(name);
  if (commit === null || (await branchOwner(app, mirror, { branch: name, tip, head: commit })) === 'touched')
    return null;
  const [made] = await mirror.log({ from: null, to: commit, paths: [], limit: 1, walk: 'first-parents' });
  const words = (key: string) => (trailerValues(made?.message ?? '', key).at(-1) ?? '').split(' ').filter(Boolean);
  const members = membersIn(words(ENTRIES));
  if (made === undefined || members.length === 0) return null;
  const waiting = await stillWaiting(repository, members, queue);
  const after = await stillWaiting(repository, membersIn(words(AFTER)), queue);
  const { result, reported } = await checksOf(repository, commit);
  return {
    commit,
    on: name,
    failed: result === 'failed' ? commit : (words(FAILED)[0] ?? null),
    entries: waiting,
    after,
    suspects: words(SUSPECTS).map(Number),
    size: Number(words(SIZE)[0] ?? waiting.length),
    result,
    silentSince: reported === 0 ? made.committedAt : null,
    evidence: await evidenceOf(repository, commit, { after, waiting, queue }),
  };
}

function membersIn(words: readonly string[]): readonly Member[] {
  return words.flatMap((word) => {
    const [number, head] = word.split('@');
    return head === undefined ? [] : [{ number: Number(number), head }];
  });
}

function membersAsWords(members: readonly Member[]): string {
  return members.map(({ number, head }) => `${number}@${head}`).join(' ');
}

/** Without those that were merged since. One that left the queue without being merged stays, and voids the batch. */
async function stillWaiting(
  { forge, repository }: ConfiguredRepository,
  members: readonly Member[],
  queue: readonly StandingEntry[],
): Promise<readonly Member[]> {
  const kept: Member[] = [];
  for (const member of members) {
    const queued = queue.some(({ number }) => number === member.number);
    const read = queued ? null : await forge.pullRequests.read(repository, member.number);
    if (read?.state !== 'merged') kept.push(member);
  }
  return kept;
}

/** `result`: of the checks that the forge requires on the target branch, as they stand on the batch's own commit. */
async function checksOf(
  { forge, repository, branch }: ConfiguredRepository,
  commit: Sha,
): Promise<{ readonly result: Batch['result']; readonly reported: number }> {
  const [checks, required] = await Promise.all([
    forge.checks.list(repository, commit),
    forge.checks.required(repository, branch),
  ]);
  return {
    result: evaluateChecks({ checks, required, silence: 'pending' }),
    reported: checksOfOthers(checks).length,
  };
}

/**
 * Merged on today's tip, and on what it was merged after, the rest of the batch must bring what was verified; what else differs from the
 * verified commit must be nothing that the batch touches.
 */
async function evidenceOf(
  { mirror, tip }: ConfiguredRepository,
  commit: Sha,
  batch: {
    readonly after: readonly Member[];
    readonly waiting: readonly Member[];
    readonly queue: readonly StandingEntry[];
  },
): Promise<Batch['evidence']> {
  const { after, waiting, queue } = batch;
  const before = await presumeMembers(mirror, tip, after);
  const whole = await presumeMembers(mirror, before.commit, waiting);
  if (before.conflicting.length > 0 || whole.conflicting.length > 0) return 'void';
  const brought = await mirror.changedPaths(before.commit, whole.commit);
  const different = new Set(await mirror.changedPaths(whole.commit, commit));
  if (brought.some((path) => different.has(path))) return 'void';
  const touched = queue.filter(({ number }) => waiting.some((member) => member.number === number));
  return touched.some(({ standing }) => movedUnder(standing.touches, [...different])) ? 'void' : 'holds';
}

export interface BatchRequest {
  readonly verification: Verification;
  /** What it is merged after, on the tip; empty for the batch itself. */
  readonly after: readonly Member[];
  /** Among whose members a culprit is sought; null while none is. */
  readonly failed: Sha | null;
  /** The branch to put it on, in place of what is there. */
  readonly on: string;
  readonly queue: readonly StandingEntry[];
}

/** `nothing`: none of them can be merged there. What conflicts with another of them is left out, and its turn comes later. */
export async function makeBatch(
  app: App,
  lock: LaneLock,
  repository: ConfiguredRepository,
  request: BatchRequest,
): Promise<'made' | 'not-ours' | 'nothing'> {
  const { verification, after, failed, on } = request;
  const { branch } = repository;
  const content = await contentOf(repository, request);
  if (content === null) return 'nothing';
  const { merged, changes } = content;
  const { forge } = repository.repository;
  const numbersOf = (members: readonly Member[]) => members.map(({ number }) => number);
  const written = await writeBranch(app, lock, repository, {
    branch: on,
    changes,
    message: batchMessage({ forge, numbers: numbersOf(merged), after: numbersOf(after), branch }),
    trailers: [
      `${ENTRIES}: ${membersAsWords(merged)}`,
      `${AFTER}: ${membersAsWords(after)}`,
      `${SUSPECTS}: ${verification.suspects.join(' ')}`,
      ...(failed === null ? [] : [`${FAILED}: ${failed}`]),
      `${SIZE}: ${verification.size}`,
    ],
  });
  if (written.kind === 'moved') throw new Unavailable(`${on} moved while it was written`);
  return written.kind === 'written' ? 'made' : 'not-ours';
}

interface BatchContent {
  readonly merged: readonly Member[];
  readonly changes: readonly FileChange[];
}

/** Of as many of the first as bring something together: a later one may take back what they bring, and GitLab makes no empty commits. */
async function contentOf(
  { mirror, tip }: ConfiguredRepository,
  { verification, after, queue }: BatchRequest,
): Promise<BatchContent | null> {
  const before = await presumeMembers(mirror, tip, after);
  if (before.conflicting.length > 0) return null;
  const wanted = verification.numbers.flatMap((number) => queue.find((entry) => entry.number === number) ?? []);
  for (let count = wanted.length; count > 0; count -= 1) {
    const members = wanted.slice(0, count).map(({ number, pullRequest }) => ({ number, head: pullRequest.head.sha }));
    const { merged, commit } = await presumeMembers(mirror, before.commit, members);
    const changes = await changesBetween(mirror, await mirror.treeOf(tip), await mirror.treeOf(commit));
    if (merged.length > 0 && changes.length > 0) return { merged, changes };
  }
  return null;
}

/** Once nothing of it is awaited any more. */
export async function dropBatch(lock: LaneLock, repository: ConfiguredRepository, batch: StandingBatch): Promise<void> {
  const branch = { name: batch.on, expected: batch.commit };
  await repository.forge.contents.deleteBranch(lock, repository.repository, branch);
}
