/** GitHub's answers in our words. Pure: each takes the part of an answer that it reads. */
import type {
  AttributedCommit,
  Check,
  CheckState,
  Comment,
  Permission,
  Person,
  PullRequest,
  Review,
} from '../../core/forge-objects.js';
import type { Instant, RepositoryId } from '../../core/ids.js';
import type { MergedPullRequest } from '../../core/last-merged.js';

interface GithubUser {
  readonly login: string;
  readonly type: string;
}

export interface GithubPullRequest {
  readonly number: number;
  readonly html_url: string;
  readonly title: string;
  readonly body: string | null;
  readonly state: string;
  readonly draft?: boolean | undefined;
  readonly user: GithubUser | null;
  readonly base: { readonly ref: string; readonly repo: { readonly id: number } };
  /** `repo` is null once a fork was deleted. */
  readonly head: { readonly ref: string; readonly sha: string; readonly repo: { readonly id: number } | null };
  readonly merged_at: string | null;
  /** Of an open one: a test merge, which is not ours to name. */
  readonly merge_commit_sha: string | null;
  /** Listings leave it out; null while GitHub computes it. */
  readonly mergeable?: boolean | null;
  readonly mergeable_state?: string;
  readonly labels: readonly { readonly name: string }[];
  readonly created_at: string;
  readonly updated_at: string;
}

interface GithubReview {
  readonly user: GithubUser | null;
  readonly state: string;
  readonly commit_id: string | null;
  readonly submitted_at?: string | undefined;
  readonly html_url: string;
}

interface GithubComment {
  readonly id: number;
  readonly user: GithubUser | null;
  readonly body?: string | undefined;
  readonly created_at: string;
  readonly updated_at: string;
  readonly html_url: string;
}

interface GithubCommit {
  readonly sha: string;
  /** Null, or an empty object, where no account has the address. */
  readonly author: { readonly login?: string } | null;
  readonly committer: { readonly login?: string } | null;
  readonly commit: { readonly verification?: { readonly verified: boolean } };
}

export interface GithubCheckRun {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly external_id: string | null;
  readonly app: { readonly id: number } | null;
  readonly output: { readonly title: string | null; readonly summary: string | null };
  readonly details_url: string | null;
  readonly html_url: string | null;
}

export interface GithubStatus {
  readonly context: string;
  readonly state: string;
  readonly description: string | null;
  readonly target_url: string | null;
}

export function instantOf(text: string): Instant {
  return Date.parse(text);
}

/** A deleted account is shown as the user `ghost`. */
export function personFrom(user: GithubUser | null): Person {
  return user === null
    ? { login: 'ghost', kind: 'human' }
    : { login: user.login, kind: user.type === 'Bot' ? 'bot' : 'human' };
}

export function pullRequestFrom(repository: RepositoryId, data: GithubPullRequest): PullRequest {
  const state = data.merged_at !== null ? 'merged' : data.state === 'open' ? 'open' : 'closed';
  return {
    repository,
    number: data.number,
    url: data.html_url,
    title: data.title,
    body: data.body ?? '',
    state,
    readiness: data.draft === true ? 'draft' : 'ready',
    author: personFrom(data.user),
    base: data.base.ref,
    head: {
      branch: data.head.ref,
      sha: data.head.sha,
      origin: data.head.repo?.id === data.base.repo.id ? 'same-repository' : 'fork',
    },
    mergeCommit: state === 'merged' ? data.merge_commit_sha : null,
    mergeability: state === 'open' ? mergeabilityFrom(data.mergeable, data.mergeable_state) : 'unknown',
    labels: data.labels.map((one) => one.name),
    createdAt: instantOf(data.created_at),
    updatedAt: instantOf(data.updated_at),
  };
}

/** Nothing where it was closed without being merged. */
export function mergedFrom(repository: RepositoryId, data: GithubPullRequest): readonly MergedPullRequest[] {
  if (data.merged_at === null) return [];
  return [{ ...pullRequestFrom(repository, data), state: 'merged', mergedAt: instantOf(data.merged_at) }];
}

