/** A repository: what its environments run, its pull requests, its last commits and how to push to it. */

import type { Repository } from '../forge/state.js';
import type { Commit } from '../git/git-objects.js';
import type { ApplicationVersions, EnvironmentVersions } from './gather-environments.js';
import { gatherEnvironments } from './gather-environments.js';
import type { Html } from './html.js';
import { html } from './html.js';
import type { Page, PageContext } from './page-layout.js';
import { renderTime } from './page-layout.js';
import { renderOpenForm } from './open-pull-request.js';
import { renderPullRequestTable } from './pull-request-table.js';

const SHOWN_COMMITS = 15;

function renderApplication(application: ApplicationVersions, environments: readonly string[]): Html {
  const cells = environments.map((name) => html`<td>${application.versions.get(name)?.join(', ') ?? '—'}</td>`);
  return html`<tr>
    <th scope="row">${application.name === '' ? 'this application' : application.name}</th>
    ${cells}
  </tr>`;
}

function renderEnvironments(found: EnvironmentVersions | undefined): Html {
  if (found === undefined)
    return html`<p>No <code>.lockkeeper.yaml</code> here lays environments out by directory.</p>`;
  const { environments, applications } = found;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Application</th>
        ${environments.map((name) => html`<th scope="col">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${applications.map((one) => renderApplication(one, environments))}
    </tbody>
  </table>`;
}

export function renderCommits(context: PageContext, repository: string, commits: readonly Commit[]): Html {
  const rows = commits.map(
    (commit) =>
      html`<tr>
        <td>
          <a href="${context.links.commit(repository, commit.sha)}"><code>${commit.sha.slice(0, 8)}</code></a>
        </td>
        <td>${commit.message.split('\n', 1)[0]}</td>
        <td>${commit.author.name}</td>
        <td>${renderTime(commit.committer.date)}</td>
      </tr>`,
  );
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Commit</th>
        <th scope="col">Message</th>
        <th scope="col">Author</th>
        <th scope="col">Time</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

export async function renderRepositoryPage(context: PageContext, repository: Repository, url: string): Promise<Page> {
  const git = context.forge.git(repository.fullName);
  const { fullName, defaultBranch } = repository;
  const head = await git.branchHead(defaultBranch);
  const all = context.forge.pullRequests.of(fullName);
  const word = context.links.pullRequestWord;
  const environments = head === undefined ? undefined : await gatherEnvironments(git, head);
  const commits = head === undefined ? [] : await git.log({ from: [head], limit: SHOWN_COMMITS });
  return {
    title: fullName,
    body: html`<h1>${fullName}</h1>
      <p class="meta">${repository.description}</p>
      <h2>Environments on <code>${defaultBranch}</code></h2>
      ${renderEnvironments(environments)}
      <h2>Open ${word}s</h2>
      ${renderPullRequestTable(
        context,
        all.filter((one) => one.state === 'open'),
        `No ${word} is open.`,
      )}
      <h2>Merged and closed</h2>
      ${renderPullRequestTable(
        context,
        all.filter((one) => one.state !== 'open'),
        'None yet.',
      )}
      <h2>Last commits</h2>
      ${renderCommits(context, fullName, commits)}
      <h2>Clone and push</h2>
      <p>
        <code>git clone ${url}/${fullName}.git</code> with a user name of your choice and a person's token as the
        password.
      </p>
      ${await renderOpenForm(context, repository)}`,
  };
}
