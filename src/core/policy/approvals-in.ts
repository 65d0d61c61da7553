/** The approvals that counted for a verdict, wherever in it they stand. */
import type { CountedApproval, VerdictNode } from './verdict-node.js';
import type { Verdict } from './verdict.js';

/** One that counts for several requirements is there for each. */
export function approvalsIn({ rules }: Verdict): readonly CountedApproval[] {
  return rules.flatMap(({ requirement }) => (requirement === null ? [] : approvalsOf(requirement)));
}

function approvalsOf(node: VerdictNode): readonly CountedApproval[] {
  switch (node.kind) {
    case 'approvals':
      return node.countedApprovals;
    case 'all':
    case 'any':
    case 'n-of':
      return node.of.flatMap(approvalsOf);
    default:
      return [];
  }
}