/** `mergeable` speaks of conflicts only; `mergeable_state` adds what protection says, from the point of view of who asks. */
export function mergeabilityFrom(
  mergeable: boolean | null | undefined,
  state = 'unknown',
): PullRequest['mergeability'] {
  if (mergeable === false || state === 'dirty') return 'conflict';
  if (mergeable !== true) return 'unknown';
  if (state === 'blocked' || state === 'behind' || state === 'draft') return 'blocked';
  return state === 'unknown' ? 'unknown' : 'mergeable';
}

const reviewStates: Readonly<Record<string, Review['state']>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  COMMENTED: 'commented',
  DISMISSED: 'dismissed',
};

/** In time order; a review that its author has not submitted yet is left out. */
export function reviewsFrom(data: readonly GithubReview[]): readonly Review[] {
  const reviews = data.flatMap((one) => {
    const state = reviewStates[one.state.toUpperCase()];
    if (state === undefined || one.submitted_at === undefined) return [];
    const at = instantOf(one.submitted_at);
    return [{ person: personFrom(one.user), state, commit: one.commit_id, at, url: one.html_url }];
  });
  return reviews.sort((one, other) => one.at - other.at);
}

export function attributedFrom(data: GithubCommit): AttributedCommit {
  return {
    sha: data.sha,
    author: data.author?.login ?? null,
    committer: data.committer?.login ?? null,
    signature: data.commit.verification?.verified === true ? 'verified' : 'unverified',
  };
}

export function commentFrom(data: GithubComment): Comment {
  return {
    id: String(data.id),
    author: personFrom(data.user),
    body: data.body ?? '',
    createdAt: instantOf(data.created_at),
    revision: data.created_at === data.updated_at ? 'original' : 'edited',
    url: data.html_url,
  };
}

/** Whatever is not known to be harmless is a failure: `stale`, `cancelled`, `timed_out`, `action_required`, `startup_failure`. */
export function checkRunState(run: Pick<GithubCheckRun, 'status' | 'conclusion'>): CheckState {
  if (run.status !== 'completed' || run.conclusion === null) return 'pending';
  if (run.conclusion === 'success') return 'success';
  return run.conclusion === 'neutral' || run.conclusion === 'skipped' ? 'neutral' : 'failure';
}

export function checkFromRun(run: GithubCheckRun): Check {
  return {
    name: run.name,
    state: checkRunState(run),
    description: run.output.title ?? run.conclusion ?? run.status,
    url: run.details_url ?? run.html_url,
  };
}

export function checkFromStatus(status: GithubStatus): Check {
  const state = status.state === 'success' || status.state === 'pending' ? status.state : 'failure';
  return { name: status.context, state, description: status.description ?? status.state, url: status.target_url };
}

/** The newest run of each App and name: a run made again replaces the one before, the same name of another App does not. */
export function newestRuns(runs: readonly GithubCheckRun[]): readonly GithubCheckRun[] {
  const newest = new Map<string, GithubCheckRun>();
  for (const run of runs) {
    const key = `${run.app?.id ?? 0} ${run.name}`;
    const known = newest.get(key);
    if (known === undefined || known.id < run.id) newest.set(key, run);
  }
  return [...newest.values()];
}

const worstFirst: readonly CheckState[] = ['failure', 'pending', 'neutral', 'success'];

/** One check for each name, by name. Where several sources report under one name the worst counts: none may hide another. */
export function mergeByName(checks: readonly Check[]): readonly Check[] {
  const worst = new Map<string, Check>();
  for (const check of checks) {
    const known = worst.get(check.name);
    if (known === undefined || worstFirst.indexOf(check.state) < worstFirst.indexOf(known.state))
      worst.set(check.name, check);
  }
  return [...worst.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

const permissions: readonly Permission[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];

/** `role_name` tells triage and maintain apart; a custom role has a name of its own, then `permission` says what it amounts to. */
export function permissionFrom(data: { readonly permission: string; readonly role_name?: string }): Permission {
  return (
    permissions.find((one) => one === data.role_name) ?? permissions.find((one) => one === data.permission) ?? 'none'
  );
}
