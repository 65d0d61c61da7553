/** The forms on a pull request's page, and what they do. */

import { reportCi } from '../control/report-ci.js';
import type { Outcome } from '../forge/refusal.js';
import { done, invalid } from '../forge/refusal.js';
import type { MergeMethod, PullRequest } from '../forge/state.js';
import type { PullRequestDetails } from './gather-pull-request.js';
import type { Html } from './html.js';
import { html } from './html.js';
import type { PageContext } from './page-layout.js';

interface Target {
  readonly repository: string;
  readonly number: number;
  readonly actor: string;
}

type Fields = ReadonlyMap<string, string>;

type Action = (context: PageContext, target: Target, fields: Fields) => Promise<Outcome<unknown>> | Outcome<unknown>;

function review(state: 'approved' | 'changes-requested'): Action {
  return ({ forge }, target, fields) => forge.reviews.submit({ ...target, state, body: fields.get('body') ?? '' });
}

function setState(state: 'open' | 'closed'): Action {
  return ({ forge }, target) => forge.pullRequests.edit({ ...target, state });
}

const METHODS: readonly MergeMethod[] = ['merge', 'squash', 'rebase'];

/** What CI speaks about: the head, and once merged what the merge made of it. */
function commitOfCi({ headSha, merge: merged }: PullRequest): string {
  return merged?.sha ?? headSha;
}

const reportCheck: Action = ({ forge }, { repository, number }, fields) => {
  const pullRequest = forge.pullRequests.get(repository, number);
  if (!pullRequest.ok) return pullRequest;
  const state = (['success', 'failure', 'pending'] as const).find((one) => one === fields.get('state'));
  const name = fields.get('name')?.trim() ?? '';
  if (state === undefined || name === '') return invalid('Check', 'name', 'Say which check, and how it went.');
  return reportCi(forge, { repository, sha: commitOfCi(pullRequest.value), name, state });
};

/** Merges what the person saw: a push since then is refused. */
const merge: Action = ({ forge }, target, fields) => {
  const method = METHODS.find((one) => one === fields.get('method')) ?? 'merge';
  const seen = fields.get('head');
  return forge.merging.merge({ ...target, method, ...(seen === undefined ? {} : { expectedHead: seen }) });
};

/** By the last part of the form's address. */
export const pullRequestActions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['comment', ({ forge }, target, fields) => forge.comments.add({ ...target, body: fields.get('body') ?? '' })],
  ['approve', review('approved')],
  ['request-changes', review('changes-requested')],
  ['unapprove', ({ forge }, target) => forge.reviews.withdraw(target)],
  ['check', reportCheck],
  ['merge', merge],
  ['close', setState('closed')],
  ['reopen', setState('open')],
]);

export async function performAction(
  context: PageContext,
  on: { readonly repository: string; readonly number: number; readonly action: string },
  fields: Fields,
): Promise<Outcome<void>> {
  const act = pullRequestActions.get(on.action);
  if (act === undefined) return invalid('Page', 'action', `There is no action ${on.action}.`);
  const { repository, number } = on;
  const outcome = await act(context, { repository, number, actor: context.viewer.login }, fields);
  return outcome.ok ? done(undefined) : outcome;
}

function simpleForm(at: string, action: string, words: string): Html {
  return html`<form method="post" action="${at}/${action}"><button>${words}</button></form>`;
}

function renderCommentForm(at: string, login: string, draft: string): Html {
  return html`<form method="post" action="${at}/comment">
    <label for="body">Comment as ${login}</label>
    <textarea id="body" name="body" required placeholder="Markdown, or a command such as /why">${draft}</textarea>
    <div class="actions"><button>Comment</button></div>
  </form>`;
}

function renderReviewForms(context: PageContext, at: string): Html {
  if (context.links.dialect === 'gitlab') {
    return html`${simpleForm(at, 'approve', 'Approve')}${simpleForm(at, 'unapprove', 'Take approval back')}`;
  }
  return html`${simpleForm(at, 'approve', 'Approve')}${simpleForm(at, 'request-changes', 'Request changes')}`;
}

function renderCiForm(at: string, names: readonly string[]): Html {
  return html`<form method="post" action="${at}/check" class="actions">
    <div>
      <label for="check-name">Check</label
      ><input id="check-name" name="name" list="check-names" value="${names[0]}" required />
      <datalist id="check-names">${names.map((name) => html`<option value="${name}"></option>`)}</datalist>
    </div>
    <button name="state" value="success">CI green</button>
    <button name="state" value="failure">CI red</button>
    <button name="state" value="pending">CI running</button>
  </form>`;
}

function renderMergeForm(at: string, { repository, pullRequest }: PullRequestDetails): Html {
  const options = repository.settings.mergeMethods.map((method) => html`<option>${method}</option>`);
  return html`<form method="post" action="${at}/merge" class="actions">
    <div>
      <label for="method">Merge method</label
      ><select id="method" name="method">
        ${options}
      </select>
    </div>
    <input type="hidden" name="head" value="${pullRequest.headSha}" />
    <button>Merge by hand</button>
  </form>`;
}

/** `draft` is a comment that was refused, so that nobody types it twice. */
export function renderActions(context: PageContext, details: PullRequestDetails, draft: string): Html {
  const { pullRequest, ciNames } = details;
  const at = context.links.pullRequest(pullRequest.repository, pullRequest.number);
  const { login } = context.viewer;
  const open = html`<div class="actions">${renderReviewForms(context, at)}${simpleForm(at, 'close', 'Close')}</div>
    ${renderMergeForm(at, details)}`;
  const closed = html`<div class="actions">${simpleForm(at, 'reopen', 'Reopen')}</div>`;
  const byState = { open, closed, merged: html`` };
  return html`<section aria-labelledby="actions">
    <h2 id="actions">As ${login}</h2>
    ${renderCommentForm(at, login, draft)} ${byState[pullRequest.state]}
    <h3>As CI, about <code>${commitOfCi(pullRequest).slice(0, 8)}</code></h3>
    ${pullRequest.state === 'merged' ? html`<p>This is the commit that the merge made on <code>${pullRequest.baseBranch}</code>.</p>` : ''}
    ${renderCiForm(at, ciNames)}
  </section>`;
}
