/** What a command leaves: the sticky's state, and what is said. */
import type { StickyState } from '../core/standing/sticky-state.js';

export interface CommandOutcome {
  readonly state: StickyState;
  readonly answer: string;
}
