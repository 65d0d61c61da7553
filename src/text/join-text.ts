/** How a pull request comes to be in the merge queue. */
import type { Joining } from '../core/queue/decide-ticket.js';
import { unreachable } from '../core/unreachable.js';
import { code } from './markdown.js';

interface JoinStory {
  readonly joining: Joining;
  /** Why it last left, or null. */
  readonly left: string | null;
  /** As it is written on this forge. */
  readonly mergeCommand: string;
}

/** A sentence, for what nothing stands in the way of. */
export function joinText({ joining, left, mergeCommand }: JoinStory): string {
  switch (joining) {
    case 'on-command':
      return `Comment ${code(mergeCommand)} to put it into the merge queue${left === null ? '' : ' again'}.`;
    case 'by-itself':
      return 'It joins the merge queue by itself.';
    case 'after-a-change':
      return `It joins the merge queue by itself again once something about it changes (${CHANGES}); ${code(mergeCommand)} puts it back now.`;
    default:
      return unreachable(joining);
  }
}

export const CHANGES = 'a push, a review, a check, or the target branch';

/** The beginning of a sentence that goes on with what stands in the way. */
export function joinOnceText({ joining, mergeCommand }: Omit<JoinStory, 'left'>): string {
  return joining === 'by-itself'
    ? 'It joins the merge queue by itself once this has changed:'
    : `Comment ${code(mergeCommand)} to put it into the merge queue once this has changed:`;
}
