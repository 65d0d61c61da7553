/** Why a pull request is not merged yet, in words. */
import type { Blocker } from '../core/standing/readiness.js';
import { unreachable } from '../core/unreachable.js';
import { freezeText, reasonText } from './freeze-text.js';
import { code, oneLine } from './markdown.js';

/** A clause that goes after "waits because" or stands in a list. */
export function blockerText(blocker: Blocker): string {
  switch (blocker.kind) {
    case 'closed':
      return 'it is not open any more';
    case 'draft':
      return 'it is a draft (mark it as ready for review)';
    case 'held':
      return `${code(blocker.hold.by)} holds it${reasonText(blocker.hold.reason)} (\`/unhold\` ends that)`;
    case 'frozen':
      return `${freezeText(blocker.freeze)} (\`/unfreeze ${blocker.freeze.env}\` ends that)`;
    case 'freezes-unknown':
      return `it is not known what is frozen, and so nothing is merged: ${blocker.why}`;
    case 'plan-missing':
      return 'the plan is still being made';
    case 'plan-failed':
      return 'the plan failed (its section says why)';
    case 'policy-pending':
      return 'approvals are missing (the policy says whose would count)';
    case 'policy-refused':
      return 'the policy refuses it (its section says why)';
    case 'conflict':
      return 'it conflicts with the target branch (rebase it or merge the target branch into it)';
    case 'check-pending':
      return `the required check ${code(oneLine(blocker.name, 60))} has not succeeded yet`;
    case 'check-failed':
      return `the required check ${code(oneLine(blocker.name, 60))} failed`;
    default:
      return unreachable(blocker);
  }
}

/** A clause that goes after "It left the merge queue:". */
export function unqueuedReason(by: string): string {
  return `${code(by)} took it out`;
}

export function blockerList(blockers: readonly Blocker[]): string {
  return blockers.map((blocker) => `- ${blockerText(blocker)}`).join('\n');
}
