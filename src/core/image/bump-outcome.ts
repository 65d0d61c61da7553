/** What became of a request for an image bump. */
import type { NoneOfOurs } from '../none-of-ours.js';
import type { UnfitBump } from './decide-bump.js';

/** In one environment. */
export type BumpOutcome =
  | { readonly kind: 'refused'; readonly why: BumpRefusal }
  /** The environment holds that version, or a newer one, already. */
  | { readonly kind: 'landed'; readonly at: string }
  | { readonly kind: 'in-pull-request'; readonly url: string }
  /** Nothing was left to bring. */
  | { readonly kind: 'nothing-to-do' };

export type BumpRefusal =
  | UnfitBump
  /** Nothing under `images:` names the image. */
  | { readonly kind: 'no-rule'; readonly image: string }
  | { readonly kind: 'broken-configuration'; readonly branch: string }
  | { readonly kind: 'none-of-ours'; readonly why: NoneOfOurs }
  /** People have pushed to the bot's branch. */
  | { readonly kind: 'touched'; readonly branch: string }
  /** `message`: the forge's words. */
  | { readonly kind: 'forbidden'; readonly message: string };

/** Of a request that may be for several environments and, in each, for several applications. */
export interface BumpResults {
  readonly environment: string;
  readonly outcomes: readonly BumpOutcome[];
}
