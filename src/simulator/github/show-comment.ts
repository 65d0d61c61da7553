/** Comments, reactions and reviews as GitHub shows them. */
import type { ReactionTarget } from '../forge/comments.js';
import type { Comment, Reaction, Review } from '../forge/state.js';
import type { GithubView } from './github-view.js';
import { nodeId, showTime } from './github-view.js';
import { showApp, showAuthorAssociation, showSimpleUser } from './show-user.js';

/** GitHub's word for each neutral name. */
const reactionWords = {
  'thumbs-up': '+1',
  'thumbs-down': '-1',
  laugh: 'laugh',
  hooray: 'hooray',
  confused: 'confused',
  heart: 'heart',
  rocket: 'rocket',
  eyes: 'eyes',
} as const;

export const githubReactions = Object.values(reactionWords);

export function showReactionWord(name: string): string {
  return Object.entries(reactionWords).find(([neutral]) => neutral === name)?.[1] ?? 'eyes';
}

/** The neutral name of GitHub's word. */
export function neutralReaction(word: string): string | undefined {
  return Object.entries(reactionWords).find(([, theirs]) => theirs === word)?.[0];
}

export function showComment(view: GithubView, comment: Comment): Readonly<Record<string, unknown>> {
  const { repository, number, id } = comment;
  const url = view.urls.repository(repository, `issues/comments/${id}`);
  const app = view.forge.people.appOf(comment.author);
  return {
    url,
    html_url: view.urls.html(`${repository}/pull/${number}#issuecomment-${id}`),
    issue_url: view.urls.repository(repository, `issues/${number}`),
    id,
    node_id: nodeId('IssueComment', id),
    user: showSimpleUser(view, comment.author),
    created_at: showTime(comment.createdAt),
    updated_at: showTime(comment.updatedAt),
    author_association: showAuthorAssociation(view, repository, comment.author),
    body: comment.body,
    reactions: showReactionRollup(view, { repository, number, commentId: id }, `${url}/reactions`),
    performed_via_github_app: app === undefined ? null : showApp(view, app),
  };
}

export function showReactionRollup(
  view: GithubView,
  target: ReactionTarget,
  url: string,
): Readonly<Record<string, unknown>> {
  const words = view.forge.comments.reactionsTo(target).map((one) => showReactionWord(one.name));
  const counts = githubReactions.map((word) => [word, words.filter((one) => one === word).length] as const);
  return { url, total_count: words.length, ...Object.fromEntries(counts) };
}

export function showReaction(view: GithubView, reaction: Reaction): Readonly<Record<string, unknown>> {
  return {
    id: reaction.id,
    node_id: nodeId('Reaction', reaction.id),
    user: showSimpleUser(view, reaction.author),
    content: showReactionWord(reaction.name),
    created_at: showTime(reaction.createdAt),
  };
}

const reviewStates = {
  approved: 'APPROVED',
  'changes-requested': 'CHANGES_REQUESTED',
  commented: 'COMMENTED',
  dismissed: 'DISMISSED',
} as const;

export function showReview(view: GithubView, review: Review): Readonly<Record<string, unknown>> {
  const { repository, number, id } = review;
  const html = view.urls.html(`${repository}/pull/${number}#pullrequestreview-${id}`);
  const url = view.urls.repository(repository, `pulls/${number}`);
  return {
    id,
    node_id: nodeId('PullRequestReview', id),
    user: showSimpleUser(view, review.author),
    body: review.body,
    state: reviewStates[review.state],
    html_url: html,
    pull_request_url: url,
    author_association: showAuthorAssociation(view, repository, review.author),
    _links: { html: { href: html }, pull_request: { href: url } },
    submitted_at: showTime(review.submittedAt),
    commit_id: review.commitSha,
  };
}
