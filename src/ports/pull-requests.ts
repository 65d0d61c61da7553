/**
 * Pull requests of a forge. Reads are fresh. Writes are sent once (no client-side retry) and read back where an answer is ambiguous:
 * a 405, 5xx or lost answer is looked up before an outcome is returned. Transient failures reject with `Unavailable`.
 */
import type { AttributedCommit, Comment, PullRequest, Reaction, Review } from '../core/forge-objects.js';
import type { Instant, RepositoryId, Sha } from '../core/ids.js';
import type { MergedPullRequest } from '../core/last-merged.js';
import type { LaneLock } from './lane-lock.js';

export interface NewPullRequest {
  readonly repository: RepositoryId;
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
}

export interface MergeRequest {
  readonly repository: RepositoryId;
  readonly number: number;
  /** The merge must not happen if the head is any other commit. */
  readonly expectedHead: Sha;
  readonly method: 'merge' | 'squash' | 'rebase';
  readonly title: string;
  readonly message: string;
}

export type MergeOutcome =
  | { readonly kind: 'merged'; readonly commit: Sha }
  | { readonly kind: 'head-moved'; readonly head: Sha }
  | { readonly kind: 'conflict' }
  /** The forge demands that the head holds all that the target branch does. */
  | { readonly kind: 'behind' }
  /** The base moved under us or the forge is still computing: look again soon. */
  | { readonly kind: 'not-yet'; readonly reason: string }
  /** Protection, permission or a closed pull request: waiting alone will not help. */
  | { readonly kind: 'not-allowed'; readonly reason: string };

export type UpdateOutcome =
  /** The head moves soon, or has moved. */
  | { readonly kind: 'asked' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'head-moved' }
  /** It could only be rebased, which would rewrite what people pushed, and nobody has allowed that. */
  | { readonly kind: 'only-rebase' }
  /** `reason`: what stands in the way, in the forge's words, and what people can do. */
  | { readonly kind: 'not-allowed'; readonly reason: string };

/** Of a write that may wait. `put-off`: it was not sent, for others need what the forge still takes; there will be more of it then. */
export type Written = { readonly kind: 'written' } | { readonly kind: 'put-off'; readonly until: Instant };

/** What one request shows of a repository. */
export interface Glance {
  /** In any state, the one touched last first. */
  readonly pullRequests: readonly PullRequest[];
  /** `all`: there are no others. */
  readonly extent: 'all' | 'latest';
  /** When any branch of it moved last, where the same answer tells; else null. */
  readonly pushedAt: Instant | null;
}

export interface PullRequests {
  read(repository: RepositoryId, number: number): Promise<PullRequest | null>;
  /** Null: not there, or not given to the bot. */
  listOpen(repository: RepositoryId): Promise<readonly PullRequest[] | null>;
  /** Open, merged and closed ones touched at or after `since`. */
  listUpdatedSince(repository: RepositoryId, since: Instant): Promise<readonly PullRequest[]>;
  /** Those merged into a branch last, newest first, as far as the last few hundred that were touched tell; `most`: at most 100. */
  lastMerged(
    repository: RepositoryId,
    wanted: { readonly base: string; readonly most: number },
  ): Promise<readonly MergedPullRequest[]>;
  /** With one request, for comparing with the last glance. Null: not there, not given to the bot, or without pull requests. */
  glance(repository: RepositoryId): Promise<Glance | null>;
  /** In time order. On GitLab approvals are bound to the version in force when they were given. */
  reviews(repository: RepositoryId, number: number): Promise<readonly Review[]>;
  /**
   * Commits of the head that the base lacks, as many as the forge lists: compare with git what is missing. Whether they are signed costs
   * GitLab a request for each, so it is told only when asked for.
   */
  commits(
    repository: RepositoryId,
    number: number,
    ask: { readonly signatures: 'asked' | 'not-asked' },
  ): Promise<readonly AttributedCommit[]>;
  /** If one is open already for this head and base, that one is returned as it is. */
  open(lock: LaneLock, request: NewPullRequest): Promise<PullRequest>;
  edit(
    lock: LaneLock,
    pullRequest: PullRequest,
    change: { readonly title?: string; readonly body?: string },
  ): Promise<void>;
  close(lock: LaneLock, pullRequest: PullRequest): Promise<void>;
  merge(lock: LaneLock, request: MergeRequest): Promise<MergeOutcome>;
  /**
   * Merges the target branch into the head, as a commit on top of what people pushed. `if-needed`: a forge that can only rebase is asked
   * to do that, which puts other commits in place of people's; with `never` it says that it may not.
   */
  bringUpToDate(lock: LaneLock, pullRequest: PullRequest, rewriting: 'never' | 'if-needed'): Promise<UpdateOutcome>;
}

export interface Comments {
  /** Oldest first, people's and bots' comments on the pull request itself (GitLab system notes left out). */
  list(repository: RepositoryId, number: number): Promise<readonly Comment[]>;
  create(lock: LaneLock, pullRequest: CommentPlace, body: string): Promise<Comment>;
  edit(lock: LaneLock, pullRequest: CommentPlace, comment: CommentEdit): Promise<Written>;
  /** Idempotent. */
  react(
    lock: LaneLock,
    pullRequest: CommentPlace,
    comment: { readonly id: string; readonly reaction: Reaction },
  ): Promise<void>;
  /** Most characters a body may have. */
  readonly limit: number;
  /** Most bytes of UTF-8. */
  readonly byteLimit: number;
}

export interface CommentEdit {
  readonly id: string;
  readonly body: string;
  /** `words`: it says nothing that has to be remembered or that somebody waits for, and may be put off. */
  readonly matters: 'words' | 'facts';
}

export interface CommentPlace {
  readonly repository: RepositoryId;
  readonly number: number;
}
