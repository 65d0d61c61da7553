/** A pull request's page. */

import type { PullRequestDetails } from './gather-pull-request.js';
import type { Html } from './html.js';
import { html } from './html.js';
import type { Page, PageContext } from './page-layout.js';
import { renderState, renderTrail } from './page-layout.js';
import { renderActions } from './pull-request-actions.js';
import { renderConversation } from './pull-request-conversation.js';
import { renderChecks, renderMergeState } from './pull-request-status.js';
import { renderDifferences } from './render-diff.js';
import { renderCommits } from './repository-page.js';

function renderHead(context: PageContext, { pullRequest }: PullRequestDetails): Html {
  const { number, title, headRepository, headBranch, baseBranch, headSha, repository, labels } = pullRequest;
  const head = html`<a href="${context.links.commit(repository, headSha)}"><code>${headSha.slice(0, 8)}</code></a>`;
  return html`<h1>${title} <span class="meta">${context.links.reference(number)}</span></h1>
    <p class="meta">
      ${renderState(pullRequest.state)}${pullRequest.draft ? ', draft' : ''}: ${pullRequest.author} wants
      <code>${headRepository === repository ? '' : `${headRepository}:`}${headBranch}</code> at ${head} in
      <code>${baseBranch}</code>. ${labels.length === 0 ? '' : `Labels: ${labels.join(', ')}.`}
    </p>`;
}

export function renderPullRequestPage(context: PageContext, details: PullRequestDetails, draft: string): Page {
  const { pullRequest, repository, commits, differences } = details;
  const files = differences.length === 1 ? '1 file' : `${differences.length} files`;
  return {
    title: `${pullRequest.title} ${context.links.reference(pullRequest.number)}`,
    body: html`${renderTrail(context, repository)} ${renderHead(context, details)}
      ${renderConversation(context, pullRequest)} ${renderChecks(context, details)}
      <section aria-labelledby="merge">
        <h2 id="merge">Merge</h2>
        ${renderMergeState(context, details)}
      </section>
      ${renderActions(context, details, draft)}
      <section aria-labelledby="files">
        <h2 id="files">${files} changed</h2>
        ${renderDifferences(differences)}
      </section>
      <section aria-labelledby="commits">
        <h2 id="commits">Commits</h2>
        ${renderCommits(context, repository.fullName, commits)}
      </section>`,
  };
}
