/** Opening, editing, closing and listing pull requests, and what a moved branch does to them. */
import { atLeast } from './access-level.js';
import { computeMergeability } from './compute-mergeability.js';
import type { PullRequestChange } from './events.js';
import type { ForgeState } from './forge-state.js';
import type { People } from './people.js';
import type { PullRequestLife } from './pull-request-life.js';
import type { Outcome, Refusal } from './refusal.js';
import { done, invalid, refused } from './refusal.js';
import type { PullRequest } from './state.js';

export interface NewPullRequest {
  readonly repository: string;
  readonly actor: string;
  readonly title: string;
  readonly body?: string;
  /** A fork; the repository itself when absent. */
  readonly headRepository?: string;
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
    /** What happens to one over time; branch moves and merges call it too. */
    readonly life: PullRequestLife,
  ) {}

  /** Needs write permission to the head's repository, and to see the base's. Refuses a second open one for the same head and base. */
  open(wanted: NewPullRequest): Promise<Outcome<PullRequest>> {
    const repository = this.state.repository(wanted.repository);
    if (!repository.ok) return Promise.resolve(repository);
    // Two at once must not both find that there is none yet.
    return this.state.git(wanted.repository).exclusive(() => this.openAlone(wanted));
  }

  private async openAlone(wanted: NewPullRequest): Promise<Outcome<PullRequest>> {
    const problem = await this.openingProblem(wanted);
    if (problem !== undefined) return refused(problem);
    const git = this.state.git(wanted.repository);
    const headRepository = wanted.headRepository ?? wanted.repository;
    const [headSha = '', baseSha = ''] = [
      await this.state.git(headRepository).branchHead(wanted.headBranch),
      await git.branchHead(wanted.baseBranch),
    ];
    const number = this.state.nextNumber(wanted.repository);
    const now = this.state.now();
    const version = await this.life.newVersion(wanted.repository, headSha, baseSha);
    const pullRequest = this.state.putPullRequest({
      id: this.state.nextId(),
      repository: wanted.repository,
      number,
      title: wanted.title,
      body: wanted.body ?? '',
      author: wanted.actor,
      state: 'open',
      draft: wanted.draft ?? false,
      headRepository,
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
    await this.life.keepHeadRef(pullRequest);
    this.life.happened(pullRequest, wanted.actor, { name: 'opened' });
    return done(wanted.labels === undefined ? pullRequest : this.applyLabels(pullRequest, wanted.labels, wanted.actor));
  }

  /** The author, and whoever has triage permission, may edit; a merged one can't be reopened. */
  edit(edit: PullRequestEdit): Promise<Outcome<PullRequest>> {
    const repository = this.state.repository(edit.repository);
    if (!repository.ok) return Promise.resolve(repository);
    // A push between reading and writing the record would be forgotten.
    return this.state.git(edit.repository).exclusive(() => this.editAlone(edit));
  }

  private async editAlone(edit: PullRequestEdit): Promise<Outcome<PullRequest>> {
    const found = this.editable(edit);
    if (!found.ok) return found;
    const before = found.value;
    const problem = await this.editProblem(before, edit);
    if (problem !== undefined) return problem;
    let changed = await this.applyFields(before, edit);
    const was = formerValues(before, changed);
    if (Object.keys(was).length > 0) this.life.happened(changed, edit.actor, { name: 'edited', was });
    if (before.draft !== changed.draft) this.life.happened(changed, edit.actor, { name: 'draft-changed' });
    if (edit.state === 'closed' && before.state === 'open') changed = this.life.close(changed, edit.actor);
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
      this.state.changePullRequest(found.value, { mergeability: 'checking' });
      return found;
    }
    return done(
      found.value.mergeability === 'checking' ? await computeMergeability(this.state, found.value) : found.value,
    );
  }

  private async openingProblem(wanted: NewPullRequest): Promise<Refusal | undefined> {
    const headRepository = wanted.headRepository ?? wanted.repository;
    const readable = this.people.require(wanted.repository, wanted.actor, 'read');
    const writable = this.people.require(headRepository, wanted.actor, 'write');
    if (!readable.ok) return readable.refusal;
    if (!writable.ok) return writable.refusal;
    const git = this.state.git(wanted.repository);
    const headGit = this.state.git(headRepository);
    const bad = (field: string, message: string) =>
      ({ kind: 'invalid', resource: 'PullRequest', field, message }) as const;
    if (wanted.title.trim() === '') return bad('title', "title can't be blank");
    const [head, base] = [await headGit.branchHead(wanted.headBranch), await git.branchHead(wanted.baseBranch)];
    if (head === undefined) return bad('head', 'invalid');
    if (base === undefined) return bad('base', 'invalid');
    if (headGit !== git) await git.takeFrom(headGit, wanted.headBranch);
    const duplicate = this.duplicateOf({ ...wanted, headRepository });
    if (duplicate !== undefined) return duplicate;
    const empty = this.state.options.dialect === 'github' && (await git.countCommits(head, [base])) === 0;
    return empty ? bad('base', `No commits between ${wanted.baseBranch} and ${wanted.headBranch}`) : undefined;
  }

  /** At most one open pull request for the same head and base. */
  private duplicateOf(
    wanted: Pick<PullRequest, 'repository' | 'headRepository' | 'headBranch' | 'baseBranch'>,
  ): Refusal | undefined {
    const duplicate = this.of(wanted.repository).find(
      (one) =>
        one.state === 'open' &&
        one.headRepository === wanted.headRepository &&
        one.headBranch === wanted.headBranch &&
        one.baseBranch === wanted.baseBranch,
    );
    if (duplicate === undefined) return undefined;
    const message = `A pull request already exists for ${wanted.headRepository.split('/')[0] ?? ''}:${wanted.headBranch}.`;
    return { kind: 'already-exists', resource: 'PullRequest', message, number: duplicate.number };
  }

  private async editProblem(
    before: PullRequest,
    edit: PullRequestEdit,
  ): Promise<ReturnType<typeof refused> | undefined> {
    if (edit.title?.trim() === '') return invalid('PullRequest', 'title', "title can't be blank");
    const git = this.state.git(edit.repository);
    if (edit.baseBranch !== undefined && (await git.branchHead(edit.baseBranch)) === undefined) {
      return invalid('PullRequest', 'base', `Proposed base branch '${edit.baseBranch}' was not found`);
    }
    return this.reopeningProblem(before, edit);
  }

  private async reopeningProblem(
    before: PullRequest,
    edit: PullRequestEdit,
  ): Promise<ReturnType<typeof refused> | undefined> {
    if (edit.state !== 'open' || before.state === 'open') return undefined;
    if (before.state === 'merged') return invalid('PullRequest', 'state', 'Cannot reopen a merged pull request.');
    const head = await this.state.git(before.repository).branchHead(before.headBranch);
    if (head === undefined) return invalid('PullRequest', 'state', `The ${before.headBranch} branch has been deleted.`);
    const duplicate = this.duplicateOf(before);
    return duplicate === undefined ? undefined : refused(duplicate);
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
    const updated = { ...fields, updatedAt: this.state.now() };
    if (baseBranch === undefined || baseBranch === before.baseBranch)
      return this.state.changePullRequest(before, updated);
    const baseSha = (await this.state.git(before.repository).branchHead(baseBranch)) ?? before.baseSha;
    const version = await this.life.newVersion(before.repository, before.headSha, baseSha);
    const versions = [...before.versions, version];
    return this.state.changePullRequest(before, { ...updated, baseBranch, baseSha, versions, mergeability: 'unknown' });
  }

  private applyLabels(pullRequest: PullRequest, labels: readonly string[], actor: string): PullRequest {
    const wanted = [...new Set(labels)];
    const repository = this.state.repositories.get(pullRequest.repository);
    if (repository !== undefined) {
      const missing = wanted.filter((name) => !repository.labels.some((one) => one.name === name));
      const made = missing.map((name) => ({ id: this.state.nextId(), name, color: 'ededed' }));
      this.state.repositories.set(repository.fullName, { ...repository, labels: [...repository.labels, ...made] });
    }
    const changed = this.state.changePullRequest(pullRequest, { labels: wanted, updatedAt: this.state.now() });
    for (const label of wanted.filter((name) => !pullRequest.labels.includes(name)))
      this.life.happened(changed, actor, { name: 'labeled', label });
    for (const label of pullRequest.labels.filter((name) => !wanted.includes(name)))
      this.life.happened(changed, actor, { name: 'unlabeled', label });
    return changed;
  }

  private async reopen(pullRequest: PullRequest, actor: string): Promise<PullRequest> {
    const { closedAt: _at, closedBy: _by, ...rest } = pullRequest;
    const updatedAt = this.state.now();
    const reopened = this.state.putPullRequest({ ...rest, state: 'open', mergeability: 'unknown', updatedAt });
    this.life.happened(reopened, actor, { name: 'reopened' });
    const head = await this.state.git(pullRequest.headRepository).branchHead(pullRequest.headBranch);
    return head === undefined || head === pullRequest.headSha ? reopened : this.life.synchronize(reopened, head, actor);
  }
}

function formerValues(before: PullRequest, after: PullRequest): PullRequestChange {
  return {
    ...(before.title === after.title ? {} : { title: before.title }),
    ...(before.body === after.body ? {} : { body: before.body }),
    ...(before.baseBranch === after.baseBranch ? {} : { baseBranch: before.baseBranch, baseSha: before.baseSha }),
  };
}
