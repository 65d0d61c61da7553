/**
 * GitHub's own merge queue, as far as bots see it: groups that are built on branches of their own, and merged when the required checks of
 * their head are green. Which pull requests are queued, and when a group's turn has come, is for whoever plays GitHub to say.
 */
import type { Signature } from '../git/git-objects.js';
import type { Branches } from './branches.js';
import type { MergeGroup } from './events.js';
import type { ForgeState } from './forge-state.js';
import type { Protections } from './protections.js';
import type { PullRequests } from './pull-requests.js';
import type { Outcome } from './refusal.js';
import { done, invalid, notFound, refused } from './refusal.js';
import type { PullRequest } from './state.js';

/** GitHub's own account. */
const GITHUB = { name: 'GitHub', email: 'noreply@github.com' } as const;

interface GroupOrder {
  readonly repository: string;
  /** Who put them into the queue. */
  readonly actor: string;
  /** In the order of the queue; all into one branch. */
  readonly numbers: readonly number[];
  readonly method: 'merge' | 'squash';
}

interface Entry {
  readonly group: MergeGroup;
  readonly number: number;
  /** Of the pull request, when the group was built. */
  readonly pullHead: string;
  /** Who put it into the queue: on whose behalf GitHub acts. */
  readonly actor: string;
}

export class MergeGroups {
  /** By `owner/name`, then by branch, in the order of the queue. */
  private readonly entries = new Map<string, ReadonlyMap<string, Entry>>();

  constructor(
    private readonly state: ForgeState,
    private readonly parts: {
      readonly protections: Protections;
      readonly pullRequests: PullRequests;
      readonly branches: Branches;
      readonly unmet: (
        repository: string,
        sha: string,
        required: readonly string[],
      ) => readonly { readonly name: string }[];
    },
  ) {}

  /** One group for each, built on the one before it, behind those that are there. Each asks for checks. */
  async build(order: GroupOrder): Promise<Outcome<readonly MergeGroup[]>> {
    const built: MergeGroup[] = [];
    for (const number of order.numbers) {
      const group = await this.state.git(order.repository).exclusive(() => this.buildOne(order, number));
      if (!group.ok) return group;
      built.push(group.value);
    }
    return done(built);
  }

  /**
   * What GitHub does once a group's turn has come: merges it, and what stands before it, where the required checks of its head are green;
   * takes it and what stands on it out of the queue where they are not, or where the target branch or a pull request has moved meanwhile.
   */
  settle(repository: string, branch: string): Promise<Outcome<'merged' | 'dequeued'>> {
    return this.state.git(repository).exclusive(async () => {
      const all = [...(this.entries.get(repository) ?? new Map<string, Entry>())];
      const index = all.findIndex(([name]) => name === branch);
      const entry = all[index]?.[1];
      const found = this.state.repositories.get(repository);
      if (entry === undefined || found === undefined) return notFound('merge group');
      const base = entry.group.baseBranch;
      const required = this.parts.protections.of(found, base)?.requiredChecks ?? [];
      const before = all.slice(0, index + 1).map(([, each]) => each);
      if (
        this.parts.unmet(repository, entry.group.headSha, required).length > 0 ||
        !(await this.isCurrent(repository, before))
      ) {
        for (const [, each] of all.slice(index)) await this.destroy(repository, each, 'dequeued');
        this.entries.set(repository, new Map(all.slice(0, index)));
        return done('dequeued');
      }
      await this.land(repository, before);
      this.entries.set(repository, new Map(all.slice(index + 1)));
      return done('merged');
    });
  }

  /** The pull requests are what they were when they were put into it, and the target branch is where the first was built. */
  private async isCurrent(repository: string, entries: readonly Entry[]): Promise<boolean> {
    const [first] = entries;
    if (first === undefined) return false;
    const tip = await this.state.git(repository).branchHead(first.group.baseBranch);
    return (
      tip === first.group.baseSha &&
      entries.every(({ number, pullHead }) => {
        const found = this.state.pullRequest(repository, number);
        return found.ok && found.value.state === 'open' && found.value.headSha === pullHead;
      })
    );
  }

