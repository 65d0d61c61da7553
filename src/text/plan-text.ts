/** The plan in words: its section of the comment, the check's title, its problems. */
import type { Plan, PlanProblem, ResourceChange, TargetPlan } from '../core/plan/plan.js';
import type { FileProblem } from '../core/problem.js';
import { unreachable } from '../core/unreachable.js';
import { code, counted, details, fenced, htmlCode, oneLine, plain } from './markdown.js';

/** One line for the check: `api in dev: 1.0.0 → 1.1.0`. */
export function planTitle(plan: Plan): string {
  if (plan.problems.length > 0) return oneLine(`The plan failed: ${counted(plan.problems.length, 'problem')}`, 140);
  const changed = changedTargets(plan);
  if (changed.length === 0) return plan.outside.length === 0 ? 'Nothing changes' : 'No environment changes';
  return oneLine(
    changed.map((target) => `${target.target.app} in ${target.target.env}: ${headline(target)}`).join('; '),
    140,
  );
}

/** The section of the comment, at most about `budget` characters; what had to be left out is counted at its top. */
export function planSection(plan: Plan, budget: number): string {
  const parts = [planSummary(plan), ...plan.problems.slice(0, MAX_PROBLEMS).map(problemText)];
  if (plan.problems.length > MAX_PROBLEMS)
    parts.push(`…and ${counted(plan.problems.length - MAX_PROBLEMS, 'more problem')}.`);
  let left = budget - parts.join('\n\n').length - NOTE_ROOM;
  let hidden = 0;
  const shown: string[] = [];
  for (const target of changedTargets(plan)) {
    for (const resource of target.resources) {
      const block = resourceBlock(target, resource);
      if (block.length > left) hidden += 1;
      else {
        left -= block.length + 2;
        shown.push(block);
      }
    }
  }
  if (hidden > 0)
    parts.push(`**${counted(hidden, 'changed resource')} not shown here because the comment would be too long.**`);
  return [...parts, ...shown].join('\n\n');
}

const MAX_PROBLEMS = 20;
/** Room for the line that counts what is hidden. */
const NOTE_ROOM = 200;
const MAX_SUMMARY_ROWS = 100;

function planSummary(plan: Plan): string {
  const changed = changedTargets(plan);
  if (changed.length === 0 && plan.problems.length === 0) {
    const words = plan.outside.length === 0 ? 'Nothing changes.' : 'What every environment runs stays the same.';
    return [words, ...outsideText(plan)].join('\n\n');
  }
  const rows = changed.slice(0, MAX_SUMMARY_ROWS).map(summaryRow);
  if (changed.length > MAX_SUMMARY_ROWS)
    rows.push(`- …and ${counted(changed.length - MAX_SUMMARY_ROWS, 'more target')}`);
  return [...(rows.length === 0 ? [] : [rows.join('\n')]), ...outsideText(plan)].join('\n\n');
}

function summaryRow(target: TargetPlan): string {
  return `- **${plain(target.target.app)} in ${plain(target.target.env)}**: ${plain(headline(target))}`;
}

function headline(target: TargetPlan): string {
  const version =
    target.versionBefore !== target.versionAfter
      ? [`${target.versionBefore ?? 'nothing'} → ${target.versionAfter ?? 'nothing'}`]
      : [];
  const counts = (['added', 'changed', 'removed'] as const).flatMap((change) => {
    const count = target.resources.filter((resource) => resource.change === change).length;
    return count === 0 ? [] : [`${counted(count, 'resource')} ${change}`];
  });
  return [...version, ...counts].join(', ');
}

function outsideText(plan: Plan): readonly string[] {
  if (plan.outside.length === 0) return [];
  const named = plan.outside.slice(0, 5).map(code).join(', ');
  const rest = plan.outside.length > 5 ? ` and ${counted(plan.outside.length - 5, 'more file')}` : '';
  return [`Files that belong to no environment also change: ${named}${rest}.`];
}

function resourceBlock(target: TargetPlan, resource: ResourceChange): string {
  const what =
    resource.kind === ''
      ? resource.name
      : `${resource.kind} ${resource.namespace === null ? '' : `${resource.namespace}/`}${resource.name}`;
  const where = `${target.target.app} in ${target.target.env}`;
  return details(`${htmlCode(what)} ${resource.change} (${htmlCode(where)})`, fenced(resource.diff, 'diff'));
}

function changedTargets(plan: Plan): readonly TargetPlan[] {
  return plan.targets.filter((target) => target.resources.length > 0);
}

/** Each problem says what to do about it. */
export function problemText(problem: PlanProblem): string {
  switch (problem.kind) {
    case 'render-failed': {
      const file = problem.file === null ? '' : ` (${code(problem.file)})`;
      return `**${targetText(problem)} could not be rendered ${sideText(problem.side)}**${file}:\n\n${fenced(problem.message, '')}`;
    }
    case 'broken-manifest':
      return `**${targetText(problem)} holds YAML that can't be read ${sideText(problem.side)}**: ${filePosition(problem.problem)}`;
    case 'tool-missing':
      return `**${targetText(problem)} needs ${code(problem.tool)}, which the server does not have.** ${plain(problem.install)}`;
    case 'conflict':
      return `**This does not merge into the target branch any more**: ${problem.paths.slice(0, 10).map(code).join(', ')}. Rebase it or merge the target branch into it.`;
    case 'broken-configuration':
      return problem.where === 'target-branch'
        ? `**The configuration on the target branch is broken, so nothing acts until it is mended**: ${filePosition(problem.problem)}`
        : `**This would break the configuration**: ${filePosition(problem.problem)}`;
    case 'fork':
      return '**This comes from a fork and has not been rendered.** Someone with write permission can read the change and then comment `/plan`.';
    default:
      return unreachable(problem);
  }
}

function targetText(problem: { readonly target: { readonly app: string; readonly env: string } }): string {
  return `${plain(problem.target.app)} in ${plain(problem.target.env)}`;
}

function sideText(side: 'before' | 'after'): string {
  return side === 'before' ? 'as it is on the target branch now' : 'with this change';
}

export function filePosition(problem: FileProblem): string {
  return `${code(`${problem.file}:${problem.line}:${problem.column}`)} ${plain(problem.message)}`;
}
