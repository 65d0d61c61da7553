/**
 * Stopping the merge queue of one branch, so that it is still stopped after a crash or without the bot's data: a branch of the bot's own,
 * `lockkeeper/stopped/BRANCH`, that says why. While it is there nothing is merged. `/retry` deletes it, and so may anyone with write.
 */
import { stopBranch } from '../../core/branch-names.js';
import { repositoryKey, type RepositoryId, type Sha } from '../../core/ids.js';
import { Unavailable } from '../../core/problem.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { stopMessage } from '../../text/commit-text.js';
import { stopText } from '../../text/queue-text.js';
import { enqueue, type App } from '../app.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';
import { trailerValues } from '../branch/own-branch.js';
import { rememberCompared } from './compared-merges.js';
import { writeBranch } from '../branch/write-branch.js';

/** What was merged otherwise than planned. */
interface StopCause {
  readonly pullRequest: number;
  readonly commit: Sha;
  /** Where the branch stood when it was planned; null where nobody knows any more. */
  readonly tip: Sha | null;
}

/** Null where the branch says nothing that we wrote: it stops the queue all the same. */
interface QueueStop {
  readonly pullRequest: number | null;
  readonly commit: Sha | null;
}

const PULL_REQUEST = 'Lockkeeper-Stopped-By';
const COMMIT = 'Lockkeeper-Merged';
const NOTE = 'lockkeeper-queue-stopped.md';

export async function stopQueue(
  app: App,
  lock: LaneLock,
  repository: ConfiguredRepository,
  cause: StopCause,
): Promise<void> {
  const text = stopText({ branch: repository.branch, ...cause });
  const content = new TextEncoder().encode(`${text}\n`);
  const written = await writeBranch(app, lock, repository, {
    branch: stopBranch(repository.branch),
    changes: [{ kind: 'write', path: NOTE, content, mode: '100644', blob: null }],
    message: stopMessage(repository.branch, text),
    trailers: [`${PULL_REQUEST}: ${cause.pullRequest}`, `${COMMIT}: ${cause.commit}`],
  });
  if (written.kind === 'moved') throw new Unavailable(`${stopBranch(repository.branch)} moved while it was written`);
  await enqueue(app, { kind: 'sweep', repository: repository.repository });
}

/** As of the mirror's last fetch. */
export async function findStop({
  mirror,
  branch,
}: Pick<ConfiguredRepository, 'mirror' | 'branch'>): Promise<QueueStop | null> {
  const head = await mirror.branch(stopBranch(branch));
  if (head === null) return null;
  const [commit] = await mirror.log({ from: null, to: head, paths: [], limit: 1, walk: 'first-parents' });
  const value = (key: string) => trailerValues(commit?.message ?? '', key).at(-1) ?? null;
  const pullRequest = Number(value(PULL_REQUEST) ?? Number.NaN);
  return { pullRequest: Number.isSafeInteger(pullRequest) ? pullRequest : null, commit: value(COMMIT) };
}

/** What it was stopped for was seen: without this it would be found again, by who starts with an empty store, once the stop is ended. */
export async function rememberStop(app: App, repository: RepositoryId, stop: QueueStop | null): Promise<void> {
  if (stop !== null && stop.commit !== null) await rememberCompared(app, repository, stop.commit);
}

/** `/retry`: the queue of the branch goes on. */
export async function resumeQueue(
  app: App,
  lock: LaneLock,
  { repository, forge, mirror, branch }: ConfiguredRepository,
): Promise<'resumed' | 'was-not-stopped'> {
  const name = stopBranch(branch);
  const expected = await mirror.branch(name);
  if (expected === null) return 'was-not-stopped';
  await rememberStop(app, repository, await findStop({ mirror, branch }));
  await forge.contents.deleteBranch(lock, repository, { name, expected });
  app.log.info({ repository: repositoryKey(repository), branch }, 'The merge queue goes on');
  await enqueue(app, { kind: 'sweep', repository });
  return 'resumed';
}
