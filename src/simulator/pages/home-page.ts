/** The first page: repositories and their open pull requests, and the last webhooks. */

import type { Delivery } from '../delivery/delivery.js';
import type { Repository } from '../forge/state.js';
import type { Html } from './html.js';
import { html } from './html.js';
import type { Page, PageContext } from './page-layout.js';
import { renderState, renderTime } from './page-layout.js';
import { renderPullRequestTable } from './pull-request-table.js';

const SHOWN_DELIVERIES = 20;

function renderRepository(context: PageContext, repository: Repository): Html {
  const open = context.forge.pullRequests.of(repository.fullName).filter((one) => one.state === 'open');
  return html`<section>
    <h2><a href="${context.links.repository(repository.fullName)}">${repository.fullName}</a></h2>
    <p class="meta">${repository.description}</p>
    ${renderPullRequestTable(context, open, `No ${context.links.pullRequestWord} is open.`)}
  </section>`;
}

function renderDelivery(delivery: Delivery): Html {
  const answer = delivery.attempts.at(-1);
  const words =
    answer === undefined ? '' : `${answer.status ?? answer.error ?? 'no answer'} in ${answer.durationMs} ms`;
  return html`<tr>
    <td>${delivery.number}</td>
    <td>${delivery.event}${delivery.action === undefined ? '' : ` (${delivery.action})`}</td>
    <td>${delivery.repository ?? ''}</td>
    <td>${renderState(delivery.state)}</td>
    <td>${words}</td>
    <td>${renderTime(delivery.queuedAt)}</td>
  </tr>`;
}

function renderDeliveries(deliveries: readonly Delivery[]): Html {
  if (deliveries.length === 0) return html`<p>None yet.</p>`;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Number</th>
        <th scope="col">Event</th>
        <th scope="col">Repository</th>
        <th scope="col">State</th>
        <th scope="col">Answer</th>
        <th scope="col">Time</th>
      </tr>
    </thead>
    <tbody>
      ${deliveries.map(renderDelivery)}
    </tbody>
  </table>`;
}

export function renderHomePage(context: PageContext, deliveries: readonly Delivery[]): Page {
  const { forge, viewer } = context;
  const repositories = forge.repositories.visibleTo(viewer.login);
  const nothing = html`<p>${viewer.login} sees no repository. Act as somebody else.</p>`;
  return {
    title: 'Repositories',
    body: html`<h1>Repositories</h1>
      ${repositories.length === 0 ? nothing : repositories.map((one) => renderRepository(context, one))}
      <h2>Last webhooks</h2>
      ${renderDeliveries(deliveries.slice(-SHOWN_DELIVERIES).toReversed())}`,
  };
}
