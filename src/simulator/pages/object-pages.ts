/** Small pages for what API answers and comments link to: commits, files, check runs, pipelines, accounts. */

import type { CheckRun, Pipeline } from '../forge/commit-reports.js';
import type { Repository, User } from '../forge/state.js';
import type { Commit } from '../git/git-objects.js';
import { html } from './html.js';
import type { Page, PageContext } from './page-layout.js';
import { renderState, renderTime, renderTrail } from './page-layout.js';
import { renderDifferences } from './render-diff.js';
import { renderMarkdown } from './render-markdown.js';

export async function renderCommitPage(context: PageContext, repository: Repository, commit: Commit): Promise<Page> {
  const git = context.forge.git(repository.fullName);
  const parent = commit.parents[0] ?? (await git.writeTree(undefined, []));
  const parents = commit.parents.map(
    (sha) => html`<a href="${context.links.commit(repository.fullName, sha)}"><code>${sha.slice(0, 8)}</code></a> `,
  );
  return {
    title: `Commit ${commit.sha.slice(0, 8)}`,
    body: html`${renderTrail(context, repository)}
      <h1>Commit <code>${commit.sha.slice(0, 8)}</code></h1>
      <pre>${commit.message}</pre>
      <p class="meta">${commit.author.name}, ${renderTime(commit.committer.date)}. Parents: ${parents}</p>
      ${renderDifferences(await git.differences(parent, commit.sha))}`,
  };
}

interface FileToShow {
  readonly path: string;
  readonly ref: string;
  readonly content: Buffer;
}

export function renderFilePage(context: PageContext, repository: Repository, file: FileToShow): Page {
  const binary = file.content.includes(0);
  return {
    title: file.path,
    body: html`${renderTrail(context, repository)}
      <h1><code>${file.path}</code></h1>
      <p class="meta">on <code>${file.ref}</code>, ${file.content.length} bytes</p>
      ${binary ? html`<p>A binary file.</p>` : html`<pre tabindex="0">${file.content.toString('utf8')}</pre>`}`,
  };
}

/** Every file at a ref below a folder (empty: all). */
export async function renderTreePage(
  context: PageContext,
  repository: Repository,
  at: { readonly ref: string; readonly sha: string; readonly path: string },
): Promise<Page> {
  const entries = await context.forge.git(repository.fullName).listTree(at.sha, { recursive: true });
  const inside = at.path === '' ? '' : `${at.path}/`;
  const files = entries
    .filter((entry) => entry.type === 'blob' && entry.path.startsWith(inside))
    .map(({ path }) => html`<li><a href="${context.links.file(repository.fullName, at.ref, path)}">${path}</a></li>`);
  return {
    title: `Files on ${at.ref}`,
    body: html`${renderTrail(context, repository)}
      <h1>Files on <code>${at.ref}</code></h1>
      <ul>
        ${files}
      </ul>`,
  };
}

export interface Comparison {
  readonly from: string;
  readonly to: string;
}

/** From the merge base, as both forges compare. */
export async function renderComparePage(context: PageContext, repository: Repository, of: Comparison): Promise<Page> {
  const git = context.forge.git(repository.fullName);
  const base = (await git.mergeBase(of.from, of.to)) ?? of.from;
  const link = (sha: string) =>
    html`<a href="${context.links.commit(repository.fullName, sha)}"><code>${sha.slice(0, 8)}</code></a>`;
  return {
    title: 'Comparison',
    body: html`${renderTrail(context, repository)}
      <h1>Comparison</h1>
      <p class="meta">What ${link(of.to)} has that ${link(of.from)} has not.</p>
      ${renderDifferences(await git.differences(base, of.to))}`,
  };
}

export function renderCheckRunPage(context: PageContext, repository: Repository, run: CheckRun): Page {
  const words = [run.summary, run.text].filter((one) => one !== undefined).join('\n\n');
  return {
    title: run.name,
    body: html`${renderTrail(context, repository)}
      <h1>${run.name}</h1>
      <p>
        ${renderState(run.conclusion ?? run.status)} by ${run.appSlug} on
        <a href="${context.links.commit(repository.fullName, run.headSha)}"><code>${run.headSha.slice(0, 8)}</code></a>
      </p>
      ${run.title === undefined ? '' : html`<h2>${run.title}</h2>`} ${renderMarkdown(words)}`,
  };
}

export function renderPipelinePage(context: PageContext, repository: Repository, pipeline: Pipeline): Page {
  const { pipelines } = context.forge;
  const jobs = pipelines.jobsOf(pipeline.id).map(
    (job) =>
      html`<tr>
        <th scope="row">${job.name}</th>
        <td>${renderState(job.status)}</td>
        <td>${job.external ? 'external' : job.stage}</td>
        <td>${job.description ?? ''}</td>
      </tr>`,
  );
  return {
    title: `Pipeline ${pipeline.id}`,
    body: html`${renderTrail(context, repository)}
      <h1>Pipeline ${pipeline.id}</h1>
      <p>
        ${renderState(pipelines.statusOf(pipeline.id))} for <code>${pipeline.ref}</code> at
        <a href="${context.links.commit(repository.fullName, pipeline.sha)}"
          ><code>${pipeline.sha.slice(0, 8)}</code></a
        >
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col">State</th>
            <th scope="col">Stage</th>
            <th scope="col">Words</th>
          </tr>
        </thead>
        <tbody>
          ${jobs}
        </tbody>
      </table>`,
  };
}

export function renderAccountPage(context: PageContext, user: User): Page {
  const teams = [...context.forge.state.teams.values()].filter((team) => team.members.has(user.login));
  const words = teams.map((team) => `${team.organisation}/${team.slug}`).join(', ');
  return {
    title: user.login,
    body: html`<h1>${user.name}</h1>
      <p>${user.login}, a ${user.kind}.</p>
      <p>Teams: ${words === '' ? 'none' : words}.</p>`,
  };
}
