/** Opening, editing, closing and listing pull requests, and what a moved branch does to them. */
import { atLeast } from './access-level.js';
import type { PullRequestAction, PullRequestChange } from './events.js';
import type { ForgeState } from './forge-state.js';
import type { People } from './people.js';
import type { Protections } from './protections.js';
import type { Outcome } from './refusal.js';
import { done, invalid, refused } from './refusal.js';
import type { Reviews } from './reviews.js';
import type { MergeabilityState, PullRequest, PullRequestVersion } from './state.js';

export interface NewPullRequest {
  readonly repository: string;
  readonly actor: string;
  readonly title: string;
  readonly body?: string;
  readonly headBranch: string;
  readonly baseBranch: string;
  readonly draft?: boolean;
  readonly labels?: readonly string[];
  readonly removeSourceBranch?: boolean;
  readonly squash?: boolean;
}

export interface PullRequestEdit {
  readonly repository: string;
  readonly number: number;
  readonly actor: string;
  readonly title?: string;
  readonly body?: string;
  readonly state?: 'open' | 'closed';
  readonly baseBranch?: string;
  readonly draft?: boolean;
  readonly assignees?: readonly string[];
  readonly requestedReviewers?: readonly string[];
  readonly removeSourceBranch?: boolean;
  readonly squash?: boolean;
}

export class PullRequests {
  constructor(
    private readonly state: ForgeState,
    private readonly people: People,
    private readonly rules: { readonly reviews: Reviews; readonly protections: Protections },
  ) {}

  /** Needs write permission to the head's repository (here: the same). Refuses a second open one for the same head and base. */
  async open(wanted: NewPullRequest): Promise<Outcome<PullRequest>> {
    const problem = await this.openingProblem(wanted);
    if (problem !== undefined) return refused(problem);
    const git = this.state.git(wanted.repository);
    const [headSha = '', baseSha = ''] = [
      await git.branchHead(wanted.headBranch),
      await git.branchHead(wanted.baseBranch),
    ];
    const number = this.state.nextNumber(wanted.repository);
    const now = this.state.now();
    const version = await this.newVersion(wanted.repository, headSha, baseSha);
    const pullRequest = this.state.putPullRequest({
      id: this.state.nextId(),
      repository: wanted.repository,
      number,
      title: wanted.title,
      body: wanted.body ?? '',
      author: wanted.actor,
      state: 'open',
      draft: wanted.draft ?? false,
      headRepository: wanted.repository,
      headBranch: wanted.headBranch,
      headSha,
      baseBranch: wanted.baseBranch,
      baseSha,
      labels: [],
      assignees: [],
      requestedReviewers: [],
      versions: [version],
      mergeability: 'unknown',
      removeSourceBranch: wanted.removeSourceBranch ?? false,
      squash: wanted.squash ?? false,
      createdAt: now,
      updatedAt: now,
    });
    await this.keepHeadRef(pullRequest);
    this.happened(pullRequest, wanted.actor, { name: 'opened' });
    return done(wanted.labels === undefined ? pullRequest : this.applyLabels(pullRequest, wanted.labels, wanted.actor));
  }

  /** The author, and whoever has triage permission, may edit; a merged one can't be reopened. */
  async edit(edit: PullRequestEdit): Promise<Outcome<PullRequest>> {
    const found = this.editable(edit);
    if (!found.ok) return found;
    const before = found.value;
    if (edit.title !== undefined && edit.title.trim() === '')
      return invalid('PullRequest', 'title', "title can't be blank");
    const reopening = await this.reopeningProblem(before, edit);
    if (reopening !== undefined) return reopening;
    if (
      edit.baseBranch !== undefined &&
      (await this.state.git(edit.repository).branchHead(edit.baseBranch)) === undefined
    ) {
      return invalid('PullRequest', 'base', `Proposed base branch '${edit.baseBranch}' was not found`);
    }
    let changed = await this.applyFields(before, edit);
    const was = formerValues(before, changed);
    if (Object.keys(was).length > 0) this.happened(changed, edit.actor, { name: 'edited', was });
    if (before.draft !== changed.draft) this.happened(changed, edit.actor, { name: 'draft-changed' });
    if (edit.state === 'closed' && before.state === 'open') changed = this.close(changed, edit.actor);
    if (edit.state === 'open' && before.state === 'closed') changed = await this.reopen(changed, edit.actor);
    return done(changed);
  }

  /** Needs triage permission, or to be its author. Labels that the repository lacks are made. */
  setLabels(change: {
    readonly repository: string;
    readonly number: number;
    readonly actor: string;
    readonly labels: readonly string[];
  }): Outcome<PullRequest> {
    const found = this.editable(change);
    return found.ok ? done(this.applyLabels(found.value, change.labels, change.actor)) : found;
  }

  get(repository: string, number: number): Outcome<PullRequest> {
    return this.state.pullRequest(repository, number);
  }

