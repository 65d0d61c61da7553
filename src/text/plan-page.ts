/** The plan as one HTML page: whole, never cut, without scripts and without anything fetched from elsewhere. */
import type { Plan, ResourceChange, TargetPlan } from '../core/plan/plan.js';
import { counted, visible } from './markdown.js';
import { resourceName } from './plan-diff.js';
import { problemText } from './plan-text.js';

export interface PageFrame {
  readonly title: string;
}

export function planPage(plan: Plan, frame: PageFrame): string {
  const body = [
    `<h1>${escaped(frame.title)}</h1>`,
    `<p class="ids">Plan <code>${escaped(plan.digest.slice(0, 12))}</code> for <code>${escaped(plan.head.slice(0, 12))}</code> on <code>${escaped(plan.base.slice(0, 12))}</code></p>`,
    summary(plan),
    ...plan.problems.map((problem) => `<section class="problem"><pre>${escaped(problemText(problem))}</pre></section>`),
    ...plan.targets.map(targetSection),
    outsideSection(plan),
    hiddenSection(plan),
  ];
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(frame.title)}</title><style>${STYLE}</style></head><body><main>\n${body.filter((part) => part !== '').join('\n')}\n</main></body></html>\n`;
}

function summary(plan: Plan): string {
  const changed = plan.targets.filter((target) => target.resources.length > 0);
  if (changed.length === 0 && plan.problems.length === 0) {
    return `<p>${plan.changes === 'none' ? 'Nothing changes.' : 'What every environment runs stays the same.'}</p>`;
  }
  const rows = changed.map((target) => {
    const version =
      target.versionBefore === target.versionAfter
        ? ''
        : `${target.versionBefore ?? 'nothing'} → ${target.versionAfter ?? 'nothing'}`;
    const place = `${target.target.app} in ${target.target.env}`;
    return `<tr><td><a href="#${anchor(target)}">${escaped(place)}</a></td><td>${escaped(version)}</td><td>${counted(target.resources.length, 'resource')}</td></tr>`;
  });
  return rows.length === 0
    ? ''
    : `<table><tr><th>target</th><th>version</th><th>differs</th></tr>${rows.join('')}</table>`;
}

function targetSection(target: TargetPlan): string {
  if (target.resources.length === 0) return '';
  const heading = `<h2 id="${anchor(target)}">${escaped(`${target.target.app} in ${target.target.env}`)}</h2>`;
  return [heading, ...target.resources.map(resourceSection)].join('\n');
}

function resourceSection(resource: ResourceChange): string {
  const lines = resource.diff.split('\n').map((line) => `<span class="${lineClass(line)}">${escaped(line)}</span>`);
  return `<h3><code>${escaped(resourceName(resource))}</code> ${resource.change}</h3>\n<pre>${lines.join('\n')}</pre>`;
}

function lineClass(line: string): string {
  if (line.startsWith('@@')) return 'hunk';
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : 'same';
}

function outsideSection(plan: Plan): string {
  if (plan.outside.length === 0) return '';
  const items = plan.outside.map((path) => `<li><code>${escaped(path)}</code></li>`).join('');
  return `<h2>Files that belong to no environment</h2><ul>${items}</ul>`;
}

function hiddenSection(plan: Plan): string {
  if (plan.hidden.length === 0) return '';
  const items = plan.hidden
    .map((part) => `<li>${escaped(part.kind)}: <code>${escaped(part.what)}</code></li>`)
    .join('');
  return `<h2>Not shown</h2><ul>${items}</ul>`;
}

function anchor(target: TargetPlan): string {
  return `target-${encodeURIComponent(target.target.app)}-${encodeURIComponent(target.target.env)}`;
}

function escaped(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;margin:0;color:#1f2328;background:#fff}main{max-width:70rem;margin:0 auto;padding:1rem}pre{background:#f6f8fa;padding:.6rem;overflow:auto;font-size:13px}.added{background:#dafbe1}.removed{background:#ffebe9}.hunk{color:#57606a}.problem pre{background:#fff1e5;white-space:pre-wrap}table{border-collapse:collapse}td,th{border:1px solid #d0d7de;padding:.2rem .6rem;text-align:left}.ids{color:#57606a}';
