/** Committing changes of files to a branch in one step: GitLab's commits API, the control API's "push a commit". */
import type { Signature, TreeChange, TreeEntry } from '../git/git-objects.js';
import type { GitRepository } from '../git/git-repository.js';
import type { Branches } from './branches.js';
import type { ForgeState } from './forge-state.js';
import type { Protections } from './protections.js';
import type { Outcome } from './refusal.js';
import { done, invalid, notFound, refused } from './refusal.js';

export type FileAction =
  | {
      readonly kind: 'create' | 'update' | 'put';
      readonly path: string;
      readonly content: Buffer;
      readonly executable?: boolean;
      readonly lastCommit?: string;
    }
  | { readonly kind: 'delete'; readonly path: string; readonly lastCommit?: string }
  | {
      readonly kind: 'move';
      readonly path: string;
      readonly previousPath: string;
      readonly content?: Buffer;
      readonly lastCommit?: string;
    }
  | { readonly kind: 'chmod'; readonly path: string; readonly executable: boolean; readonly lastCommit?: string };

interface NewBranchCommit {
  readonly repository: string;
  readonly actor: string;
  readonly branch: string;
  readonly message: string;
  readonly actions: readonly FileAction[];
  /** A commit or branch name to start from. Not given: the branch's head. Needed when the branch is new. */
  readonly start?: string;
  /** Moves an existing branch to a commit made from `start`, whatever it was. */
  readonly force?: boolean;
  /** Refused with `head-moved` when the branch is elsewhere. */
  readonly expectedHead?: string;
  readonly author?: { readonly name: string; readonly email: string };
}

export class Commits {
  constructor(
    private readonly state: ForgeState,
    private readonly branches: Branches,
    private readonly protections: Protections,
  ) {}

  /** Needs permission to push to the branch. Gives the new commit's SHA. */
  commit(wanted: NewBranchCommit): Promise<Outcome<{ readonly sha: string }>> {
    const found = this.state.repository(wanted.repository);
    if (!found.ok) return Promise.resolve(found);
    const git = this.state.git(wanted.repository);
    return git.exclusive(async () => {
      const allowed = this.protections.mayPush(wanted.repository, wanted.branch, wanted.actor);
      if (!allowed.ok) return allowed;
      const before = await git.branchHead(wanted.branch);
      if (wanted.expectedHead !== undefined && wanted.expectedHead !== before) {
        return refused({ kind: 'head-moved', expected: wanted.expectedHead, actual: before ?? 'none' });
      }
      const parent = await this.parentOf(wanted, before);
      if (!parent.ok) return parent;
      const changes = await treeChanges(git, parent.value, wanted.actions);
      if (!changes.ok) return changes;
      const tree = await git.writeTree(parent.value, changes.value);
      const committer = this.signature(wanted.actor);
      const author = { ...committer, ...wanted.author };
      const message = wanted.message.endsWith('\n') ? wanted.message : `${wanted.message}\n`;
      const sha = await git.writeCommit({ tree, parents: [parent.value], author, committer, message });
      const moved = await this.branches.move({
        repository: wanted.repository,
        actor: wanted.actor,
        branch: wanted.branch,
        before,
        after: sha,
      });
      return moved.ok ? done({ sha }) : moved;
    });
  }

  private async parentOf(wanted: NewBranchCommit, before: string | undefined): Promise<Outcome<string>> {
    const git = this.state.git(wanted.repository);
    const start = wanted.start === undefined ? before : await git.resolveCommit(wanted.start);
    if (start === undefined) return notFound(wanted.start === undefined ? 'branch' : 'start commit');
    if (before !== undefined && wanted.start !== undefined && start !== before) {
      if (wanted.force !== true)
        return refused({
          kind: 'already-exists',
          resource: 'Branch',
          message: `A branch called '${wanted.branch}' already exists. Switch to that branch in order to make changes`,
        });
      if (!this.protections.forcePushesAllowed(wanted.repository, wanted.branch))
        return refused({ kind: 'not-fast-forward', ref: `refs/heads/${wanted.branch}` });
    }
    return done(start);
  }