  /** Oldest first. */
  of(repository: string): readonly PullRequest[] {
    return this.state.pullRequestsOf(repository);
  }

  /**
   * The pull request as a reader gets it: mergeability is worked out late. The first read after a change answers as
   * before and starts the checking; the next read has the result. Lists never start it.
   */
  async read(repository: string, number: number): Promise<Outcome<PullRequest>> {
    const found = this.state.pullRequest(repository, number);
    if (!found.ok || found.value.state !== 'open') return found;
    if (found.value.mergeability === 'unknown') {
      this.state.putPullRequest({ ...found.value, mergeability: 'checking' });
      return found;
    }
    return done(found.value.mergeability === 'checking' ? await this.computeMergeability(found.value) : found.value);
  }

  /** A branch has moved: new versions of pull requests from it, mergeability of those into it forgotten, merged or closed ones marked. */
  async branchMoved(move: {
    readonly repository: string;
    readonly branch: string;
    readonly before: string | undefined;
    readonly after: string | undefined;
    readonly actor: string;
  }): Promise<void> {
    for (const one of this.of(move.repository)) {
      const current = this.state.pullRequest(one.repository, one.number);
      if (!current.ok || current.value.state !== 'open') continue;
      if (one.headBranch === move.branch && move.after !== undefined)
        await this.synchronize(current.value, move.after, move.actor);
      else if (one.headBranch === move.branch || (one.baseBranch === move.branch && move.after === undefined))
        this.close(current.value, move.actor);
      else if (one.baseBranch === move.branch && move.after !== undefined)
        await this.baseMoved(current.value, { after: move.after, actor: move.actor });
    }
  }

  /** Marks as merged; only merging and pushes that contain the head do this. */
  markMerged(pullRequest: PullRequest, merge: NonNullable<PullRequest['merge']>): PullRequest {
    const merged = this.state.putPullRequest({
      ...pullRequest,
      state: 'merged',
      merge,
      closedAt: merge.at,
      closedBy: merge.by,
      updatedAt: merge.at,
    });
    this.happened(merged, merge.by, { name: 'merged' });
    return merged;
  }

  private async openingProblem(wanted: NewPullRequest): Promise<Parameters<typeof refused>[0] | undefined> {
    const allowed = this.people.require(wanted.repository, wanted.actor, 'write');
    if (!allowed.ok) return allowed.refusal;
    const git = this.state.git(wanted.repository);
    const bad = (field: string, message: string) =>
      ({ kind: 'invalid', resource: 'PullRequest', field, message }) as const;
    if (wanted.title.trim() === '') return bad('title', "title can't be blank");
    const [head, base] = [await git.branchHead(wanted.headBranch), await git.branchHead(wanted.baseBranch)];
    if (head === undefined) return bad('head', 'invalid');
    if (base === undefined) return bad('base', 'invalid');
    const duplicate = this.of(wanted.repository).find(
      (one) => one.state === 'open' && one.headBranch === wanted.headBranch && one.baseBranch === wanted.baseBranch,
    );
    if (duplicate !== undefined) {
      const owner = wanted.repository.split('/')[0] ?? '';
      return {
        kind: 'already-exists',
        resource: 'PullRequest',
        message: `A pull request already exists for ${owner}:${wanted.headBranch}.`,
        number: duplicate.number,
      };
    }
    const empty = this.state.options.dialect === 'github' && (await git.countCommits(head, [base])) === 0;
    return empty ? bad('base', `No commits between ${wanted.baseBranch} and ${wanted.headBranch}`) : undefined;
  }

  private async reopeningProblem(
    before: PullRequest,
    edit: PullRequestEdit,
  ): Promise<ReturnType<typeof invalid> | undefined> {
    if (edit.state !== 'open' || before.state === 'open') return undefined;
    if (before.state === 'merged') return invalid('PullRequest', 'state', 'Cannot reopen a merged pull request.');
    const head = await this.state.git(before.repository).branchHead(before.headBranch);
    return head === undefined
      ? invalid('PullRequest', 'state', `The ${before.headBranch} branch has been deleted.`)
      : undefined;
  }

  private editable(edit: {
    readonly repository: string;
    readonly number: number;
    readonly actor: string;
  }): Outcome<PullRequest> {
    const found = this.state.pullRequest(edit.repository, edit.number);
    const level = this.people.accessTo(edit.repository, edit.actor);
    if (found.ok && (found.value.author === edit.actor || atLeast(level, 'triage'))) return found;
    const allowed = this.people.require(edit.repository, edit.actor, 'triage');
    return allowed.ok || allowed.refusal.kind === 'not-found' ? found : allowed;
  }

