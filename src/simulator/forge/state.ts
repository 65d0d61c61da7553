/**
 * The state of the simulated forge: immutable records, replaced as a whole when something changes, so that a reader never
 * sees half a change. Dialects (REST answers, webhooks) and pages are generated from these records and from git; nothing
 * a dialect shows is stored in the dialect. Logins and `owner/name` are identities: renaming is not simulated.
 */
import type { AccessLevel } from './access-level.js';

/** A person or a bot account. GitHub: `bot` is an App's `slug[bot]` user. GitLab: a bot is an ordinary user with `bot: true`. */
export interface User {
  /** GitHub: a nine-digit-like number. GitLab: the user id. Unique over users and organisations. */
  readonly id: number;
  readonly login: string;
  readonly name: string;
  readonly email: string;
  readonly kind: 'person' | 'bot';
  readonly createdAt: Date;
}

/** GitHub organisation; GitLab top-level group. */
export interface Organisation {
  readonly id: number;
  readonly login: string;
  readonly name: string;
  readonly members: ReadonlyMap<string, 'member' | 'owner'>;
}

/** GitHub team `organisation/slug`; GitLab subgroup with that full path. */
export interface Team {
  readonly id: number;
  readonly organisation: string;
  readonly slug: string;
  readonly name: string;
  readonly members: ReadonlySet<string>;
  /** What membership gives, by `owner/name` of the repository. */
  readonly access: ReadonlyMap<string, AccessLevel>;
}

/** A personal (or project, or group) access token, or an App's installation token, as it is sent in a request. */
export interface Token {
  readonly value: string;
  readonly login: string;
  readonly kind: 'personal' | 'installation';
  /** Installation tokens only: they see just the repositories of their installation. */
  readonly installationId?: number;
  readonly expiresAt?: Date;
}

/** A GitHub App, with its one installation for each account. GitLab has none. */
export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly clientId: string;
  /** PEM (SPKI or PKCS#1); the App's JWTs are verified with it. Undefined: the App never signs in (as `ci`). */
  readonly publicKey?: string;
  readonly webhook?: { readonly url: string; readonly secret: string };
  /** What it was granted, as `contents` → `write`; everything that the bot's manifest asks for when not given. */
  readonly permissions?: Readonly<Record<string, string>>;
  /** Webhook events that it is subscribed to; all that the bot's manifest asks for when not given. */
  readonly events?: readonly string[];
  readonly installations: readonly Installation[];
}

export interface Installation {
  readonly id: number;
  /** The organisation or user it is installed on. */
  readonly account: string;
  /** `all`, or the chosen `owner/name`s. */
  readonly repositories: 'all' | readonly string[];
  readonly createdAt: Date;
}

/** A webhook of one repository (GitHub repository hook, GitLab project hook). App webhooks are in {@link App}. */
export interface Webhook {
  readonly id: number;
  readonly repository: string;
  readonly url: string;
  /** GitHub: the HMAC secret. GitLab: the value of `X-Gitlab-Token`. */
  readonly secret?: string;
  /** GitLab: Standard Webhooks signing token (`whsec_…`), when set. */
  readonly signingToken?: string;
  readonly active: boolean;
  readonly createdAt: Date;
}

export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

export interface RepositorySettings {
  readonly mergeMethods: readonly MergeMethod[];
  readonly deleteBranchOnMerge: boolean;
  /** GitLab "pipelines must succeed". */
  readonly pipelinesMustSucceed: boolean;
  /** GitLab: jobs of the pipeline that starts by itself for every pushed branch head; empty: no pipelines start. */
  readonly pipelineJobs: readonly string[];
  /** GitLab "remove all approvals when commits are added". GitHub says it in the protection (`dismissStaleReviews`). */
  readonly resetApprovalsOnPush: boolean;
  /** GitLab "merge commit with semi-linear history": always a merge commit, and nothing that is behind its target. */
  readonly semiLinear: boolean;
}

/** Rules of the branches whose name matches. The first protection that matches a branch is the one in force. */
export interface BranchProtection {
  readonly id: number;
  /** A branch name, or one with `*`. */
  readonly pattern: string;
  /** Names of check runs or status contexts (GitHub) that must have succeeded on the head before a merge. */
  readonly requiredChecks: readonly string[];
  /** GitHub "require branches to be up to date before merging". */
  readonly strict: boolean;
  readonly requiredApprovals: number;
  readonly dismissStaleReviews: boolean;
  /** When false, admins may merge past required checks and approvals. */
  readonly enforceAdmins: boolean;
  /** The least level that may push straight to the branch; `nobody` refuses everybody. */
  readonly push: AccessLevel | 'nobody';
  /** The least level that may merge into the branch. */
  readonly merge: AccessLevel | 'nobody';
  readonly allowForcePushes: boolean;
}

