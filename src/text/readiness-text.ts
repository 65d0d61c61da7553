/** Why a pull request is not merged yet, in words. */
import type { Blocker } from '../core/standing/readiness.js';
import { unreachable } from '../core/unreachable.js';
import { code } from './markdown.js';

/** A clause that goes after "waits because" or stands in a list. */
export function blockerText(blocker: Blocker): string {
  switch (blocker.kind) {
    case 'closed':
      return 'it is closed';
    case 'draft':
      return 'it is a draft: mark it as ready';
    case 'plan-missing':
      return 'the plan is still being made';
    case 'plan-failed':
      return 'the plan failed';
    case 'policy-pending':
      return 'approvals are missing';
    case 'policy-refused':
      return 'the policy refuses it';
    case 'conflict':
      return 'it conflicts with the target branch';
    case 'check-pending':
      return `${code(blocker.name)} has not succeeded yet`;
    case 'check-failed':
      return `${code(blocker.name)} failed`;
    default:
      return unreachable(blocker);
  }
}

export function blockerList(blockers: readonly Blocker[]): string {
  return blockers.map((blocker) => `- ${blockerText(blocker)}`).join('\n');
}
