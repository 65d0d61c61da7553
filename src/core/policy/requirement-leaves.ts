/** Requirements without the groups they stand in. */
import type { Requirement } from './policy-rules.js';

/** The requirements inside of groups, and what is in no group. */
export function leavesOf(requirement: Requirement): readonly Requirement[] {
  switch (requirement.kind) {
    case 'all':
    case 'any':
    case 'n-of':
      return requirement.of.flatMap(leavesOf);
    default:
      return [requirement];
  }
}
