/**
 * The batch of a merge queue: what is verified together, as one commit on `lockkeeper/queue/BRANCH`. All that is known of it is on that
 * branch and among the forge's checks, so that it survives a crash and the loss of the bot's data.
 */
import { refPart } from '../../core/branch-names.js';
import type { Sha } from '../../core/ids.js';
import { Unavailable } from '../../core/problem.js';
import type { Batch, Verification } from '../../core/queue/plan-round.js';
import { movedUnder } from '../../core/queue/touches.js';
import { evaluateChecks } from '../../core/standing/readiness.js';
import type { FileChange } from '../../ports/contents.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import type { App } from '../app.js';
import { changesBetween } from '../branch/changes-between.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';
import { branchOwner, trailerValues } from '../branch/own-branch.js';
import type { StandingEntry } from './queue-entries.js';
import { writeBranch } from '../branch/write-branch.js';

export interface StandingBatch extends Batch {
  readonly commit: Sha;
}

const ENTRIES = 'Lockkeeper-Batch';
const SUSPECTS = 'Lockkeeper-Suspects';
const SIZE = 'Lockkeeper-Batch-Size';

export function batchBranch(branch: string): string {
  return `lockkeeper/queue/${refPart(branch)}`;
}

/** Null: there is none, or it is not the bot's. */
export async function gatherBatch(
  app: App,
  repository: ConfiguredRepository,
  queue: readonly StandingEntry[],
): Promise<StandingBatch | null> {
  const { mirror, branch, tip } = repository;
  const name = batchBranch(branch);
  const commit = await mirror.branch(name);
  if (commit === null || (await branchOwner(app, mirror, { branch: name, tip, head: commit })) === 'touched')
    return null;
  const [made] = await mirror.log({ from: null, to: commit, paths: [], limit: 1, walk: 'first-parents' });
  const words = (key: string) => (trailerValues(made?.message ?? '', key).at(-1) ?? '').split(' ').filter(Boolean);
  const members = words(ENTRIES).flatMap((word) => {
    const [number, head] = word.split('@');
    return head === undefined ? [] : [{ number: Number(number), head }];
  });
  if (members.length === 0) return null;
  const waiting = await stillWaiting(repository, members, queue);
  return {
    commit,
    entries: waiting,
    suspects: words(SUSPECTS).map(Number),
    size: Number(words(SIZE)[0] ?? waiting.length),
    result: await resultOf(repository, commit),
    evidence: await evidenceOf(repository, commit, { waiting, queue }),
  };
}

type Member = Batch['entries'][number];

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

/** Of the checks that the forge requires on the target branch, as they stand on the batch's own commit. */
async function resultOf({ forge, repository, branch }: ConfiguredRepository, commit: Sha): Promise<Batch['result']> {
  const [checks, required] = await Promise.all([
    forge.checks.list(repository, commit),
    forge.checks.required(repository, branch),
  ]);
  return evaluateChecks({ checks, required, silence: 'pending' });
}

/**
 * Merged on today's tip, the rest of the batch must bring what was verified; what else differs from the verified commit must be nothing
 * that the batch touches.
 */
async function evidenceOf(
  { mirror, tip }: ConfiguredRepository,
  commit: Sha,
  { waiting, queue }: { readonly waiting: readonly Member[]; readonly queue: readonly StandingEntry[] },
): Promise<Batch['evidence']> {
  const differing = new Set(await mirror.changedPaths(tip, commit));
  const verified = new Map((await mirror.entries(commit)).map(({ path, mode, sha }) => [path, `${mode} ${sha}`]));
  for (const { head } of waiting) {
    const merged = (await mirror.has(head)) ? await mirror.merge(tip, head) : null;
    if (merged?.kind !== 'merged') return 'void';
    const brought = new Map((await mirror.entries(merged.tree)).map(({ path, mode, sha }) => [path, `${mode} ${sha}`]));
    for (const path of await mirror.changedPaths(tip, merged.tree)) {
      if (brought.get(path) !== verified.get(path)) return 'void';
      differing.delete(path);
    }
  }
  const touched = queue.filter(({ number }) => waiting.some((member) => member.number === number));
  return touched.some(({ standing }) => movedUnder(standing.touches, [...differing])) ? 'void' : 'holds';
}

/** Puts the merge of all of them on the batch's branch, in place of what is there. */
export async function makeBatch(
  app: App,
  lock: LaneLock,
  repository: ConfiguredRepository,
  { verification, queue }: { readonly verification: Verification; readonly queue: readonly StandingEntry[] },
): Promise<'made' | 'not-ours'> {
  const { branch } = repository;
  const members = verification.numbers.flatMap((number) => queue.find((entry) => entry.number === number) ?? []);
  const names = members.map(({ number }) => `#${number}`).join(', ');
  const written = await writeBranch(app, lock, repository, {
    branch: batchBranch(branch),
    changes: await changesOf(repository, members),
    message: `Verify ${names} together for ${branch}`,
    trailers: [
      `${ENTRIES}: ${members.map(({ number, pullRequest }) => `${number}@${pullRequest.head.sha}`).join(' ')}`,
      `${SUSPECTS}: ${verification.suspects.join(' ')}`,
      `${SIZE}: ${verification.size}`,
    ],
  });
  if (written.kind === 'moved') throw new Unavailable(`${batchBranch(branch)} moved while it was written`);
  return written.kind === 'written' ? 'made' : 'not-ours';
}

/** No two of them change the same file: the planner sees to it. */
async function changesOf(
  { mirror, tip }: ConfiguredRepository,
  members: readonly StandingEntry[],
): Promise<readonly FileChange[]> {
  const changes = await Promise.all(
    members.map(async ({ pullRequest }) => {
      const merged = await mirror.merge(tip, pullRequest.head.sha);
      if (merged.kind === 'conflict')
        throw new Unavailable(`#${pullRequest.number} conflicts with the target branch by now`);
      return changesBetween(mirror, await mirror.treeOf(tip), merged.tree);
    }),
  );
  return changes.flat();
}

/** Once nothing of it is awaited any more. */
export async function dropBatch(lock: LaneLock, repository: ConfiguredRepository, batch: StandingBatch): Promise<void> {
  const branch = { name: batchBranch(repository.branch), expected: batch.commit };
  await repository.forge.contents.deleteBranch(lock, repository.repository, branch);
}
