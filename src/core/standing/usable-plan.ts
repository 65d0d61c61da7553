/** Which plan of a fork's head still speaks. */
import type { Sha } from '../ids.js';
import type { Plan } from '../plan/plan.js';

/** A plan that says "this is a fork" is none any more once somebody has allowed this head to be rendered. */
export function usablePlan(plan: Plan | null, head: Sha, trustedHead: Sha | null): Plan | null {
  const untrusted = plan?.problems.some(({ kind }) => kind === 'fork') ?? false;
  return untrusted && trustedHead === head ? null : plan;
}
