/** A freeze in words, and why it can't be known what is frozen. */
import { STATE_BRANCH } from '../core/branch-names.js';
import { FREEZE_FILE, type Freeze, type FreezeDoubt } from '../core/standing/freeze.js';
import { code, oneLine, plain } from './markdown.js';
import { timeText } from './time-text.js';

/** `prod is frozen by alice until 2026-11-24 00:00 UTC: end of quarter`. */
export function freezeText(freeze: Freeze): string {
  return inTense(freeze, 'is');
}

/** The same of one that may have ended since. */
export function pastFreezeText(freeze: Freeze): string {
  return inTense(freeze, 'was');
}

function inTense({ env, by, until, reason }: Freeze, verb: 'is' | 'was'): string {
  const end = until === null ? '' : ` until ${timeText(until)}`;
  return `${plain(env)} ${verb} frozen by ${code(by)}${end}${reasonText(reason)}`;
}

const DOUBTS: Readonly<Record<FreezeDoubt, string>> = {
  'not-as-signed': `the file ${FREEZE_FILE} on ${STATE_BRANCH} is not as the bot signed it`,
  deleted: `the branch ${STATE_BRANCH} or the file ${FREEZE_FILE} on it was deleted`,
  'put-back': `somebody put ${STATE_BRANCH} back to an older state`,
};

/** A clause. */
export function doubtText(why: FreezeDoubt): string {
  return DOUBTS[why];
}

/** `: end of quarter`, or nothing. */
export function reasonText(reason: string | null): string {
  return reason === null ? '' : `: ${plain(oneLine(reason, 200))}`;
}
