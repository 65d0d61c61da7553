/** Merging pull requests: permission, rules, expected head, the merge itself in the object database, then the base ref by compare-and-swap. */
import type { Commit, Signature } from '../git/git-objects.js';
import type { Branches } from './branches.js';
import type { ForgeState } from './forge-state.js';
import type { People } from './people.js';
import { pickCommits } from './pick-commits.js';
import type { Protections } from './protections.js';
import type { PullRequests } from './pull-requests.js';
import type { Outcome } from './refusal.js';
import { done, invalid, refused } from './refusal.js';
import type { MergeMethod, PullRequest } from './state.js';

interface MergeRequestOrder {
  readonly repository: string;
  readonly number: number;
  readonly actor: string;
  readonly method: MergeMethod;
  /** Refused with `head-moved` when the head is another. */
  readonly expectedHead?: string;
  readonly title?: string;
  readonly message?: string;
  /** Of the merge commit on top of a squashed one; the forge's own words when not given. */
  readonly onTop?: { readonly title: string; readonly message: string };
  readonly deleteBranch?: boolean;
}

interface MadeCommits {
  /** What the base branch becomes. */
  readonly sha: string;
  /** The squashed commit below a merge commit. */
  readonly squashSha?: string;
}

interface Sides {
  readonly pullRequest: PullRequest;
  readonly baseSha: string;
}

export class Merging {
  constructor(
    private readonly state: ForgeState,
    private readonly people: People,
    private readonly parts: {
      readonly protections: Protections;
      readonly pullRequests: PullRequests;
      readonly branches: Branches;
    },
  ) {}

  /** Needs write permission. Gives the merge commit's SHA (rebase: the last rebased commit's). */
  merge(order: MergeRequestOrder): Promise<Outcome<{ readonly sha: string }>> {
    const repository = this.state.repository(order.repository);
    if (!repository.ok) return Promise.resolve(repository);
    return this.state.git(order.repository).exclusive(async () => {
      const sides = await this.mergeable(order);
      if (!sides.ok) return sides;
      const made = await this.makeCommits(order, sides.value);
      if (!made.ok) return made;
      const { pullRequest, baseSha } = sides.value;
      const { repository: fullName, baseBranch: branch } = pullRequest;
      const ref = `refs/heads/${branch}`;
      if ((await this.state.git(fullName).updateRef(ref, made.value.sha, baseSha)) === 'moved') {
        throw new Error(`${fullName} ${branch} moved during an exclusive merge`);
      }
      // Marked before what follows from the moved branch, which would take it for merged by a push.
      const merge = { at: this.state.now(), by: order.actor, method: order.method, ...made.value };
      this.parts.pullRequests.life.markMerged(pullRequest, merge);
      await this.parts.branches.moved({
        repository: fullName,
        actor: order.actor,
        branch,
        before: baseSha,
        after: made.value.sha,
      });
      await this.deleteHead(order, pullRequest);
      return done({ sha: made.value.sha });
    });
  }

  /** Merges the base branch into the head branch (GitHub's "update branch"). */
  updateBranch(order: {
    readonly repository: string;
    readonly number: number;
    readonly actor: string;
    readonly expectedHead?: string;
  }): Promise<Outcome<{ readonly sha: string }>> {
    const repository = this.state.repository(order.repository);
    if (!repository.ok) return Promise.resolve(repository);
    const git = this.state.git(order.repository);
    return git.exclusive(async () => {
      const found = this.state.pullRequest(order.repository, order.number);
      if (!found.ok) return found;
      const { headRepository, headBranch, headSha, baseBranch } = found.value;
      if (headRepository !== order.repository)
        return refused({
          kind: 'forbidden',
          need: 'write',
          message: `${order.actor} may not push to ${headRepository}`,
        });
      const allowed = this.parts.protections.mayPush(order.repository, headBranch, order.actor);
      if (!allowed.ok) return allowed;
      if (order.expectedHead !== undefined && order.expectedHead !== headSha) {
        return refused({ kind: 'head-moved', expected: order.expectedHead, actual: headSha });
      }
      const base = await git.branchHead(baseBranch);
      if (base === undefined || found.value.state !== 'open')
        return invalid('PullRequest', 'base', 'There are no new commits on the base branch.');
      if (await git.isAncestor(base, headSha))
        return invalid('PullRequest', 'base', 'There are no new commits on the base branch.');
      const result = await git.mergeTrees(headSha, base);
      if (result.kind === 'conflict') return refused({ kind: 'merge-conflict', paths: result.paths });
      const message = `Merge branch '${baseBranch}' into ${headBranch}\n`;
      const sha = await git.writeCommit({
        tree: result.tree,
        parents: [headSha, base],
        ...this.signed(order.actor, order.actor),
        message,
      });
      const moved = await this.parts.branches.move({
        repository: order.repository,
        actor: order.actor,
        branch: headBranch,
        before: headSha,
        after: sha,
      });
      return moved.ok ? done({ sha }) : moved;
    });
  }

