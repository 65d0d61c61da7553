/** A plan as far as one target goes; that there is more is said in it. */
import { targetKey, type TargetName } from '../ids.js';
import type { HiddenPart, Plan, TargetPlan } from './plan.js';

/** `target` as `app/env`. The digest stays that of the whole plan. */
export function onlyTarget(whole: Plan, target: string): Plan {
  const is = (name: TargetName | null): boolean => name !== null && targetKey(name) === target;
  const targets = whole.targets.filter((each) => is(each.target));
  const problems = whole.problems.filter((problem) => !('target' in problem) || is(problem.target));
  const others = whole.targets.filter((each) => !is(each.target) && each.resources.length > 0);
  const differs = problems.length > 0 || targets.some((each) => each.digestBefore !== each.digestAfter);
  return {
    ...whole,
    targets,
    problems,
    outside: [],
    changes: differs ? whole.changes : 'none',
    warnings: whole.warnings.filter((warning) => is(warning.target)),
    hidden: [
      ...whole.hidden.filter((part) => part.target === null || is(part.target)),
      ...leftOut(others, whole.outside),
    ],
  };
}

function leftOut(others: readonly TargetPlan[], outside: readonly string[]): readonly HiddenPart[] {
  const count = others.reduce((sum, each) => sum + each.resources.length, outside.length);
  if (count === 0) return [];
  const names = [
    ...new Set(others.map((each) => targetKey(each.target))),
    ...(outside.length === 0 ? [] : ['files outside of all environments']),
  ];
  return [{ kind: 'unshown-resource', target: null, count, what: `left out by --target: ${names.join(', ')}` }];
}
