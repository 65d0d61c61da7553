/** Moving, making and deleting branches, with everything that follows from it: push events, pull requests, pipelines. */
import type { Ref } from '../git/git-objects.js';
import { zeroSha } from '../git/git-objects.js';
import type { ForgeState } from './forge-state.js';
import type { Pipelines } from './pipelines.js';
import type { Protections } from './protections.js';
import type { PullRequests } from './pull-requests.js';
import type { Outcome } from './refusal.js';
import { done, invalid, notFound, refused } from './refusal.js';

interface BranchUpdate {
  readonly repository: string;
  readonly actor: string;
  readonly branch: string;
  /** A commit that is in the object database. */
  readonly to: string;
  /** Refused with `head-moved` when the branch is elsewhere. */
  readonly expected?: string;
  /** `only-forward` refuses what is not a fast forward. */
  readonly mode: 'only-forward' | 'force';
}

interface BranchMove {
  readonly repository: string;
  readonly actor: string;
  readonly branch: string;
  /** Undefined: it did not exist, or no longer does. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export class Branches {
  constructor(
    private readonly state: ForgeState,
    private readonly parts: {
      readonly protections: Protections;
      readonly pullRequests: PullRequests;
      readonly pipelines: Pipelines;
    },
  ) {}

  /** Name → head, by name. */
  async list(repository: string): Promise<readonly { readonly name: string; readonly sha: string }[]> {
    const refs = await this.state.git(repository).listRefs('refs/heads/');
    return refs.map((ref) => ({ name: ref.name.slice('refs/heads/'.length), sha: ref.sha }));
  }

  create(creation: {
    readonly repository: string;
    readonly actor: string;
    readonly branch: string;
    readonly to: string;
  }): Promise<Outcome<BranchMove>> {
    return this.state.git(creation.repository).exclusive(async () => {
      const problem = await this.problemWith(creation);
      if (problem !== undefined) return problem;
      const git = this.state.git(creation.repository);
      if ((await git.branchHead(creation.branch)) !== undefined) {
        return refused({ kind: 'already-exists', resource: 'Reference', message: 'Reference already exists' });
      }
      return this.move({ ...creation, before: undefined, after: creation.to });
    });
  }

  update(update: BranchUpdate): Promise<Outcome<BranchMove>> {
    return this.state.git(update.repository).exclusive(async () => {
      const problem = await this.problemWith(update);
      if (problem !== undefined) return problem;
      const git = this.state.git(update.repository);
      const before = await git.branchHead(update.branch);
      if (before === undefined) return notFound('branch');
      if (update.expected !== undefined && update.expected !== before) {
        return refused({ kind: 'head-moved', expected: update.expected, actual: before });
      }
      const forward = await git.isAncestor(before, update.to);
      const forceAllowed = this.parts.protections.forcePushesAllowed(update.repository, update.branch);
      if (!forward && (update.mode === 'only-forward' || !forceAllowed)) {
        return refused({ kind: 'not-fast-forward', ref: `refs/heads/${update.branch}` });
      }
      return this.move({ ...update, before, after: update.to });
    });
  }

  /** Open pull requests from and into the branch are closed. */
  delete(deletion: {
    readonly repository: string;
    readonly actor: string;
    readonly branch: string;
  }): Promise<Outcome<BranchMove>> {
    return this.state.git(deletion.repository).exclusive(async () => {
      const allowed = this.parts.protections.mayPush(deletion.repository, deletion.branch, deletion.actor);
      if (!allowed.ok) return allowed;
      const before = await this.state.git(deletion.repository).branchHead(deletion.branch);
      if (before === undefined) return notFound('branch');
      const repository = this.state.repositories.get(deletion.repository);
      const isProtected =
        repository !== undefined && this.parts.protections.of(repository, deletion.branch) !== undefined;
      if (repository?.defaultBranch === deletion.branch || isProtected) {
        return refused({
          kind: 'protected-branch',
          branch: deletion.branch,
          message: `Cannot delete protected branch ${deletion.branch}`,
        });
      }
      return this.move({ ...deletion, before, after: undefined });
    });
  }

  /** Moves the ref by compare-and-swap without asking who may. Call inside `exclusive`. */
  async move(move: BranchMove): Promise<Outcome<BranchMove>> {
    const from = move.before ?? zeroSha;
    const moved = await this.state
      .git(move.repository)
      .updateRef(`refs/heads/${move.branch}`, move.after ?? zeroSha, from);
    if (moved === 'moved') return refused({ kind: 'head-moved', expected: from, actual: 'elsewhere' });
    await this.moved(move);
    return done(move);
  }

  /** What follows from a push over HTTP, given all refs before and after it. Call inside `exclusive`. */
  async pushed(push: {
    readonly repository: string;
    readonly actor: string;
    readonly before: readonly Ref[];
    readonly after: readonly Ref[];
  }): Promise<void> {
    const before = new Map(push.before.map((ref) => [ref.name, ref.sha]));
    const after = new Map(push.after.map((ref) => [ref.name, ref.sha]));
    const { repository, actor } = push;
    for (const name of new Set([...before.keys(), ...after.keys()])) {
      const [was, is] = [before.get(name), after.get(name)];
      if (was === is) continue;
      if (name.startsWith('refs/heads/')) {
        await this.moved({ repository, actor, branch: name.slice('refs/heads/'.length), before: was, after: is });
      } else if (name.startsWith('refs/tags/')) {
        const ends = { before: was ?? zeroSha, after: is ?? zeroSha, forced: was !== undefined && is !== undefined };
        this.state.emit({ kind: 'push', ref: name, ...ends, at: this.state.now(), actor, repository });
      }
    }
  }

  /** What follows when a branch has moved. */
  async moved(move: BranchMove): Promise<void> {
    if (move.before === move.after) return;
    const git = this.state.git(move.repository);
    const now = this.state.now();
    const repository = this.state.repositories.get(move.repository);
    if (repository !== undefined) this.state.repositories.set(move.repository, { ...repository, pushedAt: now });
    const forced =
      move.before !== undefined && move.after !== undefined && !(await git.isAncestor(move.before, move.after));
    this.state.emit({
      kind: 'push',
      ref: `refs/heads/${move.branch}`,
      before: move.before ?? zeroSha,
      after: move.after ?? zeroSha,
      forced,
      at: now,
      actor: move.actor,
      repository: move.repository,
    });
    await this.parts.pullRequests.life.branchMoved(move);
    const jobs = repository?.settings.pipelineJobs ?? [];
    if (jobs.length > 0 && move.after !== undefined) {
      this.parts.pipelines.start({
        repository: move.repository,
        sha: move.after,
        ref: move.branch,
        source: 'push',
        actor: move.actor,
        jobs,
      });
    }
  }

  private async problemWith(update: {
    readonly repository: string;
    readonly actor: string;
    readonly branch: string;
    readonly to: string;
  }): Promise<Outcome<never> | undefined> {
    const allowed = this.parts.protections.mayPush(update.repository, update.branch, update.actor);
    if (!allowed.ok) return allowed;
    if ((await this.state.git(update.repository).objectType(update.to)) !== 'commit') {
      return invalid('Reference', 'sha', 'Object does not exist');
    }
    return undefined;
  }
}
