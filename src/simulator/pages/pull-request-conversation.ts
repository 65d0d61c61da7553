/** What was said on a pull request: its body, comments, reviews and the forge's own notes, in the order they came. */

import type { Comment, PullRequest, Reaction, Review } from '../forge/state.js';
import type { Html } from './html.js';
import { html } from './html.js';
import type { PageContext } from './page-layout.js';
import { renderState, renderTime } from './page-layout.js';
import { renderMarkdown } from './render-markdown.js';

const REACTIONS: ReadonlyMap<string, string> = new Map([
  ['thumbs-up', '👍'],
  ['thumbs-down', '👎'],
  ['laugh', '😄'],
  ['hooray', '🎉'],
  ['confused', '😕'],
  ['heart', '❤️'],
  ['rocket', '🚀'],
  ['eyes', '👀'],
]);

function renderReactions(reactions: readonly Reaction[]): Html | '' {
  if (reactions.length === 0) return '';
  const shown = reactions.map((one) => html`<li>${REACTIONS.get(one.name) ?? ''} ${one.name} by ${one.author}</li>`);
  return html`<ul class="meta" aria-label="Reactions">
    ${shown}
  </ul>`;
}

interface Box {
  readonly id: string;
  readonly author: string;
  readonly did: Html | string;
  readonly at: Date;
  readonly body: string;
  readonly reactions: readonly Reaction[];
}

function renderBox(box: Box): Html {
  return html`<article class="box" id="${box.id}" aria-label="${box.author}">
    <header>
      <h3>${box.author}</h3>
      <span>${box.did}</span> <a href="#${box.id}">${renderTime(box.at)}</a>
    </header>
    <div class="body">
      ${box.body.trim() === '' ? html`<p class="meta">No words.</p>` : renderMarkdown(box.body)}${renderReactions(box.reactions)}
    </div>
  </article>`;
}

function renderComment(context: PageContext, comment: Comment): Html {
  const { id, repository, number } = comment;
  if (comment.system) {
    return html`<p class="event">
      ${comment.author} ${comment.body.split('\n', 1)[0]}, ${renderTime(comment.createdAt)}
    </p>`;
  }
  const edited =
    comment.updatedAt > comment.createdAt ? html`commented, edited ${renderTime(comment.updatedAt)}` : 'commented';
  return renderBox({
    id: context.links.commentAnchor(id),
    author: comment.author,
    did: edited,
    at: comment.createdAt,
    body: comment.body,
    reactions: context.forge.comments.reactionsTo({ repository, number, commentId: id }),
  });
}

/** A review without words is one line; GitLab's approvals are told by system notes already. */
function renderReview(context: PageContext, review: Review): Html | '' {
  if (context.links.dialect === 'gitlab') return '';
  const state = renderState(review.state.replace('-', ' '));
  const did = html`${state} at <code>${review.commitSha.slice(0, 8)}</code>`;
  const id = `pullrequestreview-${review.id}`;
  if (review.body.trim() === '') {
    return html`<p class="event" id="${id}">${review.author} ${did}, ${renderTime(review.submittedAt)}</p>`;
  }
  return renderBox({ id, author: review.author, did, at: review.submittedAt, body: review.body, reactions: [] });
}

export function renderConversation(context: PageContext, pullRequest: PullRequest): Html {
  const { repository, number } = pullRequest;
  const { comments, reviews } = context.forge;
  const said = [
    ...comments.of(repository, number).map((one) => ({ at: one.createdAt, shown: renderComment(context, one) })),
    ...reviews.of(repository, number).map((one) => ({ at: one.submittedAt, shown: renderReview(context, one) })),
  ].toSorted((one, other) => one.at.getTime() - other.at.getTime());
  const opening = renderBox({
    id: 'description',
    author: pullRequest.author,
    did: 'opened it',
    at: pullRequest.createdAt,
    body: pullRequest.body,
    reactions: comments.reactionsTo({ repository, number }),
  });
  return html`<section aria-labelledby="conversation">
    <h2 id="conversation">Conversation</h2>
    ${opening}${said.map((one) => one.shown)}
  </section>`;
}
