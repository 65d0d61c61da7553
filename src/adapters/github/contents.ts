/**
 * Commits through GitHub's Git Data API: tree, commit, then the branch by compare-and-swap. An App's commits carry no author of
 * ours, so that GitHub signs them in the App's name; file modes survive, which the contents API would lose.
 */
import type { RepositoryId, Sha } from '../../core/ids.js';
import { Forbidden, Unavailable } from '../../core/problem.js';
import type { CommitOutcome, CommitRequest, Contents } from '../../ports/contents.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { ask, holdLane, once, placeOf, type Client, type Clients, type Place } from './client.js';
import { answered, isAmbiguous, wordsOf } from './errors.js';
import { writeTree } from './write-tree.js';

interface Standing {
  readonly tree: Sha;
  readonly parents: readonly Sha[];
  readonly message: string;
}

/** One commit being made. */
interface Making {
  readonly client: Client;
  readonly lock: LaneLock;
  readonly place: Place;
  readonly request: CommitRequest;
  readonly tree: Sha;
}

export class GithubContents implements Contents {
  constructor(private readonly clients: Clients) {}

  async commit(lock: LaneLock, request: CommitRequest): Promise<CommitOutcome> {
    return ask(`commit to ${request.branch} of ${request.repository.path}`, async () => {
      const client = await this.clients.of(request.repository);
      const place = placeOf(request.repository);
      const before = await headOf(client, place, request.branch);
      if (before !== request.expected && !(await mayBeOurs(client, place, { head: before, request })))
        return { kind: 'branch-moved', actual: before };
      const tree = await writeTree(client, lock, { place, parent: request.parent, changes: request.changes });
      const making: Making = { client, lock, place, request, tree };
      if (before !== request.expected)
        return (await isOurs(making, before)) && before !== null
          ? { kind: 'committed', commit: before }
          : { kind: 'branch-moved', actual: before };
      await holdLane(lock);
      const { message, parent } = request;
      const made = await client.rest.git.createCommit({ ...place, message, tree, parents: [parent], ...once });
      return moveBranch(making, made.data.sha);
    });
  }

  /**
   * GitHub has no compare-and-swap for deletion: a push between our look and our deletion would be lost from the branch. Only the
   * bot's own branches are deleted, and the lane is held; a pull request keeps its commits.
   */
  async deleteBranch(
    lock: LaneLock,
    repository: RepositoryId,
    branch: { readonly name: string; readonly expected: Sha },
  ): Promise<void> {
    await ask(`delete the branch ${branch.name} of ${repository.path}`, async () => {
      const client = await this.clients.of(repository);
      const place = placeOf(repository);
      await holdLane(lock);
      if ((await headOf(client, place, branch.name)) !== branch.expected) return;
      try {
        await client.rest.git.deleteRef({ ...place, ref: `heads/${branch.name}`, ...once });
      } catch (error) {
        if ((await headOf(client, place, branch.name)) !== null) throw error;
      }
    });
  }
}

/** Points the branch to the commit if it still stands where it should, and looks again after any answer but yes. */
async function moveBranch(making: Making, commit: Sha): Promise<CommitOutcome> {
  const { client, lock, place, request } = making;
  await holdLane(lock);
  // `force: false` accepts any ancestor of the commit, `force: true` accepts anything: neither compares with `expected` for us,
  // so the last thing before the write is a look at the branch.
  const now = await headOf(client, place, request.branch);
  if (now !== request.expected) return { kind: 'branch-moved', actual: now };
  try {
    await sendMove(making, commit);
    return { kind: 'committed', commit };
  } catch (error) {
    if (!isAmbiguous(error) && !answered(error, 422) && !answered(error, 404) && !answered(error, 409)) throw error;
    const after = await headOf(client, place, request.branch);
    if (after === commit) return { kind: 'committed', commit };
    if (after !== request.expected) return { kind: 'branch-moved', actual: after };
    if (answered(error, 422))
      throw new Forbidden(`GitHub did not let ${request.branch} of ${request.repository.path} move: ${wordsOf(error)}`);
    if (answered(error, 409))
      throw new Unavailable(`GitHub could not move ${request.branch} of ${request.repository.path} just now`);
    throw error;
  }
}

async function sendMove({ client, place, request }: Making, commit: Sha): Promise<void> {
  if (request.expected === null) {
    await client.rest.git.createRef({ ...place, ref: `refs/heads/${request.branch}`, sha: commit, ...once });
    return;
  }
  const force = request.parent !== request.expected;
  await client.rest.git.updateRef({ ...place, ref: `heads/${request.branch}`, sha: commit, force, ...once });
}

/** Where a branch stands, or null. */
async function headOf(client: Client, place: Place, branch: string): Promise<Sha | null> {
  try {
    return (await client.rest.git.getRef({ ...place, ref: `heads/${branch}` })).data.object.sha;
  } catch (error) {
    if (answered(error, 404)) return null;
    throw error;
  }
}

/** Cheap half of {@link isOurs}: told before anything is written. */
async function mayBeOurs(
  client: Client,
  place: Place,
  { head, request }: { readonly head: Sha | null; readonly request: CommitRequest },
): Promise<boolean> {
  if (head === null) return false;
  const standing = await commitAt(client, place, head);
  return (
    standing.parents.length === 1 &&
    standing.parents[0] === request.parent &&
    standing.message.trimEnd() === request.message.trimEnd()
  );
}

/** True when the branch stands at what this request would have made: an earlier answer was lost. */
async function isOurs({ client, place, tree }: Making, head: Sha | null): Promise<boolean> {
  return head !== null && (await commitAt(client, place, head)).tree === tree;
}

async function commitAt(client: Client, place: Place, sha: Sha): Promise<Standing> {
  const { data } = await client.rest.git.getCommit({ ...place, commit_sha: sha });
  return { tree: data.tree.sha, parents: data.parents.map((one) => one.sha), message: data.message };
}
