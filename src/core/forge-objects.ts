/** What a forge tells us, in our words: read fresh for each decision, never kept. */
import type { Instant, RepositoryId, Sha } from './ids.js';

export type Permission = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';

export interface Person {
  readonly login: string;
  readonly kind: 'human' | 'bot';
}

export interface PullRequest {
  readonly repository: RepositoryId;
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly readiness: 'ready' | 'draft';
  readonly author: Person;
  /** The target branch's name. */
  readonly base: string;
  readonly head: {
    readonly branch: string;
    readonly sha: Sha;
    /** A fork's content is not rendered without a maintainer's word. */
    readonly origin: 'same-repository' | 'fork';
  };
  /** The commit on the target branch, once merged. */
  readonly mergeCommit: Sha | null;
  readonly mergeability: 'unknown' | 'mergeable' | 'conflict' | 'blocked';
  readonly labels: readonly string[];
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** The latest word of each person comes last. */
export interface Review {
  readonly person: Person;
  readonly state: 'approved' | 'changes-requested' | 'commented' | 'dismissed';
  /** The head the person saw; null where the forge cannot tell, which never counts. */
  readonly commit: Sha | null;
  readonly at: Instant;
  readonly url: string | null;
}

export interface Comment {
  readonly id: string;
  readonly author: Person;
  readonly body: string;
  readonly createdAt: Instant;
  readonly revision: 'original' | 'edited';
  readonly url: string;
}

export type Reaction = 'eyes' | 'rocket' | 'confused';

export type CheckState = 'pending' | 'success' | 'failure' | 'neutral';

/** A check run, commit status or pipeline job on one commit: the latest of its name. */
export interface Check {
  readonly name: string;
  readonly state: CheckState;
  readonly description: string;
  readonly url: string | null;
}

/** What the forge itself demands of a commit before it may be merged into a branch. */
export interface RequiredChecks {
  readonly names: readonly string[];
  /** `every-reported`: GitLab's "pipelines must succeed", so anything reported and not green blocks. */
  readonly extent: 'named-only' | 'every-reported';
}

export interface Commit {
  readonly sha: Sha;
  readonly parents: readonly Sha[];
  readonly subject: string;
  /** The whole message. */
  readonly message: string;
  readonly authorName: string;
  readonly authorEmail: string;
  readonly committerName: string;
  readonly committerEmail: string;
  readonly committedAt: Instant;
}

/** Who one commit of a pull request is by, as the forge knows their accounts. */
export interface AttributedCommit {
  readonly sha: Sha;
  /** Login; null: the forge tells of no account with this address. */
  readonly author: string | null;
  readonly committer: string | null;
  /** `verified` only where the forge itself says so. */
  readonly signature: 'verified' | 'unverified' | 'not-asked';
}

export interface TreeEntry {
  /** Path from the top of the repository, `/` between parts. */
  readonly path: string;
  readonly mode: '100644' | '100755' | '120000' | '160000';
  readonly sha: Sha;
}
