/** A pull request with all that people see on it, in neutral words, for the control API. */
import type { Forge } from '../forge/forge.js';
import type { PullRequest } from '../forge/state.js';

export interface ShownPullRequest {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: { readonly login: string; readonly kind: 'person' | 'bot' };
  readonly state: 'open' | 'closed' | 'merged';
  readonly draft: boolean;
  readonly head: { readonly repository: string; readonly branch: string; readonly sha: string };
  readonly base: { readonly branch: string; readonly sha: string };
  readonly labels: readonly string[];
  readonly mergeCommit: string | null;
  readonly mergedBy: string | null;
  /** Address of its page. */
  readonly url: string;
  readonly checks: readonly { readonly name: string; readonly state: string; readonly description: string }[];
  readonly reviews: readonly {
    readonly author: string;
    readonly state: string;
    readonly commit: string;
    readonly body: string;
  }[];
  readonly comments: readonly {
    readonly id: number;
    readonly author: string;
    readonly body: string;
    readonly system: boolean;
    readonly createdAt: string;
    readonly updatedAt: string;
    readonly reactions: readonly { readonly name: string; readonly author: string }[];
  }[];
}

export function showPullRequest(forge: Forge, origin: string, one: PullRequest): ShownPullRequest {
  const { repository, number } = one;
  const page = forge.dialect === 'github' ? `pull/${number}` : `-/merge_requests/${number}`;
  return {
    number,
    title: one.title,
    body: one.body,
    author: { login: one.author, kind: forge.state.users.get(one.author)?.kind ?? 'person' },
    state: one.state,
    draft: one.draft,
    head: { repository: one.headRepository, branch: one.headBranch, sha: one.headSha },
    base: { branch: one.baseBranch, sha: one.baseSha },
    labels: one.labels,
    mergeCommit: one.merge?.sha ?? null,
    mergedBy: one.merge?.by ?? null,
    url: `${origin}/${repository}/${page}`,
    checks: forge.checks.summaryOf(repository, one.headSha),
    reviews: forge.reviews
      .of(repository, number)
      .map((review) => ({ author: review.author, state: review.state, commit: review.commitSha, body: review.body })),
    comments: forge.comments.of(repository, number).map((comment) => ({
      id: comment.id,
      author: comment.author,
      body: comment.body,
      system: comment.system,
      createdAt: comment.createdAt.toISOString(),
      updatedAt: comment.updatedAt.toISOString(),
      reactions: forge.comments
        .reactionsTo({ repository, number, commentId: comment.id })
        .map((reaction) => ({ name: reaction.name, author: reaction.author })),
    })),
  };
}
