/** How much it matters that a check is written now. */
import type { CheckState } from '../forge-objects.js';
import type { WriteWeight } from './write-budget.js';

export interface CheckWrite {
  /** Null: none stands there. */
  readonly standing: CheckState | null;
  readonly wanted: CheckState;
  /** What is about to be sent and may hinge on it. */
  readonly ahead: 'merge' | undefined;
}

/** Whether it lets a merge through or not is what a check is for; the words, and that it has begun, can wait. */
export function checkWeight({ standing, wanted, ahead }: CheckWrite): WriteWeight {
  if (standing === wanted || (standing === null && wanted === 'pending')) return 'progress';
  return ahead ?? 'result';
}
