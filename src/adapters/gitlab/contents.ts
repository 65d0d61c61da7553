/** Commits and branches through GitLab's API: https://docs.gitlab.com/api/commits/#create-a-commit-with-multiple-files-and-actions. */
import { dirname } from 'node:path/posix';
import type { RepositoryId, Sha } from '../../core/ids.js';
import { Forbidden, Unavailable } from '../../core/problem.js';
import type { CommitOutcome, CommitRequest, Contents } from '../../ports/contents.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { commitActions, type CommitAction, type StandingFile } from './commit-actions.js';
import type { Connection } from './connection.js';
import { isRefusal, nullIfMissing } from './gitlab-refusal.js';
import { LARGE_PAGES } from './paging.js';

export function gitlabContents(connection: Connection): Contents {
  return {
    commit: (lock, request) => commit(connection, lock, request),
    async deleteBranch(lock, repository, { name, expected }) {
      if ((await headOf(connection, repository, name)) !== expected) return;
      await connection.writes.admit(lock, 'result');
      await nullIfMissing(connection.api.Branches.remove(repository.path, name));
    },
  };
}

/**
 * GitLab has no compare-and-swap for branches. What stands in for it:
 * - a new branch: GitLab refuses `start_sha` for a branch that exists;
 * - a commit on top of a branch: each change and deletion names the commit it knows; a push that slips in between is built upon, never
 *   overwritten, and shows as another parent;
 * - a branch made anew (the bot's own only): read right before it is forced.
 */
async function commit(connection: Connection, lock: LaneLock, request: CommitRequest): Promise<CommitOutcome> {
  const { branch, changes } = request;
  const actions = commitActions(changes, await standingFiles(connection, request));
  if (actions.length === 0) throw new Forbidden(`The commit on ${branch} would change nothing, which GitLab refuses.`);
  const standing = await whereItStands(connection, request);
  if (standing !== null) return standing;
  await connection.writes.admit(lock, 'result');
  try {
    return await send(connection, request, actions);
  } catch (error) {
    if (!isRefusal(error, 400, 409) && !(error instanceof Unavailable)) throw error;
    const outcome = await whereItStands(connection, request);
    if (outcome === null) throw error;
    return outcome;
  }
}

function isOnTop({ expected, parent }: CommitRequest): boolean {
  return expected === parent;
}

async function send(
  { api }: Connection,
  request: CommitRequest,
  actions: readonly CommitAction[],
): Promise<CommitOutcome> {
  const { repository, branch, expected, parent, message } = request;
  const where = isOnTop(request) ? {} : { startSha: parent, ...(expected === null ? {} : { force: true }) };
  const made = await api.Commits.create(repository.path, branch, message, [...actions], where);
  if (made.parent_ids?.[0] !== parent) return { kind: 'branch-moved', actual: made.id };
  return { kind: 'committed', commit: made.id };
}

/** Null: where it was expected. Else the commit we want may be there already, from an attempt whose answer was lost. */
async function whereItStands(connection: Connection, request: CommitRequest): Promise<CommitOutcome | null> {
  const head = await headOf(connection, request.repository, request.branch);
  if (head === request.expected) return null;
  if (head === null) return { kind: 'branch-moved', actual: null };
  const isOurs = await isWanted(connection, request, head);
  return isOurs ? { kind: 'committed', commit: head } : { kind: 'branch-moved', actual: head };
}

/** The same parent, the same message, and nothing left to change. */
async function isWanted(connection: Connection, request: CommitRequest, head: Sha): Promise<boolean> {
  const found = await connection.api.Commits.show(request.repository.path, head);
  if (found.parent_ids?.[0] !== request.parent || found.message.trimEnd() !== request.message.trimEnd()) return false;
  const files = await standingFiles(connection, { ...request, expected: null, parent: head });
  return commitActions(request.changes, files).length === 0;
}

async function headOf({ api }: Connection, repository: RepositoryId, branch: string): Promise<Sha | null> {
  const found = await nullIfMissing(api.Branches.show(repository.path, branch));
  return found?.commit.id ?? null;
}

/** The files at the changed paths in the parent commit: one listing for each directory. */
async function standingFiles(
  connection: Connection,
  request: CommitRequest,
): Promise<ReadonlyMap<string, StandingFile>> {
  const { repository, parent } = request;
  const paths = new Set(request.changes.map(({ path }) => path));
  const files = new Map<string, StandingFile>();
  for (const directory of new Set([...paths].map((path) => dirname(path)))) {
    const listing = connection.api.Repositories.allRepositoryTrees(repository.path, {
      ref: parent,
      ...(directory === '.' ? {} : { path: directory }),
      ...LARGE_PAGES,
    });
    // A directory that isn't there is a 404, as of GitLab 15.
    for (const entry of (await nullIfMissing(listing)) ?? []) {
      if (entry.type !== 'blob' || !paths.has(entry.path)) continue;
      const lastCommit = isOnTop(request) ? await lastCommitOf(connection, request, entry.path) : null;
      files.set(entry.path, { mode: entry.mode, blob: entry.id, lastCommit });
    }
  }
  return files;
}

async function lastCommitOf({ api }: Connection, { repository, parent }: CommitRequest, path: string): Promise<Sha> {
  return (await api.RepositoryFiles.show(repository.path, path, parent)).last_commit_id;
}
