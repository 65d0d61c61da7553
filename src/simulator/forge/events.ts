/**
 * What has happened, for webhooks: emitted by every verb that changes the state. An event names the records by id; a
 * dialect builds the payload from them when the delivery is sent. What is deleted travels in the event.
 */
import type { Comment, PullRequest, Reaction } from './state.js';

interface Happened {
  readonly at: Date;
  /** Login of who did it. */
  readonly actor: string;
  readonly repository: string;
}

export type PullRequestChange = {
  readonly title?: string;
  readonly body?: string;
  readonly baseBranch?: string;
  readonly baseSha?: string;
};

export type PullRequestAction =
  | { readonly name: 'opened' }
  | { readonly name: 'reopened' }
  /** Closed without a merge, or merged (`pullRequest.state`). */
  | { readonly name: 'closed' }
  | { readonly name: 'merged' }
  | { readonly name: 'synchronized'; readonly before: string; readonly after: string }
  /** `was` has the former value of what changed. */
  | { readonly name: 'edited'; readonly was: PullRequestChange }
  | { readonly name: 'labeled' | 'unlabeled'; readonly label: string }
  | { readonly name: 'draft-changed' };

/** What GitHub's merge queue has built for one of its entries. */
export interface MergeGroup {
  /** `gh-readonly-queue/main/pr-7-<base>` */
  readonly branch: string;
  readonly headSha: string;
  /** The branch that it would be merged into. */
  readonly baseBranch: string;
  /** What it is built on: that branch's head, or the head of the group before it. */
  readonly baseSha: string;
}

export type ForgeEvent =
  | (Happened & {
      readonly kind: 'push';
      /** Full ref name, `refs/heads/…` or `refs/tags/…`. */
      readonly ref: string;
      /** 40 zeros when created. */
      readonly before: string;
      /** 40 zeros when deleted. */
      readonly after: string;
      readonly forced: boolean;
    })
  | (Happened & { readonly kind: 'pull-request'; readonly number: number; readonly action: PullRequestAction })
  | (Happened & {
      readonly kind: 'comment';
      readonly action: 'created' | 'edited' | 'deleted';
      readonly comment: Comment;
      readonly was?: string;
    })
  | (Happened & { readonly kind: 'reaction'; readonly action: 'added' | 'removed'; readonly reaction: Reaction })
  | (Happened & {
      readonly kind: 'review';
      /** `withdrawn` is GitLab's unapprove. */
      readonly action: 'submitted' | 'dismissed' | 'withdrawn';
      readonly number: number;
      readonly reviewId: number;
      readonly state: 'approved' | 'changes-requested' | 'commented' | 'dismissed';
    })
  | (Happened & {
      readonly kind: 'check-run';
      readonly action: 'created' | 'completed' | 'rerequested';
      readonly checkRunId: number;
    })
  | (Happened & { readonly kind: 'status'; readonly statusId: number })
  | (Happened & { readonly kind: 'pipeline'; readonly pipelineId: number })
  | (Happened & { readonly kind: 'job'; readonly jobId: number })
  | (Happened & { readonly kind: 'merge-group'; readonly group: MergeGroup } & (
        | { readonly action: 'checks_requested' }
        | { readonly action: 'destroyed'; readonly reason: 'merged' | 'dequeued' }
      ))
  | {
      readonly kind: 'installation';
      readonly at: Date;
      readonly actor: string;
      readonly appSlug: string;
      readonly installationId: number;
    };

/** The pull request as it was when the event happened is not kept: read it when sending. */
export type PullRequestReader = (repository: string, number: number) => PullRequest | undefined;
