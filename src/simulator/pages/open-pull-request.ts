/** The form that opens a pull request for a branch somebody has pushed. */

import type { Outcome } from '../forge/refusal.js';
import type { PullRequest, Repository } from '../forge/state.js';
import type { Html } from './html.js';
import { html } from './html.js';
import type { PageContext } from './page-layout.js';

export async function renderOpenForm(context: PageContext, repository: Repository): Promise<Html> {
  const { fullName, defaultBranch } = repository;
  const word = context.links.pullRequestWord;
  const open = context.forge.pullRequests.of(fullName).filter(({ state }) => state === 'open');
  const branches = (await context.forge.branches.list(fullName))
    .map(({ name }) => name)
    .filter((name) => name !== defaultBranch && !open.some(({ headBranch }) => headBranch === name));
  if (branches.length === 0) return html`<p>Push a branch, and a ${word} for it can be opened here.</p>`;
  return html`<form method="post" action="${context.links.below(fullName, 'open')}" class="actions">
    <div>
      <label for="head">Branch</label
      ><select id="head" name="head">
        ${branches.map((name) => html`<option>${name}</option>`)}
      </select>
    </div>
    <div><label for="title">Title</label><input id="title" name="title" required /></div>
    <button>Open a ${word}</button>
  </form>`;
}

export async function openPullRequest(
  { forge, viewer }: PageContext,
  repository: Repository,
  fields: ReadonlyMap<string, string>,
): Promise<Outcome<PullRequest>> {
  return forge.pullRequests.open({
    repository: repository.fullName,
    actor: viewer.login,
    title: fields.get('title') ?? '',
    body: '',
    headBranch: fields.get('head') ?? '',
    baseBranch: repository.defaultBranch,
  });
}