  private async applyFields(before: PullRequest, edit: PullRequestEdit): Promise<PullRequest> {
    const { repository: _repository, number: _number, actor: _actor, state: _state, baseBranch, ...fields } = edit;
    let changed: PullRequest = { ...before, ...fields, updatedAt: this.state.now() };
    if (baseBranch !== undefined && baseBranch !== before.baseBranch) {
      const baseSha = (await this.state.git(before.repository).branchHead(baseBranch)) ?? before.baseSha;
      const version = await this.newVersion(before.repository, before.headSha, baseSha);
      changed = { ...changed, baseBranch, baseSha, versions: [...before.versions, version], mergeability: 'unknown' };
    }
    return this.state.putPullRequest(changed);
  }

  private applyLabels(pullRequest: PullRequest, labels: readonly string[], actor: string): PullRequest {
    const wanted = [...new Set(labels)];
    const repository = this.state.repositories.get(pullRequest.repository);
    if (repository !== undefined) {
      const missing = wanted.filter((name) => !repository.labels.some((one) => one.name === name));
      const made = missing.map((name) => ({ id: this.state.nextId(), name, color: 'ededed' }));
      this.state.repositories.set(repository.fullName, { ...repository, labels: [...repository.labels, ...made] });
    }
    const changed = this.state.putPullRequest({ ...pullRequest, labels: wanted, updatedAt: this.state.now() });
    for (const label of wanted.filter((name) => !pullRequest.labels.includes(name)))
      this.happened(changed, actor, { name: 'labeled', label });
    for (const label of pullRequest.labels.filter((name) => !wanted.includes(name)))
      this.happened(changed, actor, { name: 'unlabeled', label });
    return changed;
  }

  private close(pullRequest: PullRequest, actor: string): PullRequest {
    const now = this.state.now();
    const closed = this.state.putPullRequest({
      ...pullRequest,
      state: 'closed',
      closedAt: now,
      closedBy: actor,
      updatedAt: now,
    });
    this.happened(closed, actor, { name: 'closed' });
    return closed;
  }

  private async reopen(pullRequest: PullRequest, actor: string): Promise<PullRequest> {
    const { closedAt: _at, closedBy: _by, ...rest } = pullRequest;
    const reopened = this.state.putPullRequest({
      ...rest,
      state: 'open',
      mergeability: 'unknown',
      updatedAt: this.state.now(),
    });
    this.happened(reopened, actor, { name: 'reopened' });
    const head = await this.state.git(pullRequest.repository).branchHead(pullRequest.headBranch);
    return head === undefined || head === pullRequest.headSha ? reopened : this.synchronize(reopened, head, actor);
  }

  private async synchronize(pullRequest: PullRequest, after: string, actor: string): Promise<PullRequest> {
    const before = pullRequest.headSha;
    const baseSha =
      (await this.state.git(pullRequest.repository).branchHead(pullRequest.baseBranch)) ?? pullRequest.baseSha;
    const version = await this.newVersion(pullRequest.repository, after, baseSha);
    const changed = this.state.putPullRequest({
      ...pullRequest,
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
      this.rules.reviews.headMoved(
        changed,
        actor,
        dismiss ? 'dismiss' : repository.settings.resetApprovalsOnPush ? 'remove' : 'keep',
      );
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
      this.state.putPullRequest({ ...pullRequest, mergeability: 'unknown' });
    }
  }

  private async computeMergeability(pullRequest: PullRequest): Promise<PullRequest> {
    const git = this.state.git(pullRequest.repository);
    const base = await git.branchHead(pullRequest.baseBranch);
    const result = base === undefined ? undefined : await git.mergeTrees(base, pullRequest.headSha);
    const mergeability: MergeabilityState = result?.kind === 'clean' ? 'clean' : 'conflicting';
    const now = this.state.pullRequest(pullRequest.repository, pullRequest.number);
    // A push during the computation has put the record back to `unknown`: its answer must not be overwritten with ours.
    if (!now.ok || now.value.mergeability !== 'checking' || now.value.headSha !== pullRequest.headSha)
      return now.ok ? now.value : pullRequest;
    return this.state.putPullRequest({ ...now.value, mergeability });
  }

  private async newVersion(repository: string, headSha: string, startSha: string): Promise<PullRequestVersion> {
    const baseSha = (await this.state.git(repository).mergeBase(startSha, headSha)) ?? startSha;
    return { id: this.state.nextId(), headSha, startSha, baseSha, createdAt: this.state.now() };
  }

  private async keepHeadRef(pullRequest: PullRequest): Promise<void> {
    const folder = this.state.options.dialect === 'github' ? 'pull' : 'merge-requests';
    await this.state
      .git(pullRequest.repository)
      .setRef(`refs/${folder}/${pullRequest.number}/head`, pullRequest.headSha);
  }

  private happened(pullRequest: PullRequest, actor: string, action: PullRequestAction): void {
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

function formerValues(before: PullRequest, after: PullRequest): PullRequestChange {
  return {
    ...(before.title === after.title ? {} : { title: before.title }),
    ...(before.body === after.body ? {} : { body: before.body }),
    ...(before.baseBranch === after.baseBranch ? {} : { baseBranch: before.baseBranch, baseSha: before.baseSha }),
  };
}
