/** What changed in files, line by line. */

import type { FileDifference } from '../git/git-objects.js';
import type { Html } from './html.js';
import { html } from './html.js';

/** Longer patches would make the page unreadable; git has them in full. */
const SHOWN_LINES = 1000;

const LINE_CLASSES: ReadonlyMap<string, string> = new Map([
  ['+', 'added'],
  ['-', 'removed'],
  ['@', 'hunk'],
]);

function renderPatch(patch: string): Html {
  const lines = patch.split('\n');
  const shown = lines
    .slice(0, SHOWN_LINES)
    .map((line) => html`<span class="${LINE_CLASSES.get(line.charAt(0)) ?? ''}">${line}</span>`);
  const hidden = lines.length - SHOWN_LINES;
  return html`<pre class="diff" tabindex="0">${shown}</pre>
    ${hidden > 0 ? html`<p>${hidden} more lines are not shown.</p>` : ''}`;
}

function renderFile(difference: FileDifference): Html {
  const { path, previousPath, status, additions, deletions, patch } = difference;
  const name = status === 'renamed' ? `${previousPath} → ${path}` : path;
  return html`<details open>
    <summary><code>${name}</code> ${status}, ${additions} added, ${deletions} removed</summary>
    ${patch === undefined ? html`<p class="meta">No lines to show.</p>` : renderPatch(patch)}
  </details>`;
}

export function renderDifferences(differences: readonly FileDifference[]): Html {
  if (differences.length === 0) return html`<p>No file has changed.</p>`;
  return html`${differences.map(renderFile)}`;
}
