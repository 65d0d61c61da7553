/** GitLab's rebase of a merge request: asked for at once, done some time later, and what went wrong stays with the merge request. */
import type { Branches } from './branches.js';
import type { ForgeState } from './forge-state.js';
import { pickCommits } from './pick-commits.js';
import type { Protections } from './protections.js';
import type { Outcome } from './refusal.js';
import { done, invalid, refused } from './refusal.js';
import type { PullRequest } from './state.js';

interface RebaseOrder {
  readonly repository: string;
  readonly number: number;
  readonly actor: string;
}

export class Rebasing {
  constructor(
    private readonly state: ForgeState,
    private readonly parts: { readonly protections: Protections; readonly branches: Branches },
  ) {}

  /** Needs the right to push to the head branch. */
  ask({ repository, number, actor }: RebaseOrder): Outcome<PullRequest> {
    const found = this.state.pullRequest(repository, number);
    if (!found.ok) return found;
    const { headRepository, headBranch, state } = found.value;
    if (state !== 'open') return invalid('PullRequest', 'state', 'The merge request is not open');
    const message = `${actor} may not push to ${headRepository}`;
    if (headRepository !== repository) return refused({ kind: 'forbidden', need: 'write', message });
    const allowed = this.parts.protections.mayPush(repository, headBranch, actor);
    if (!allowed.ok) return allowed;
    return done(this.state.changePullRequest(found.value, { rebase: { state: 'running', by: actor } }));
  }

  /** Carries out what was asked for; nothing where nothing was. */
  finish({ repository, number }: Omit<RebaseOrder, 'actor'>): Promise<void> {
    const git = this.state.git(repository);
    return git.exclusive(async () => {
      const found = this.state.pullRequest(repository, number);
      if (!found.ok || found.value.rebase?.state !== 'running') return;
      const { headBranch, headSha, baseBranch, rebase } = found.value;
      const base = await git.branchHead(baseBranch);
      if (base === undefined || (await git.isAncestor(base, headSha))) {
        this.state.changePullRequest(found.value, { rebase: { state: 'done', head: headSha } });
        return;
      }
      const commits = await git.log({ from: [headSha], not: [base], oldestFirst: true });
      const user = this.state.users.get(rebase.by);
      const committer = { name: user?.name ?? rebase.by, email: user?.email ?? '', date: this.state.now() };
      const picked = await pickCommits(git, { commits, onto: base, committer });
      const ended = picked.ok
        ? ({ state: 'done', head: picked.value } as const)
        : ({ state: 'failed', head: headSha } as const);
      this.state.changePullRequest(found.value, { rebase: ended });
      if (!picked.ok) return;
      const move = { repository, actor: rebase.by, branch: headBranch, before: headSha, after: picked.value };
      await this.parts.branches.move(move);
    });
  }
}
