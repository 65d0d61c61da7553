/** Where a pull request stands: its checks, who approved, what is in the way of a merge. */

import type { CheckDetails, PullRequestDetails } from './gather-pull-request.js';
import type { Html } from './html.js';
import { html } from './html.js';
import type { PageContext } from './page-layout.js';
import { renderState } from './page-layout.js';
import { renderMarkdown } from './render-markdown.js';

function reporter(check: CheckDetails): string {
  if (check.run !== undefined) return `${check.run.appSlug} (App)`;
  if (check.status !== undefined) return check.status.author;
  return check.job?.external === false ? 'pipeline' : (check.job?.author ?? '');
}

function detailsUrl(context: PageContext, check: CheckDetails): string | undefined {
  if (check.run !== undefined) return context.links.checkRun(check.run.repository, check.run.id);
  if (check.job?.external === false) return context.links.pipeline(check.job.repository, check.job.pipelineId);
  const target = check.status?.targetUrl ?? check.job?.targetUrl;
  // A target comes from whoever reported the check: only web addresses may become links.
  return target !== undefined && /^https?:\/\//.test(target) ? target : undefined;
}

function renderCheck(context: PageContext, check: CheckDetails): Html {
  const { summary, run } = check;
  const url = detailsUrl(context, check);
  const name = url === undefined ? html`${summary.name}` : html`<a href="${url}" rel="noreferrer">${summary.name}</a>`;
  const long = [run?.summary, run?.text].filter((one) => one !== undefined && one.trim() !== '').join('\n\n');
  const more =
    long === ''
      ? ''
      : html`<details>
          <summary>Summary</summary>
          ${renderMarkdown(long)}
        </details>`;
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${renderState(summary.state)}</td>
    <td>${summary.description}${more}</td>
    <td>${reporter(check)}</td>
  </tr>`;
}

export function renderChecks(context: PageContext, details: PullRequestDetails): Html {
  const { checks, missingChecks, pullRequest } = details;
  const missing = missingChecks.map(
    (name) =>
      html`<tr>
        <th scope="row">${name}</th>
        <td>${renderState('pending')}</td>
        <td>Required; nobody has reported it yet.</td>
        <td></td>
      </tr>`,
  );
  const table = html`<table>
    <thead>
      <tr>
        <th scope="col">Check</th>
        <th scope="col">State</th>
        <th scope="col">Words</th>
        <th scope="col">By</th>
      </tr>
    </thead>
    <tbody>
      ${checks.map((check) => renderCheck(context, check))}${missing}
    </tbody>
  </table>`;
  const none = checks.length + missingChecks.length === 0;
  return html`<section aria-labelledby="checks">
    <h2 id="checks">Checks of <code>${pullRequest.headSha.slice(0, 8)}</code></h2>
    ${none ? html`<p>Nothing has been reported.</p>` : table}
  </section>`;
}

const MERGEABILITY = {
  unknown: 'Not checked for conflicts yet: load the page again.',
  checking: 'Being checked for conflicts: load the page again.',
  clean: 'No conflicts with the base branch.',
  conflicting: 'Conflicts with the base branch.',
} as const;

function approvalWords(context: PageContext, { pullRequest }: PullRequestDetails): string {
  const opinions = context.forge.reviews.counting(pullRequest.repository, pullRequest.number);
  const who = (state: string) => opinions.filter((one) => one.state === state).map((one) => one.author);
  const approved = who('approved');
  const against = who('changes-requested');
  const parts = [
    approved.length === 0 ? 'Nobody with write permission has approved.' : `Approved by ${approved.join(', ')}.`,
    ...(against.length === 0 ? [] : [`Changes requested by ${against.join(', ')}.`]),
  ];
  return parts.join(' ');
}

export function renderMergeState(context: PageContext, details: PullRequestDetails): Html {
  const { pullRequest, obstacles } = details;
  const { merge, repository } = pullRequest;
  if (merge !== undefined) {
    const commit = html`<a href="${context.links.commit(repository, merge.sha)}"
      ><code>${merge.sha.slice(0, 8)}</code></a
    >`;
    return html`<p>Merged by ${merge.by} as ${commit} (${merge.method}).</p>`;
  }
  if (pullRequest.state === 'closed')
    return html`<p>Closed by ${pullRequest.closedBy ?? 'somebody'} without a merge.</p>`;
  return html`<ul>
    <li>${MERGEABILITY[pullRequest.mergeability]}</li>
    <li>${approvalWords(context, details)}</li>
    ${obstacles.map((one) => html`<li>${one.message}</li>`)}
    ${obstacles.length === 0 ? html`<li>No rule keeps ${context.viewer.login} from merging.</li>` : ''}
  </ul>`;
}
