/** The plan in words: its section of the comment, the check's title, its problems. */
import type { Plan, PlanProblem, ResourceChange, TargetPlan } from '../core/plan/plan.js';
import type { FileProblem } from '../core/problem.js';
import { unreachable } from '../core/unreachable.js';
import {
  code,
  counted,
  details,
  fenced,
  fitting,
  htmlCode,
  listedFew,
  NOTE_LENGTH,
  oneLine,
  plain,
} from './markdown.js';

/** One line for the check: `api in dev: 1.0.0 → 1.1.0`. */
export function planTitle(plan: Plan): string {
  if (plan.problems.length > 0) return oneLine(`The plan failed: ${counted(plan.problems.length, 'problem')}`, 140);
  const changed = changedTargets(plan);
  if (changed.length === 0) return plan.changes === 'none' ? 'Nothing changes' : 'No environment changes';
  return oneLine(
    changed.map((target) => `${target.target.app} in ${target.target.env}: ${headline(target)}`).join('; '),
    140,
  );
}

/** The section of the comment, at most `budget` characters (not less than {@link LEAST_BUDGET}); what is left out is counted where it is missing. */
export function planSection(plan: Plan, budget: number): string {
  const room = Math.max(budget, LEAST_BUDGET);
  const summary = planSummary(plan, room * SHARE);
  const problems = fitting(plan.problems.map(problemText), room * SHARE, 2);
  const parts = [...(summary === '' ? [] : [summary]), ...problems.shown];
  if (problems.hidden > 0) parts.push(`…and ${counted(problems.hidden, 'more problem')}.`);
  return [...parts, ...resourceBlocks(plan, room - parts.join('\n\n').length - NOTE_LENGTH)].join('\n\n');
}

export const LEAST_BUDGET = 4000;
/** Of the room, what the summary and the problems may take each; the rest is the differences'. */
const SHARE = 0.35;

/** Blocks that fit, small ones after a large one too. Those that do not are counted before the others. */
function resourceBlocks(plan: Plan, room: number): readonly string[] {
  let left = room;
  let hidden = 0;
  const shown: string[] = [];
  for (const target of changedTargets(plan)) {
    for (const resource of target.resources) {
      const block = resource.diff.length > left ? null : resourceBlock(target, resource);
      if (block === null || block.length + 2 > left) hidden += 1;
      else {
        left -= block.length + 2;
        shown.push(block);
      }
    }
  }
  if (hidden === 0) return shown;
  return [`**${counted(hidden, 'changed resource')} not shown here because the comment would be too long.**`, ...shown];
}

function planSummary(plan: Plan, room: number): string {
  const changed = changedTargets(plan);
  const outside = outsideText(plan);
  if (changed.length === 0 && plan.problems.length === 0) {
    const words = plan.changes === 'none' ? 'Nothing changes.' : 'What every environment runs stays the same.';
    return [words, ...outside].join('\n\n');
  }
  const { shown, hidden } = fitting(changed.map(summaryRow), room - outside.join('').length - NOTE_LENGTH);
  const rows = hidden === 0 ? shown : [...shown, `- …and ${counted(hidden, 'more target')}`];
  return [...(rows.length === 0 ? [] : [rows.join('\n')]), ...outside].join('\n\n');
}

function summaryRow(target: TargetPlan): string {
  return `- **${targetText(target)}**: ${plain(oneLine(headline(target), NAME_SHOWN))}`;
}

/** Characters of an application's, environment's or resource's name that are shown, at most. */
const NAME_SHOWN = 200;

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
  return [`Files that belong to no environment also change: ${listedFew(plan.outside.map(pathCode), 5, 'file')}.`];
}

/** Characters of a path that are shown, at most. */
const PATH_SHOWN = 100;

function pathCode(path: string): string {
  return code(oneLine(path, PATH_SHOWN));
}

function resourceBlock(target: TargetPlan, resource: ResourceChange): string {
  const what =
    resource.kind === ''
      ? resource.name
      : `${resource.kind} ${resource.namespace === null ? '' : `${resource.namespace}/`}${resource.name}`;
  const where = oneLine(`${target.target.app} in ${target.target.env}`, NAME_SHOWN);
  return details(
    `${htmlCode(oneLine(what, NAME_SHOWN))} ${resource.change} (${htmlCode(where)})`,
    fenced(resource.diff, 'diff'),
  );
}

function changedTargets(plan: Plan): readonly TargetPlan[] {
  return plan.targets.filter((target) => target.resources.length > 0);
}

/** Each problem says what to do about it. */
export function problemText(problem: PlanProblem): string {
  switch (problem.kind) {
    case 'render-failed': {
      const file = problem.file === null ? '' : ` (${pathCode(problem.file)})`;
      return `**${targetText(problem)} could not be rendered ${sideText(problem.side)}**${file}:\n\n${fenced(shortened(problem.message), '')}`;
    }
    case 'broken-manifest':
      return `**${targetText(problem)} holds YAML that can't be read ${sideText(problem.side)}**: ${filePosition(problem.problem)}`;
    case 'tool-missing':
      return `**${targetText(problem)} needs ${code(problem.tool)}, which the server does not have.** ${plain(oneLine(problem.install, MESSAGE_SHOWN))}`;
    case 'conflict':
      return `**This does not merge into the target branch any more**: ${listedFew(problem.paths.map(pathCode), 10, 'file')}. Rebase it or merge the target branch into it.`;
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
  return plain(oneLine(`${problem.target.app} in ${problem.target.env}`, NAME_SHOWN));
}

function sideText(side: 'before' | 'after'): string {
  return side === 'before' ? 'as it is on the target branch now' : 'with this change';
}

export function filePosition(problem: FileProblem): string {
  const at = `${oneLine(problem.file, PATH_SHOWN)}:${problem.line}:${problem.column}`;
  return `${code(at)} ${plain(oneLine(problem.message, MESSAGE_SHOWN))}`;
}

/** Characters of a tool's or the reader's words that are shown, at most. */
const MESSAGE_SHOWN = 1000;

/** The end of what a tool said is where the cause stands. */
function shortened(message: string): string {
  const rest = message.length - MESSAGE_SHOWN;
  return rest <= 0 ? message : `(${counted(rest, 'character')} before this not shown)\n${message.slice(rest)}`;
}