  private async buildOne(order: GroupOrder, number: number): Promise<Outcome<MergeGroup>> {
    const found = this.state.pullRequest(order.repository, number);
    if (!found.ok) return found;
    const pullRequest = found.value;
    const { repository, baseBranch, headSha } = pullRequest;
    if (pullRequest.state !== 'open') return invalid('MergeGroup', 'number', 'The pull request is not open.');
    const git = this.state.git(repository);
    const before = [...(this.entries.get(repository)?.values() ?? [])].filter(
      (one) => one.group.baseBranch === baseBranch,
    );
    const baseSha = before.at(-1)?.group.headSha ?? (await git.branchHead(baseBranch));
    if (baseSha === undefined) return notFound('branch');
    const merged = await git.mergeTrees(baseSha, headSha);
    if (merged.kind === 'conflict') return refused({ kind: 'merge-conflict', paths: merged.paths });
    const head = await git.writeCommit({
      tree: merged.tree,
      parents: order.method === 'merge' ? [baseSha, headSha] : [baseSha],
      ...this.signatures(),
      message: messageOf(order.method, pullRequest),
    });
    const branch = `gh-readonly-queue/${baseBranch}/pr-${String(number)}-${baseSha}`;
    const move = { repository, actor: order.actor, branch, before: undefined, after: head };
    const moved = await this.parts.branches.move(move);
    if (!moved.ok) return moved;
    const group: MergeGroup = { branch, headSha: head, baseBranch, baseSha };
    this.entries.set(
      repository,
      new Map([
        ...(this.entries.get(repository) ?? []),
        [branch, { group, number, pullHead: headSha, actor: order.actor }],
      ]),
    );
    this.tell(repository, order.actor, { action: 'checks_requested', group });
    return done(group);
  }

  /** Oldest first: the target branch becomes the last one's head. */
  private async land(repository: string, entries: readonly Entry[]): Promise<void> {
    const last = entries.at(-1);
    if (last === undefined) return;
    const { baseBranch, headSha } = last.group;
    const before = await this.state.git(repository).branchHead(baseBranch);
    await this.state.git(repository).updateRef(`refs/heads/${baseBranch}`, headSha, before ?? '');
    for (const { number, group } of entries) {
      const found = this.state.pullRequest(repository, number);
      const merge = { at: this.state.now(), by: last.actor, method: 'squash', sha: group.headSha } as const;
      // Before what follows from the moved branch, which would take it for merged by a push.
      if (found.ok) this.parts.pullRequests.life.markMerged(found.value, merge);
    }
    await this.parts.branches.moved({ repository, actor: last.actor, branch: baseBranch, before, after: headSha });
    for (const each of entries) await this.destroy(repository, each, 'merged');
  }

  private async destroy(repository: string, { group, actor }: Entry, reason: 'merged' | 'dequeued'): Promise<void> {
    const { branch, headSha } = group;
    await this.parts.branches.move({ repository, actor, branch, before: headSha, after: undefined });
    this.tell(repository, actor, { action: 'destroyed', reason, group });
  }

  private tell(
    repository: string,
    actor: string,
    told:
      | { readonly action: 'checks_requested'; readonly group: MergeGroup }
      | { readonly action: 'destroyed'; readonly reason: 'merged' | 'dequeued'; readonly group: MergeGroup },
  ): void {
    this.state.emit({ kind: 'merge-group', at: this.state.now(), actor, repository, ...told });
  }

  private signatures(): { readonly author: Signature; readonly committer: Signature } {
    const by = { ...GITHUB, date: this.state.now() };
    return { author: by, committer: by };
  }
}

function messageOf(method: GroupOrder['method'], { number, title, headRepository, headBranch }: PullRequest): string {
  if (method === 'squash') return `${title} (#${String(number)})\n`;
  return `Merge pull request #${String(number)} from ${headRepository.split('/')[0] ?? ''}/${headBranch}\n\n${title}\n`;
}
