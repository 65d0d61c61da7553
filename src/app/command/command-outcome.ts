/** What a command leaves: the sticky's state, and what is said. */
import type { Sha } from '../../core/ids.js';
import type { StickyState } from '../../core/standing/sticky-state.js';

export interface CommandOutcome {
  readonly state: StickyState;
  readonly answer: string;
  /** The head that was approved by `/approve`: the signed answer is where that is kept. */
  readonly approved?: Sha;
}
