/** The plan as one HTML page: whole, never cut, without scripts and without anything fetched from elsewhere. */
import type { FieldChange, Plan, PlanProblem, ResourceChange, TargetPlan } from '../core/plan/plan.js';
import type { Verdict } from '../core/policy/verdict.js';
import { listHtml } from './list-html.js';
import { counted, visible } from './markdown.js';
import { problemWords } from './plan-problems.js';
import {
  changeWords,
  costNoteWords,
  costWords,
  headline,
  hiddenGroups,
  hiddenWords,
  imageWords,
  resourceWords,
  targetWords,
  warningPlaces,
  warningWords,
  worstFirst,
} from './plan-words.js';
import { nothingWords } from './plan-text.js';
import { policyExplanation } from './policy-text.js';

interface PageFrame {
  readonly title: string;
  /** The plan's other forms. */
  readonly links: readonly { readonly words: string; readonly href: string }[];
  /** Absent for a plan of no pull request. */
  readonly policy?: PagePolicy;
}

export type PagePolicy =
  /** What the policy says of the pull request as it stands; `head` is the commit that it was judged for. */
  | { readonly kind: 'judged'; readonly head: string; readonly verdict: Verdict }
  /** The page is of an earlier plan than the pull request has now. */
  | { readonly kind: 'of-another-plan'; readonly head: string }
  | { readonly kind: 'not-judged' };

/** What stands in its place once the plan was let go of. */
export const PLAN_GONE =
  'This plan is no longer kept. Comment /plan on the pull request: the plan is made again, and its comment links to it.';

export function planPage(plan: Plan, frame: PageFrame): string {
  const links = frame.links.map(({ words, href }) => `<a href="${escaped(href)}">${escaped(words)}</a>`);
  const body = [
    `<header><h1>${escaped(frame.title)}</h1>`,
    `<p class="ids">Plan ${code(plan.digest.slice(0, 12))} for ${code(plan.head.slice(0, 12))} on ${code(plan.base.slice(0, 12))}${links.map((each) => ` · ${each}`).join('')}</p></header>`,
    '<main id="plan">',
    warningSection(plan),
    summary(plan),
    policySection(frame.policy),
    ...plan.problems.map(problemSection),
    hiddenSection(plan),
    outsideSection(plan),
    ...plan.targets.map(targetSection),
    '</main>',
  ];
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex, nofollow"><meta name="color-scheme" content="light dark"><title>${escaped(frame.title)}</title><style>${PLAN_STYLE}</style></head><body><a class="skip" href="#plan">To the plan</a>\n${body.filter((part) => part !== '').join('\n')}\n</body></html>\n`;
}

function warningSection({ warnings }: Plan): string {
  const items = worstFirst(warnings).map((warning) => {
    const { kind, target, resource } = warning;
    const places = warningPlaces(warning);
    const where = places.length === 0 ? '' : ` at ${places.map(code).join(', ')}`;
    return `<li><strong>${kind}</strong>: ${code(resource)} in ${escaped(targetWords(target))} ${escaped(warningWords(kind))}${where}</li>`;
  });
  return section('warnings', counted(warnings.length, 'warning'), items);
}

function summary(plan: Plan): string {
  const changed = plan.targets.filter(differs);
  if (changed.length === 0) return plan.problems.length === 0 ? `<p>${escaped(nothingWords(plan))}</p>` : '';
  const rows = changed.map((target) => {
    const name = escaped(targetWords(target.target));
    const requests = target.cost === null ? '' : costWords(target.cost);
    return `<tr><th scope="row"><a href="#${anchor(target)}">${name}</a></th><td>${escaped(headline(target))}</td><td>${escaped(requests)}</td></tr>`;
  });
  return `<nav aria-label="Targets"><table><thead><tr><th scope="col">target</th><th scope="col">what changes</th><th scope="col">requests</th></tr></thead><tbody>${rows.join('')}</tbody></table></nav>`;
}

function policySection(policy: PagePolicy | undefined): string {
  if (policy === undefined) return '';
  return `<section class="policy" id="policy"><h2>Policy</h2>${policyHtml(policy)}</section>`;
}

/** The same tree, in the same words, as the comment, the check and `lockkeeper policy explain` have it. */
function policyHtml(policy: PagePolicy): string {
  switch (policy.kind) {
    case 'judged':
      return `<p class="ids">Judged for ${code(policy.head.slice(0, 12))}</p>${listHtml(policyExplanation(policy.verdict, Infinity))}`;
    case 'of-another-plan':
      return `<p>This page is of an earlier plan. The policy is judged on the one for ${code(policy.head.slice(0, 12))}, which the comment on the pull request links to.</p>`;
    case 'not-judged':
      return '<p>The policy has not been judged on this plan yet, or what it said is no longer kept: see the comment on the pull request.</p>';
  }
}

function differs(target: TargetPlan): boolean {
  return target.resources.length > 0;
}

function problemSection(problem: PlanProblem): string {
  const { lead, files, position, advice, output } = problemWords(problem);
  const places = [...files, ...(position === null ? [] : [position])].map(code).join(', ');
  const said = output === null ? '' : `<pre tabindex="0">${escaped(output)}</pre>`;
  return `<section class="problem"><p><strong>${escaped(lead)}.</strong> ${places} ${escaped(advice)}</p>${said}</section>`;
}

