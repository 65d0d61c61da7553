/** Whether a plan has to be made again though neither the head nor the target branch has moved. */
import type { Plan } from './plan.js';

/** A plan is a function of both commits, so one that was made would be made the same; problems may have gone since. */
export function planStands(plan: Pick<Plan, 'problems'> | null): boolean {
  return plan !== null && plan.problems.length === 0;
}
