/** Answers to `/merge`, `/unqueue`, `/hold` and `/unhold`. */
import type { Verdict } from '../core/policy/verdict.js';
import { isOfPolicy, obstacles, type Blocker } from '../core/standing/readiness.js';
import type { Hold } from '../core/standing/sticky-state.js';
import { unreachable } from '../core/unreachable.js';
import { CHANGES } from './join-text.js';
import { code, oneLine, plain } from './markdown.js';
import { policyReasons } from './policy-text.js';
import { blockerList } from './readiness-text.js';

export function mergeAnswer(
  outcome:
    | { readonly kind: 'joined' | 'next' | 'already' }
    | { readonly kind: 'waiting'; readonly blockers: readonly Blocker[] },
): string {
  switch (outcome.kind) {
    case 'already':
      return 'It is in the merge queue already; `/why` says what it waits for.';
    case 'joined':
      return 'It is in the merge queue and ready: it is merged when its turn comes.';
    case 'next':
      return 'It is in the merge queue and ready, before all entries that are not as urgent.';
    case 'waiting':
      return `It is in the merge queue and waits for:\n\n${blockerList(outcome.blockers)}`;
    default:
      return unreachable(outcome);
  }
}

export function mergeRefusedAnswer(blockers: readonly Blocker[], verdict: Verdict): string {
  const told = obstacles(blockers);
  const reasons = told.some(isOfPolicy) ? `\n\nThe policy:\n\n${policyReasons(verdict)}` : '';
  return `Refused. Ask again once this has changed:\n\n${blockerList(told)}${reasons}`;
}

/** `mergeCommand`: as it is written on this forge. */
export function unqueuedAnswer(outcome: 'out' | 'out-for-now' | 'was-not-in', mergeCommand: string): string {
  switch (outcome) {
    case 'out':
      return `It is not in the merge queue any more. ${code(mergeCommand)} puts it back.`;
    case 'out-for-now':
      return `It is not in the merge queue any more. It joins again by itself once something about it changes (${CHANGES}); \`/hold\` keeps it out for good, and ${code(mergeCommand)} puts it back now.`;
    case 'was-not-in':
      return 'Nothing to do: it was not in the merge queue.';
    default:
      return unreachable(outcome);
  }
}

export function heldAnswer({ reason }: Hold, wasQueued: boolean): string {
  const why = reason === null ? '' : ` (${plain(oneLine(reason, 200))})`;
  const left = wasQueued ? ' It leaves the merge queue.' : '';
  return `Held${why}: it is not merged by me until somebody who may writes \`/unhold\`.${left}`;
}

/** `joins`: by itself, or by this command as it is written on this forge. */
export function unheldAnswer(hold: Hold | null, joins: 'by-itself' | { readonly by: string }): string {
  if (hold === null) return 'Nothing to do: it was not held.';
  const then =
    joins === 'by-itself'
      ? 'It joins the merge queue by itself once nothing else stands in the way.'
      : `${code(joins.by)} puts it into the merge queue.`;
  return `The hold of ${code(hold.by)} is ended. ${then}`;
}
