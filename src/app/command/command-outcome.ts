/** What a command leaves: the sticky's state, and what is said. */
import type { Sha } from '../../core/ids.js';
import type { JobSubject } from '../../core/job.js';
import type { StickyState } from '../../core/standing/sticky-state.js';

export interface CommandOutcome {
  readonly state: StickyState;
  readonly answer: string;
  /** The head that was approved by `/approve`: the signed answer is where that is kept. */
  readonly approved?: Sha;
  /**
   * What is to be looked at once the answer stands. Not before: where the answer can't be written for a while, what these jobs ask for in
   * their turn would have the command run again at once, and so on without end.
   */
  readonly nudges?: readonly JobSubject[];
}

/** What a command about an environment leaves: nothing that this pull request remembers. */
export type EnvironmentOutcome = Pick<CommandOutcome, 'answer' | 'nudges'>;
