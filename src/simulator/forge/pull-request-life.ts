/** What happens to a pull request over time: new heads, a moved or deleted base, closing, being merged. */
import type { PullRequestAction } from './events.js';
import type { ForgeState } from './forge-state.js';
import type { Protections } from './protections.js';
import type { Reviews } from './reviews.js';
import type { PullRequest, PullRequestVersion } from './state.js';

interface BranchMoved {
  readonly repository: string;
  readonly branch: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly actor: string;
}

function endThatMoved(one: PullRequest, { repository, branch }: BranchMoved): 'head' | 'base' | null {
  if (one.headRepository === repository && one.headBranch === branch) return 'head';
  return one.repository === repository && one.baseBranch === branch ? 'base' : null;
}

export class PullRequestLife {
  constructor(
    private readonly state: ForgeState,
    private readonly rules: { readonly reviews: Reviews; readonly protections: Protections },
  ) {}

  /** A branch has moved: new versions of pull requests from it, mergeability of those into it forgotten, merged or closed ones marked. */
  async branchMoved(move: BranchMoved): Promise<void> {
    for (const one of this.state.pullRequestsTouching(move.repository)) {
      const current = this.state.pullRequest(one.repository, one.number);
      if (!current.ok || current.value.state !== 'open') continue;
      const { after, actor } = move;
      const end = endThatMoved(one, move);
      if (end === null) continue;
      if (after === undefined) this.close(current.value, actor);
      else if (end === 'head') await this.synchronize(current.value, after, actor);
      else await this.baseMoved(current.value, { after, actor });
    }
  }

  /** Marks as merged; only merging and pushes that contain the head do this. */
  markMerged(pullRequest: PullRequest, merge: NonNullable<PullRequest['merge']>): PullRequest {
    const merged = this.state.changePullRequest(pullRequest, {
      state: 'merged',
      merge,
      closedAt: merge.at,
      closedBy: merge.by,
      updatedAt: merge.at,
    });
    this.happened(merged, merge.by, { name: 'merged' });
    return merged;
  }

  close(pullRequest: PullRequest, actor: string): PullRequest {
    const now = this.state.now();
    const closed = this.state.changePullRequest(pullRequest, {
      state: 'closed',
      closedAt: now,
      closedBy: actor,
      updatedAt: now,
    });
    this.happened(closed, actor, { name: 'closed' });
    return closed;
  }

  async synchronize(pullRequest: PullRequest, after: string, actor: string): Promise<PullRequest> {
    const before = pullRequest.headSha;
    if (pullRequest.headRepository !== pullRequest.repository)
      await this.state
        .git(pullRequest.repository)
        .takeFrom(this.state.git(pullRequest.headRepository), pullRequest.headBranch);
    const baseSha =
      (await this.state.git(pullRequest.repository).branchHead(pullRequest.baseBranch)) ?? pullRequest.baseSha;
    const version = await this.newVersion(pullRequest.repository, after, baseSha);
    const changed = this.state.changePullRequest(pullRequest, {
      headSha: after,
      baseSha,
      versions: [...pullRequest.versions, version],
      mergeability: 'unknown',
      updatedAt: this.state.now(),
    });
    await this.keepHeadRef(changed);
    const repository = this.state.repositories.get(changed.repository);
    if (repository !== undefined) {
      const dismiss = this.rules.protections.of(repository, changed.baseBranch)?.dismissStaleReviews === true;
      // GitLab keeps approvals when it has rebased by itself.
      const rebased = pullRequest.rebase?.state === 'done' && pullRequest.rebase.head === after;
      const reset = repository.settings.resetApprovalsOnPush && !rebased;
      this.rules.reviews.headMoved(changed, actor, dismiss ? 'dismiss' : reset ? 'remove' : 'keep');
    }
    this.happened(changed, actor, { name: 'synchronized', before, after });
    return changed;
  }

  private async baseMoved(
    pullRequest: PullRequest,
    move: { readonly after: string; readonly actor: string },
  ): Promise<void> {
    const git = this.state.git(pullRequest.repository);
    const lastVersion = pullRequest.versions.at(-1);
    const hasCommits = lastVersion === undefined || lastVersion.baseSha !== pullRequest.headSha;
    if (hasCommits && (await git.isAncestor(pullRequest.headSha, move.after))) {
      this.markMerged(pullRequest, { at: this.state.now(), by: move.actor, method: 'push', sha: move.after });
    } else {
      this.state.changePullRequest(pullRequest, { mergeability: 'unknown' });
    }
  }

  /** The version that a head and the base's head make. */
  async newVersion(repository: string, headSha: string, startSha: string): Promise<PullRequestVersion> {
    const baseSha = (await this.state.git(repository).mergeBase(startSha, headSha)) ?? startSha;
    return { id: this.state.nextId(), headSha, startSha, baseSha, createdAt: this.state.now() };
  }

  /** `refs/pull/N/head` or `refs/merge-requests/N/head`. */
  async keepHeadRef(pullRequest: PullRequest): Promise<void> {
    const folder = this.state.options.dialect === 'github' ? 'pull' : 'merge-requests';
    await this.state
      .git(pullRequest.repository)
      .setRef(`refs/${folder}/${pullRequest.number}/head`, pullRequest.headSha);
  }

  happened(pullRequest: PullRequest, actor: string, action: PullRequestAction): void {
    this.state.emit({
      kind: 'pull-request',
      number: pullRequest.number,
      action,
      at: this.state.now(),
      actor,
      repository: pullRequest.repository,
    });
  }
}
