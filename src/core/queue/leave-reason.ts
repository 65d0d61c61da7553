/** Why a pull request leaves the merge queue: every reason there is. */
import type { Sha } from '../ids.js';
import type { Blocker } from '../standing/readiness.js';

export type LeaveReason =
  | { readonly kind: 'merged-or-closed' }
  /** Somebody pushed to it. */
  | { readonly kind: 'head-moved' }
  | { readonly kind: 'blocked'; readonly blockers: readonly Blocker[] }
  /** Somebody said `/unqueue`. */
  | { readonly kind: 'taken-out'; readonly by: string }
  | { readonly kind: 'conflict' }
  /** `reason`: in the forge's words. */
  | { readonly kind: 'not-allowed'; readonly reason: string }
  /** The forge merges only what is up to date. `reason`: why it is not brought up to date, as a clause in the forge's words. */
  | { readonly kind: 'behind'; readonly reason: string }
  /** The same, where it could only be rebased, and nobody has allowed that. */
  | { readonly kind: 'only-rebase' }
  | ({ readonly kind: 'culprit' } & Culprit);

/** What fails although everything before it passes. */
export interface Culprit {
  readonly number: number;
  /** Of the last batch that failed with it, where the checks say how; null where there is none any more. */
  readonly commit: Sha | null;
  /** The checks that failed there, as far as they still say so. */
  readonly failed: readonly string[];
  /** Known to fail together, the culprit among them. */
  readonly suspects: readonly number[];
}
