/** `/rollback`: a pull request of the bot's own that restores what a target had before; planned, judged and merged like every other. */
import { rollbackBranch } from '../../core/branch-names.js';
import type { Command } from '../../core/command/commands.js';
import { spelled } from '../../core/command/spelling.js';
import type { Target } from '../../core/environment/find-targets.js';
import { targetKey, type Sha } from '../../core/ids.js';
import { Unavailable } from '../../core/problem.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import {
  noRollbackAnswer,
  rollbackBody,
  rollbackOpenedAnswer,
  rollbackTitle,
  rollbackTouchedAnswer,
  whichApplicationAnswer,
  type RollbackStory,
} from '../../text/rollback-text.js';
import { enqueue, type App } from '../app.js';
import { fileChanges } from '../branch/file-changes.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';
import { targetsAt } from '../pull-request/gather-repository.js';
import { gatherRollback, type RollbackFound } from '../promotion/gather-rollback.js';
import { touchedApplications } from '../plan/touched-applications.js';
import { versionAt } from '../promotion/version-at.js';
import { openOwnPullRequest } from '../branch/open-own-pull-request.js';
import { writeBranch } from '../branch/write-branch.js';

interface RollbackRequest {
  readonly command: Extract<Command, { readonly name: 'rollback' }>;
  readonly by: string;
}

export async function rollback(
  app: App,
  lock: LaneLock,
  snapshot: Snapshot,
  request: RollbackRequest,
): Promise<string> {
  const { repository } = snapshot;
  const { env, app: named, to } = request.command;
  const targets = await targetsAt(repository.mirror, repository.tip, repository.configuration);
  const there = targets.filter(({ name }) => name.env === env);
  const wanted = named === null ? await touchedApplications(snapshot, targets) : [named];
  const meant = there.filter(({ name }) => wanted.includes(name.app));
  const [target] = meant;
  const known = there.map(({ name }) => name.app).toSorted();
  if (target === undefined || meant.length > 1) return whichApplicationAnswer(env, named, known);
  const found = await gatherRollback(app, repository, target, to);
  return found.kind === 'found'
    ? restore(app, lock, snapshot, { target, found, by: request.by })
    : noRollbackAnswer(target.name, to, found);
}

interface Restoration {
  readonly target: Target;
  readonly found: Extract<RollbackFound, { readonly kind: 'found' }>;
  readonly by: string;
}

/** The branch, then its pull request: each finds what an interrupted run left. */
async function restore(app: App, lock: LaneLock, snapshot: Snapshot, restoration: Restoration): Promise<string> {
  const { repository } = snapshot;
  const { target, found } = restoration;
  const story = await tell(app, snapshot, restoration);
  const branch = rollbackBranch(target.name);
  const title = rollbackTitle(story);
  const written = await writeBranch(app, lock, repository, {
    branch,
    changes: await fileChanges(repository.mirror, target.directory, found.changes),
    message: title,
    trailers: [`Lockkeeper-Rollback: ${targetKey(target.name)}`, `Lockkeeper-Source: ${found.commit}`],
  });
  if (written.kind === 'moved') throw new Unavailable(`${branch} moved while it was written`);
  if (written.kind === 'touched') return rollbackTouchedAnswer(target.name, branch);
  const text = { title, body: rollbackBody(story) };
  const opened = await openOwnPullRequest(lock, repository, branch, text);
  // One that was open already carries something else now.
  if (opened.title !== text.title || opened.body !== text.body)
    await repository.forge.pullRequests.edit(lock, opened, text);
  await enqueue(app, { kind: 'attend', repository: repository.repository, number: opened.number });
  return rollbackOpenedAnswer(story, opened);
}

async function tell(app: App, snapshot: Snapshot, { target, found, by }: Restoration): Promise<RollbackStory> {
  const { repository, pullRequest, self } = snapshot;
  const version = (commit: Sha): Promise<string | null> => versionAt(app, repository, target, commit);
  return {
    target: target.name,
    from: await version(repository.tip),
    to: await version(found.commit),
    commit: found.commit,
    commitUrl: repository.forge.commitUrl(repository.facts, found.commit),
    files: found.changes.map(({ path }) => path),
    by,
    askedOn: pullRequest,
    mergeCommand: spelled('merge', { forge: pullRequest.repository.forge, bot: self.login }),
  };
}
