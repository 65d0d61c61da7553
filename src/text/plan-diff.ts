/** The plan as one unified diff, for a terminal, a pager or another program. */
import type { Plan, ResourceChange, TargetPlan } from '../core/plan/plan.js';
import { counted, visible } from './markdown.js';

/** Where the problems and what is hidden are told, by who shows the difference. */
const ELSEWHERE = {
  'command-line': { problems: '--format markdown', hidden: '--format json' },
  page: { problems: 'the plan’s page', hidden: 'the plan’s page' },
} as const;

/** Empty when nothing rendered differs. What is hidden and what failed stands in lines that begin with `#`. */
export function planDiff(plan: Plan, shownBy: keyof typeof ELSEWHERE): string {
  const see = ELSEWHERE[shownBy];
  const problems =
    plan.problems.length === 0 ? [] : [`# ${counted(plan.problems.length, 'problem')}: see ${see.problems}`];
  const hidden = plan.hidden.length === 0 ? [] : [`# ${counted(plan.hidden.length, 'part')} hidden: see ${see.hidden}`];
  const differences = plan.targets.flatMap((target) =>
    target.resources.map((resource) => resourceDiff(target, resource)),
  );
  const parts = [...problems, ...hidden, ...differences];
  return parts.length === 0 ? '' : `${parts.join('\n')}\n`;
}

function resourceDiff({ target }: TargetPlan, resource: ResourceChange): string {
  const place = oneName(`${target.app}/${target.env}/${resourceName(resource)}`);
  const before = resource.change === 'added' ? '/dev/null' : `a/${place}`;
  const after = resource.change === 'removed' ? '/dev/null' : `b/${place}`;
  return [`--- ${before}`, `+++ ${after}`, ...resource.diff.split('\n').map(visible)].join('\n');
}

/** `Deployment/api`, with its namespace where it names one; a file's path for YAML that is no Kubernetes object. */
function resourceName({ kind, namespace, name }: Pick<ResourceChange, 'kind' | 'namespace' | 'name'>): string {
  return [kind, namespace, name].filter((part) => part !== null && part !== '').join('/');
}

/** A header line of a diff is one line whatever the name holds. */
function oneName(name: string): string {
  return visible(name).replace(/[\r\n\t]+/g, ' ');
}
