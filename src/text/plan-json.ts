/** The plan as JSON for programs: the one value, flat where a program wants it flat. Secrets are masked in the value already. */
import type { Plan, TargetPlan } from '../core/plan/plan.js';

/** Plain data with the documented names; `format` grows when a name changes its meaning. */
export function planJson(plan: Plan): object {
  return {
    format: 1,
    digest: plan.digest,
    base: plan.base,
    head: plan.head,
    changes: plan.changes,
    targets: plan.targets.map(targetJson),
    images: plan.targets.flatMap(({ target, images }) => images.map((image) => ({ ...target, ...image }))),
    warnings: plan.warnings.map(({ target, ...warning }) => ({ ...target, ...warning })),
    problems: plan.problems,
    outside: plan.outside,
    hidden: plan.hidden.map(({ target, ...hidden }) => ({
      app: target?.app ?? null,
      env: target?.env ?? null,
      ...hidden,
    })),
  };
}

function targetJson({ target, ...plan }: TargetPlan): object {
  return { app: target.app, env: target.env, ...plan };
}
