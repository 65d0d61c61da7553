/** Why a pull request is not merged yet, in words. */
import type { Blocker } from '../core/standing/readiness.js';
import { unreachable } from '../core/unreachable.js';
import type { Freeze } from '../core/standing/freeze.js';
import { code, oneLine, plain } from './markdown.js';
import { timeText } from './promotion-text.js';

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

/** `prod is frozen by alice until 2026-11-24 00:00 UTC: end of quarter`. */
export function freezeText({ env, by, until, reason }: Freeze): string {
  const end = until === null ? '' : ` until ${timeText(until)}`;
  return `${plain(env)} is frozen by ${code(by)}${end}${reasonText(reason)}`;
}

function reasonText(reason: string | null): string {
  return reason === null ? '' : `: ${plain(oneLine(reason, 200))}`;
}

/** A clause that goes after "It left the merge queue:". */
export function unqueuedReason(by: string): string {
  return `${code(by)} took it out`;
}

export function blockerList(blockers: readonly Blocker[]): string {
  return blockers.map((blocker) => `- ${blockerText(blocker)}`).join('\n');
}
