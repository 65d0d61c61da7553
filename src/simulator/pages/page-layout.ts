/** What every page has around its content. */

import type { Forge } from '../forge/forge.js';
import type { Repository, User } from '../forge/state.js';
import type { Html } from './html.js';
import { html } from './html.js';
import type { PageLinks } from './page-links.js';

/** Somebody looks at a page, acting as this account. */
interface Viewer {
  readonly login: string;
  /** The address of the page they are on, to come back to. */
  readonly path: string;
}

export interface PageContext {
  readonly forge: Forge;
  readonly links: PageLinks;
  readonly viewer: Viewer;
  /** Words about why the last thing they tried was refused. */
  readonly refusal?: string | undefined;
}

export interface Page {
  readonly title: string;
  readonly body: Html;
}

function people(forge: Forge): readonly User[] {
  return [...forge.state.users.values()].filter((user) => user.kind === 'person');
}

function actingAs({ forge, viewer }: PageContext): Html {
  const options = people(forge).map(
    (user) =>
      html`<option value="${user.login}" ${user.login === viewer.login ? html` selected` : ''}>
        ${user.name} (${user.login})
      </option>`,
  );
  return html`<form method="post" action="/_pages/acting-as">
    <label for="acting-as">Acting as</label>
    <select id="acting-as" name="login">
      ${options}
    </select>
    <input type="hidden" name="back" value="${viewer.path}" />
    <button>Switch</button>
  </form>`;
}

export function renderPage(context: PageContext, page: Page): string {
  const forgeName = context.links.dialect === 'github' ? 'GitHub' : 'GitLab';
  const refusal =
    context.refusal === undefined ? '' : html`<div class="alert" role="alert"><p>${context.refusal}</p></div>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${page.title} · simulated ${forgeName}</title>
        <link rel="stylesheet" href="/_pages/style.css" />
      </head>
      <body>
        <header class="top">
          <nav aria-label="Site"><a href="/">Simulated ${forgeName}</a></nav>
          ${actingAs(context)}
        </header>
        <main>${refusal} ${page.body}</main>
      </body>
    </html> `.text;
}

/** `2 Mar 2026, 09:00 UTC`, with the exact time for machines. */
export function renderTime(date: Date): Html {
  const words = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
  return html`<time datetime="${date.toISOString()}">${words.format(date)} UTC</time>`;
}

const STATE_CLASSES: ReadonlyMap<string, string> = new Map([
  ['open', 'good'],
  ['success', 'good'],
  ['approved', 'good'],
  ['merged', 'good'],
  ['sent', 'good'],
  ['pending', 'wait'],
  ['failure', 'bad'],
  ['closed', 'bad'],
  ['changes requested', 'bad'],
  ['failed', 'bad'],
  ['lost', 'bad'],
]);

export function renderState(words: string): Html {
  return html`<span class="state ${STATE_CLASSES.get(words) ?? ''}">${words}</span>`;
}

/** Above the content of a repository's pages. */
export function renderTrail(context: PageContext, repository: Repository): Html {
  return html`<nav aria-label="Repository" class="meta">
    <a href="${context.links.repository(repository.fullName)}">${repository.fullName}</a>
  </nav>`;
}
