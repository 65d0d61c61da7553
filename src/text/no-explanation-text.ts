/** Why the policy can't be explained for a pull request. */
import type { NoneOfOurs } from '../core/none-of-ours.js';
import { unreachable } from '../core/unreachable.js';
import { noneOfOursText } from './none-of-ours-text.js';

export type NoExplanation =
  | { readonly kind: 'no-pull-request'; readonly number: number; readonly repository: string }
  /** Without being merged. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'none-of-ours'; readonly repository: string; readonly why: NoneOfOurs }
  /** So many of the last merged ones are judged. */
  | { readonly kind: 'too-long-ago'; readonly most: number };

/** A sentence of plain text. */
export function noExplanationText(why: NoExplanation): string {
  switch (why.kind) {
    case 'no-pull-request':
      return `There is no pull request ${why.number} in ${why.repository}, or the bot was not given it.`;
    case 'closed':
      return 'It was closed without being merged, so that nothing is judged any more.';
    case 'none-of-ours':
      return `Nothing is judged in ${why.repository}: ${noneOfOursText(why.why)}.`;
    case 'too-long-ago':
      return `It was merged too long ago: only the last ${why.most} can still be judged.`;
    default:
      return unreachable(why);
  }
}
