/** A plan as far as one target goes; that there is more is said in it. */
import { targetKey, type TargetName } from '../ids.js';
import type { HiddenPart, Plan } from './plan.js';

/** `target` as `app/env`. The digest stays that of the whole plan. */
export function onlyTarget(whole: Plan, target: string): Plan {
  const is = (name: TargetName | null): boolean => name !== null && targetKey(name) === target;
  const targets = whole.targets.filter((each) => is(each.target));
  const problems = whole.problems.filter((problem) => !('target' in problem) || is(problem.target));
  const others = whole.targets.filter((each) => !is(each.target) && each.resources.length > 0);
  const left: HiddenPart = {
    kind: 'note',
    target: null,
    count: others.length,
    what: `left out by --target: ${others.map((each) => targetKey(each.target)).join(', ')}`,
  };
  const hidden = whole.hidden.filter((part) => is(part.target));
  const differs = problems.length > 0 || targets.some((each) => each.digestBefore !== each.digestAfter);
  return {
    ...whole,
    targets,
    problems,
    outside: [],
    changes: differs ? whole.changes : 'none',
    warnings: whole.warnings.filter((warning) => is(warning.target)),
    hidden: others.length === 0 ? hidden : [...hidden, left],
  };
}