  private async mergeable(order: MergeRequestOrder): Promise<Outcome<Sides>> {
    const allowed = this.people.require(order.repository, order.actor, 'write');
    if (!allowed.ok) return allowed;
    const found = this.state.pullRequest(order.repository, order.number);
    if (!found.ok) return found;
    const pullRequest = found.value;
    const settings = this.state.repositories.get(order.repository)?.settings;
    if (settings?.mergeMethods.includes(order.method) === false) {
      const word = { merge: 'Merge commits', squash: 'Squash merges', rebase: 'Rebase merges' }[order.method];
      return refused({
        kind: 'not-mergeable',
        reason: 'method-not-allowed',
        message: `${word} are not allowed on this repository.`,
      });
    }
    if (
      pullRequest.state === 'open' &&
      order.expectedHead !== undefined &&
      order.expectedHead !== pullRequest.headSha
    ) {
      return refused({ kind: 'head-moved', expected: order.expectedHead, actual: pullRequest.headSha });
    }
    const [obstacle] = await this.parts.protections.obstacles(pullRequest, order.actor);
    if (obstacle !== undefined) return refused({ kind: 'not-mergeable', ...obstacle });
    const baseSha = await this.state.git(order.repository).branchHead(pullRequest.baseBranch);
    if (baseSha === undefined)
      return refused({ kind: 'not-mergeable', reason: 'closed', message: 'Base branch does not exist' });
    return done({ pullRequest, baseSha });
  }

  private async makeCommits(order: MergeRequestOrder, sides: Sides): Promise<Outcome<MadeCommits>> {
    if (order.method === 'rebase') {
      const rebased = await this.rebase(order, sides);
      return rebased.ok ? done({ sha: rebased.value }) : rebased;
    }
    const made = await this.makeCommit(order, sides);
    if (!made.ok) return made;
    const { dialect } = this.state.options;
    const isSemiLinear = this.state.repositories.get(order.repository)?.settings.semiLinear === true;
    if (dialect === 'github' || order.method === 'merge' || !isSemiLinear) return done({ sha: made.value });
    const squashed = { ...sides.pullRequest, headSha: made.value };
    const { repository, number, actor } = order;
    const commit = { repository, number, actor, method: 'merge', ...order.onTop } as const;
    const onTop = await this.makeCommit(commit, { ...sides, pullRequest: squashed });
    return onTop.ok ? done({ sha: onTop.value, squashSha: made.value }) : onTop;
  }

  private async makeCommit(order: MergeRequestOrder, { pullRequest, baseSha }: Sides): Promise<Outcome<string>> {
    const git = this.state.git(order.repository);
    const result = await git.mergeTrees(baseSha, pullRequest.headSha);
    if (result.kind === 'conflict') return refused({ kind: 'merge-conflict', paths: result.paths });
    const commits = await git.log({ from: [pullRequest.headSha], not: [baseSha], oldestFirst: true });
    const parents = order.method === 'merge' ? [baseSha, pullRequest.headSha] : [baseSha];
    const author = order.method === 'merge' ? order.actor : pullRequest.author;
    const message = this.message(order, pullRequest, commits);
    return done(await git.writeCommit({ tree: result.tree, parents, ...this.signed(author, order.actor), message }));
  }

  private async rebase(order: MergeRequestOrder, { pullRequest, baseSha }: Sides): Promise<Outcome<string>> {
    const git = this.state.git(order.repository);
    // GitLab's name for it is a fast-forward merge: commits that are already on top of the target stay what they are.
    const onTop = this.state.options.dialect === 'gitlab' && (await git.isAncestor(baseSha, pullRequest.headSha));
    if (onTop) return done(pullRequest.headSha);
    const commits = await git.log({ from: [pullRequest.headSha], not: [baseSha], oldestFirst: true });
    const { committer } = this.signed(order.actor, order.actor);
    return pickCommits(git, { commits, onto: baseSha, committer });
  }

  private message(order: MergeRequestOrder, pullRequest: PullRequest, commits: readonly Commit[]): string {
    const owner = pullRequest.headRepository.split('/')[0] ?? '';
    const github = this.state.options.dialect === 'github';
    const mergeTitle = github
      ? `Merge pull request #${pullRequest.number} from ${owner}/${pullRequest.headBranch}`
      : `Merge branch '${pullRequest.headBranch}' into '${pullRequest.baseBranch}'`;
    const squashTitle = github ? `${pullRequest.title} (#${pullRequest.number})` : pullRequest.title;
    const squashBody = commits
      .map((one) => (commits.length === 1 ? one.message.split('\n').slice(2).join('\n') : `* ${one.message}`))
      .join('\n\n');
    const title = order.title ?? (order.method === 'merge' ? mergeTitle : squashTitle);
    const body = order.message ?? (order.method === 'merge' ? pullRequest.title : squashBody);
    return body.trim() === '' ? `${title}\n` : `${title}\n\n${body.trimEnd()}\n`;
  }

  /** GitHub's own commits are committed by GitHub; GitLab's by the person who merges. */
  private signed(author: string, actor: string): { readonly author: Signature; readonly committer: Signature } {
    const date = this.state.now();
    const forge = { name: 'GitHub', email: 'noreply@github.com', date };
    const committer = this.state.options.dialect === 'github' ? forge : this.signature(actor, date);
    return { author: this.signature(author, date), committer };
  }

  private signature(login: string, date: Date): Signature {
    const user = this.state.users.get(login);
    return { name: user?.name ?? login, email: user?.email ?? `${login}@users.noreply.forge.test`, date };
  }

  private async deleteHead(order: MergeRequestOrder, pullRequest: PullRequest): Promise<void> {
    if (pullRequest.headRepository !== pullRequest.repository) return;
    const settings = this.state.repositories.get(order.repository)?.settings;
    if (order.deleteBranch !== true && settings?.deleteBranchOnMerge !== true && !pullRequest.removeSourceBranch)
      return;
    const { repository, headBranch: branch, headSha: before } = pullRequest;
    await this.parts.branches.move({ repository, actor: order.actor, branch, before, after: undefined });
  }
}
