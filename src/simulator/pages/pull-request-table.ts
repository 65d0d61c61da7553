/** Pull requests as rows, newest first. */

import type { PullRequest } from '../forge/state.js';
import type { Html } from './html.js';
import { html } from './html.js';
import type { PageContext } from './page-layout.js';
import { renderState, renderTime } from './page-layout.js';

/** How many of the checks reported on the head have succeeded, in words. */
function checksWords(context: PageContext, pullRequest: PullRequest): string {
  const checks = context.forge.checks.summaryOf(pullRequest.repository, pullRequest.headSha);
  const passed = checks.filter((check) => check.state === 'success').length;
  return checks.length === 0 ? 'none' : `${passed} of ${checks.length} passed`;
}

function renderRow(context: PageContext, pullRequest: PullRequest): Html {
  const { repository, number } = pullRequest;
  return html`<tr>
    <td>${context.links.reference(number)}</td>
    <td>
      <a href="${context.links.pullRequest(repository, number)}">${pullRequest.title}</a><br />
      <span class="meta"
        >${pullRequest.author}: <code>${pullRequest.headBranch}</code> into <code>${pullRequest.baseBranch}</code></span
      >
    </td>
    <td>${renderState(pullRequest.state)}${pullRequest.draft ? ', draft' : ''}</td>
    <td>${checksWords(context, pullRequest)}</td>
    <td>${renderTime(pullRequest.updatedAt)}</td>
  </tr>`;
}

export function renderPullRequestTable(context: PageContext, pullRequests: readonly PullRequest[], none: string): Html {
  if (pullRequests.length === 0) return html`<p>${none}</p>`;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Number</th>
        <th scope="col">Title</th>
        <th scope="col">State</th>
        <th scope="col">Checks</th>
        <th scope="col">Updated</th>
      </tr>
    </thead>
    <tbody>
      ${pullRequests.toReversed().map((one) => renderRow(context, one))}
    </tbody>
  </table>`;
}