  private signature(login: string): Signature {
    const user = this.state.users.get(login);
    return {
      name: user?.name ?? login,
      email: user?.email ?? `${login}@users.noreply.forge.test`,
      date: this.state.now(),
    };
  }
}

async function treeChanges(
  git: GitRepository,
  parent: string,
  actions: readonly FileAction[],
): Promise<Outcome<readonly TreeChange[]>> {
  const changes: TreeChange[] = [];
  for (const action of actions) {
    const made = await changesOf(git, { parent, earlier: changes }, action);
    if (!made.ok) return made;
    changes.push(...made.value);
  }
  return done(changes);
}

/** The tree so far: actions of one commit build on each other, as Gitaly applies them. */
interface Progress {
  readonly parent: string;
  readonly earlier: readonly TreeChange[];
}

async function entryNow(
  git: GitRepository,
  { parent, earlier }: Progress,
  path: string,
): Promise<Pick<TreeEntry, 'mode' | 'sha'> | undefined> {
  const change = earlier.findLast((one) => one.path === path);
  if (change === undefined) return git.entryAt(parent, path);
  return change.sha === null ? undefined : { mode: change.mode, sha: change.sha };
}

async function changesOf(
  git: GitRepository,
  progress: Progress,
  action: FileAction,
): Promise<Outcome<readonly TreeChange[]>> {
  const source = action.kind === 'move' ? action.previousPath : action.path;
  const existing = await entryNow(git, progress, source);
  const problem =
    existenceProblem(action.kind, source, existing) ??
    (await ageProblem(git, progress.parent, { source, lastCommit: action.lastCommit }));
  if (problem !== undefined) return problem;
  const mode = existing?.mode ?? '100644';
  switch (action.kind) {
    case 'delete':
      return done([{ path: action.path, mode, sha: null }]);
    case 'chmod':
      return done([{ path: action.path, mode: fileMode(action.executable), sha: existing?.sha ?? null }]);
    case 'move':
      return done([
        { path: source, mode, sha: null },
        { path: action.path, mode, sha: await movedContent(git, action.content, existing) },
      ]);
    default: {
      const wanted = action.executable === undefined ? mode : fileMode(action.executable);
      return done([{ path: action.path, mode: wanted, sha: await git.writeBlob(action.content) }]);
    }
  }
}

/** A move may bring new content; without, the blob travels. */
async function movedContent(
  git: GitRepository,
  content: Buffer | undefined,
  existing: Pick<TreeEntry, 'mode' | 'sha'> | undefined,
): Promise<string | null> {
  return content === undefined ? (existing?.sha ?? null) : git.writeBlob(content);
}

function fileMode(executable: boolean): string {
  return executable ? '100755' : '100644';
}

function existenceProblem(
  kind: FileAction['kind'],
  path: string,
  existing: Pick<TreeEntry, 'mode' | 'sha'> | undefined,
): ReturnType<typeof invalid> | undefined {
  if (kind === 'put') return undefined;
  if (kind === 'create')
    return existing === undefined ? undefined : invalid('File', path, 'A file with this name already exists');
  return existing === undefined ? invalid('File', path, "A file with this name doesn't exist") : undefined;
}

async function ageProblem(
  git: GitRepository,
  parent: string,
  file: { readonly source: string; readonly lastCommit: string | undefined },
): Promise<ReturnType<typeof invalid> | undefined> {
  if (file.lastCommit === undefined) return undefined;
  const [last] = await git.log({ from: [parent], path: file.source, limit: 1 });
  if (last?.sha === file.lastCommit) return undefined;
  return invalid(
    'File',
    file.source,
    'You are attempting to update a file that has changed since you started editing it.',
  );
}