/** GitHub repository; GitLab project. */
export interface Repository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  /** `owner/name`; the key everywhere. GitLab: `path_with_namespace`. */
  readonly fullName: string;
  /** `owner/name` of what it is a fork of. */
  readonly forkOf?: string;
  readonly description: string;
  readonly private: boolean;
  readonly defaultBranch: string;
  readonly collaborators: ReadonlyMap<string, AccessLevel>;
  readonly protections: readonly BranchProtection[];
  readonly labels: readonly Label[];
  readonly settings: RepositorySettings;
  readonly createdAt: Date;
  readonly pushedAt: Date;
}

/** One head of a pull request as people saw it. GitLab: `/versions`, newest last here. */
export interface PullRequestVersion {
  readonly id: number;
  readonly headSha: string;
  /** The target branch's head when the version came to be (GitLab `start_commit_sha`). */
  readonly startSha: string;
  /** The merge base of head and target (GitLab `base_commit_sha`). */
  readonly baseSha: string;
  readonly createdAt: Date;
}

/**
 * What the forge knows of mergeability *so far*. `unknown`: head or base has moved and nobody has asked since;
 * `checking`: somebody asked, the next reader gets the result. See Mergeability for when it moves on.
 */
export type MergeabilityState = 'unknown' | 'checking' | 'clean' | 'conflicting';

interface Merge {
  readonly at: Date;
  readonly by: string;
  readonly method: MergeMethod | 'push';
  /** The commit on the base branch that holds the result. */
  readonly sha: string;
  /** The squashed commit, where a merge commit was put on top of it. */
  readonly squashSha?: string;
}

/** GitHub pull request; GitLab merge request (`number` is its `iid`). Head and base are in the same repository unless `headRepository` says otherwise. */
export interface PullRequest {
  readonly id: number;
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly draft: boolean;
  readonly headRepository: string;
  readonly headBranch: string;
  readonly headSha: string;
  readonly baseBranch: string;
  /** The base branch's head when the pull request was opened or last pushed to: it lags behind, as on the forges. */
  readonly baseSha: string;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly requestedReviewers: readonly string[];
  readonly versions: readonly PullRequestVersion[];
  readonly mergeability: MergeabilityState;
  readonly removeSourceBranch: boolean;
  readonly squash: boolean;
  readonly merge?: Merge;
  /** GitLab: the last rebase that was asked for. */
  readonly rebase?: Rebase;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly closedAt?: Date;
  readonly closedBy?: string;
}

type Rebase =
  | { readonly state: 'running'; readonly by: string }
  /** It made this head: approvals stay. */
  | { readonly state: 'done'; readonly head: string }
  /** Of this head, for conflicts. */
  | { readonly state: 'failed'; readonly head: string };

/**
 * A word about a pull request as a whole. GitHub: issue comment. GitLab: note, in a discussion of its own unless it
 * answers in one (`discussionId`).
 */
export interface Comment {
  readonly id: number;
  readonly repository: string;
  readonly number: number;
  readonly author: string;
  /** As sent, byte for byte. */
  readonly body: string;
  /** GitLab: a note the forge wrote itself ("approved this merge request", "added 1 commit"). GitHub shows none. */
  readonly system: boolean;
  /** 40 hex digits; GitLab's discussion id. */
  readonly discussionId: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * A reaction (GitHub) or award emoji (GitLab) on a comment, or on the pull request itself. Neutral names:
 * thumbs-up, thumbs-down, laugh, hooray, confused, heart, rocket, eyes; GitLab's other emoji keep their own names.
 */
export interface Reaction {
  readonly id: number;
  readonly repository: string;
  readonly number: number;
  /** Undefined: on the pull request itself. */
  readonly commentId?: number;
  readonly name: string;
  readonly author: string;
  readonly createdAt: Date;
}

/** GitHub review. GitLab approvals are reviews with `state: 'approved'`, whose commit GitLab does not show. */
export interface Review {
  readonly id: number;
  readonly repository: string;
  readonly number: number;
  readonly author: string;
  readonly state: 'approved' | 'changes-requested' | 'commented' | 'dismissed';
  readonly body: string;
  readonly commitSha: string;
  readonly submittedAt: Date;
}