function hiddenSection({ hidden }: Plan): string {
  const items = hiddenGroups(hidden).map(({ kind, count, parts }) => {
    const names = parts.map(({ what, target }) => {
      const where = target === null ? '' : ` (${escaped(targetWords(target))})`;
      return `<li>${kind === 'note' || kind === 'unshown-resource' ? escaped(what) : code(what)}${where}</li>`;
    });
    return `<li>${hiddenWords(kind, count)}<ul>${names.join('')}</ul></li>`;
  });
  return section('hidden', 'What this does not show', items);
}

function outsideSection({ outside }: Plan): string {
  const items = outside.map((path) => `<li>${code(path)}</li>`);
  return section('outside', 'Files outside of all environments also change', items);
}

function section(name: string, heading: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return `<section class="${name}"><h2>${escaped(heading)}</h2><ul>${items.join('')}</ul></section>`;
}

function targetSection(target: TargetPlan): string {
  if (!differs(target)) return '';
  const heading = `<h2 id="${anchor(target)}">${escaped(targetWords(target.target))}</h2>`;
  const about = `<p>${escaped(headline(target))} <span class="ids">${code(target.directory)}, rendered by ${escaped(target.renderer)}</span></p>`;
  return [heading, about, imageList(target), costNotes(target), ...target.resources.map(resourceSection)]
    .filter((part) => part !== '')
    .join('\n');
}

function imageList({ images }: TargetPlan): string {
  const items = images.map((image) => {
    const words = escaped(imageWords(image));
    const linked =
      image.link === null ? words : `<a rel="noreferrer" href="${escaped(webAddress(image.link))}">${words}</a>`;
    return `<li>${linked} in ${image.places.map(code).join(', ')}</li>`;
  });
  return items.length === 0 ? '' : `<ul>${items.join('')}</ul>`;
}

/** Nothing but the web: a `javascript:` address would be run by who follows it. */
function webAddress(link: string): string {
  return /^https?:\/\//i.test(link) && URL.canParse(link) ? link : '#';
}

function costNotes({ cost }: TargetPlan): string {
  const items = (cost?.notes ?? []).map((note) => `<li>${escaped(costNoteWords(note))}</li>`);
  return items.length === 0 ? '' : `<ul>${items.join('')}</ul>`;
}

function resourceSection(resource: ResourceChange): string {
  const was = resource.previousName === null ? '' : ` from ${code(resource.previousName)}`;
  const heading = `<summary><h3>${code(resourceWords(resource))} ${changeWords(resource)}${was}</h3></summary>`;
  const reordered =
    resource.reordered.length === 0 ? '' : `<p>In another order: ${resource.reordered.map(code).join(', ')}.</p>`;
  return `<details open>${heading}${fieldTable(resource.fields)}${reordered}${difference(resource.diff)}</details>`;
}

function fieldTable(fields: readonly FieldChange[]): string {
  if (fields.length === 0) return '';
  const rows = fields.map(
    ({ path, before, after }) =>
      `<tr><th scope="row">${code(path)}</th><td>${valueCell(before)}</td><td>${valueCell(after)}</td></tr>`,
  );
  return `<table><thead><tr><th scope="col">field</th><th scope="col">before</th><th scope="col">after</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function valueCell(value: string | null): string {
  return value === null ? 'none' : code(value);
}

function difference(diff: string): string {
  if (diff === '') return '<p>Its difference is not shown.</p>';
  const lines = diff.split('\n').map((line) => `<span class="${lineClass(line)}">${escaped(line)}</span>`);
  // Focusable, so that long lines can be scrolled with the keyboard.
  return `<pre tabindex="0">${lines.join('\n')}</pre>`;
}

function lineClass(line: string): string {
  if (line.startsWith('@@')) return 'hunk';
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : 'same';
}

function anchor({ target, directory }: TargetPlan): string {
  return `target-${[target.app, target.env, directory].map(encodeURIComponent).join('-').replaceAll("'", '%27')}`;
}

function code(text: string): string {
  return `<code>${escaped(text)}</code>`;
}

function escaped(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** The page's only style, light or dark as the reader's machine is set. */
export const PLAN_STYLE = `
:root{color-scheme:light dark;--text:#1f2328;--dim:#59636e;--ground:#fff;--block:#f6f8fa;--line:#d1d9e0;--link:#0550ae;--added:#dafbe1;--removed:#ffebe9;--warned:#fff8c5;--failed:#fff1e5}
@media(prefers-color-scheme:dark){:root{--text:#e6edf3;--dim:#9198a1;--ground:#0d1117;--block:#161b22;--line:#3d444d;--link:#79c0ff;--added:#12361f;--removed:#4a1b20;--warned:#3a2f0b;--failed:#3d2412}}
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1rem;color:var(--text);background:var(--ground)}
a{color:var(--link)}a:focus-visible,summary:focus-visible,pre:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem}
.ids{color:var(--dim)}h3{display:inline;font-size:1rem}summary{cursor:pointer;padding:.4rem 0}code,pre{font:13px/1.45 ui-monospace,monospace;overflow-wrap:anywhere}
pre{background:var(--block);padding:.6rem;overflow:auto;overflow-wrap:normal}pre span{display:inline-block;min-width:100%}
.added{background:var(--added)}.removed{background:var(--removed)}.hunk{color:var(--dim)}
.policy{background:var(--block)}.policy li{margin:.2rem 0}.warnings{background:var(--warned)}.policy,.warnings,.problem{padding:.1rem 1rem;margin:1rem 0;border:1px solid var(--line);border-radius:6px}.problem{background:var(--failed)}.problem pre{white-space:pre-wrap}
table{border-collapse:collapse;margin:.5rem 0}td,th{border:1px solid var(--line);padding:.2rem .6rem;text-align:left;vertical-align:top;font-weight:400}thead th{font-weight:600}
`;
