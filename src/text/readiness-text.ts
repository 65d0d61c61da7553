/** Why a pull request is not merged yet, in words. */
import type { Blocker } from '../core/standing/readiness.js';
import { doubtText, freezeText, pastFreezeText, reasonText } from './freeze-text.js';
import { code, oneLine } from './markdown.js';

/** Those that say nothing more than that they are there. */
const PLAIN_BLOCKERS = {
  closed: 'it is not open any more',
  draft: 'it is a draft (mark it as ready for review)',
  'plan-missing': 'the plan is still being made',
  'plan-failed': 'the plan failed (its section says why)',
  'policy-pending': 'the policy is not satisfied yet (its section says what is missing)',
  'policy-refused': 'the policy refuses it (its section says why)',
  conflict: 'it conflicts with the target branch (rebase it or merge the target branch into it)',
} as const;

/** A clause that goes after "waits because" or stands in a list. */
export function blockerText(blocker: Blocker): string {
  switch (blocker.kind) {
    case 'held':
      return `${code(blocker.hold.by)} holds it${reasonText(blocker.hold.reason)} (\`/unhold\` ends that)`;
    case 'frozen':
      return `${freezeText(blocker.freeze)} (\`/unfreeze ${blocker.freeze.env}\` ends that)`;
    case 'freezes-unknown':
      return `it is not known what is frozen, and so nothing is merged: ${doubtText(blocker.why)} (\`/unfreeze ENV\` writes it anew)`;
    case 'check-pending':
      return `the required check ${code(oneLine(blocker.name, 60))} has not succeeded yet`;
    case 'check-failed':
      return `the required check ${code(oneLine(blocker.name, 60))} failed`;
    default:
      return PLAIN_BLOCKERS[blocker.kind];
  }
}

/** The same of something that may have ended since. */
export function pastBlockerText(blocker: Blocker): string {
  switch (blocker.kind) {
    case 'draft':
      return 'it was made a draft';
    case 'policy-pending':
      return 'the policy was not satisfied any more (its section says what is missing)';
    case 'held':
      return `${code(blocker.hold.by)} held it${reasonText(blocker.hold.reason)}`;
    case 'frozen':
      return pastFreezeText(blocker.freeze);
    case 'freezes-unknown':
      return `it was not known what is frozen: ${doubtText(blocker.why)}`;
    default:
      return blockerText(blocker);
  }
}

export function blockerList(blockers: readonly Blocker[]): string {
  return blockers.map((blocker) => `- ${blockerText(blocker)}`).join('\n');
}
