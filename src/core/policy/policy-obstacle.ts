/** Why the organisation's policy could not be read. */
import type { FileProblem } from '../problem.js';

interface Place {
  /** Its full path: `acme/policy`. */
  readonly repository: string;
}

/** `message`: what was answered, in words that nobody has vetted. */
export type PolicyObstacle =
  | (Place & { readonly kind: 'no-access' })
  | (Place & { readonly kind: 'forbidden' | 'no-answer'; readonly message: string })
  | (Place & { readonly kind: 'no-branch'; readonly branch: string })
  | (Place & { readonly kind: 'no-file'; readonly file: string })
  | (Place & { readonly kind: 'broken'; readonly problems: readonly FileProblem[] });
