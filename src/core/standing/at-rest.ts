/** Whether a pull request stands still until somebody touches it, in a way that the forge's listings show. */
import type { Check } from '../forge-objects.js';
import type { Plan } from '../plan/plan.js';
import type { DiscountedApproval, VerdictNode } from '../policy/verdict-node.js';
import type { Verdict } from '../policy/verdict.js';
import { checksOfOthers, type Readiness } from './readiness.js';

export interface RestFacts {
  readonly plan: Plan | null;
  readonly ticket: 'queued' | 'not-queued';
  readonly checks: readonly Check[];
  readonly readiness: Readiness;
  readonly verdict: Verdict;
}

/**
 * `restless`: it waits for what may change without a trace in a listing: a check, a plan, the queue, a fact that could not be read, or
 * whether somebody who approved may do so.
 */
export function restOf({ plan, ticket, checks, readiness, verdict }: RestFacts): 'at-rest' | 'restless' {
  const others = checksOfOthers(checks);
  const waitsForCheck =
    readiness.state !== 'ready' &&
    readiness.blockers.some(({ kind }) => kind === 'check-pending' || kind === 'check-failed');
  const isRestless =
    plan === null ||
    ticket === 'queued' ||
    waitsForCheck ||
    others.some(({ state }) => state === 'pending' || state === 'failure') ||
    isUnsure(verdict, plan) ||
    verdict.rules.some(({ requirement }) => requirement !== null && waitsUnseen(requirement));
  return isRestless ? 'restless' : 'at-rest';
}

/** Something could not be read or evaluated, and may be the next time. */
function isUnsure({ undecided, rego }: Verdict, plan: Plan): boolean {
  if (rego !== null && rego.kind !== 'evaluated') return true;
  // What a conflict would change is not known, and stays so until a branch moves.
  const isConflict = plan.problems.some(({ kind }) => kind === 'conflict');
  return !isConflict && undecided.some(({ kind }) => kind !== 'no-rule-fits');
}

function waitsUnseen(node: VerdictNode): boolean {
  switch (node.kind) {
    case 'none':
      return false;
    case 'approvals':
      return node.unknown.length > 0 || node.discounted.some(hangsOnRights);
    case 'checks':
      return node.state !== 'passed';
    case 'ticket':
      return node.unknown.length > 0;
    case 'all':
    case 'any':
    case 'n-of':
      return node.of.some(waitsUnseen);
  }
}

function hangsOnRights({ why }: DiscountedApproval): boolean {
  return why.kind === 'no-permission' || why.kind === 'not-among' || why.kind === 'unknown';
}
