/** What one requirement came to: a tree that mirrors `all`, `any` and `n-of`, each node with its evidence. It holds no prose. */
import type { Check } from '../forge-objects.js';
import type { CountedApproval, DiscountedApproval, UnknownFact, VerdictState, WhoCanStill } from './verdict.js';

export type VerdictNode =
  | { readonly kind: 'none'; readonly state: 'passed' }
  | ApprovalsNode
  | ChecksNode
  | TicketNode
  | {
      readonly kind: 'all' | 'any' | 'n-of';
      readonly state: VerdictState;
      /** How many of `of` must pass. */
      readonly needed: number;
      readonly of: readonly VerdictNode[];
    };

export interface ApprovalsNode {
  readonly kind: 'approvals';
  /** `refused`: a fact was unknown that might have counted for or against one, or nobody can give what is missing. */
  readonly state: VerdictState;
  readonly unknown: readonly UnknownFact[];
  /** Approvals that it takes. */
  readonly required: number;
  readonly countedApprovals: readonly CountedApproval[];
  readonly discounted: readonly DiscountedApproval[];
  /** Approvals still lacking of `required`. */
  readonly missing: number;
  /** What CODEOWNERS wants besides; empty unless the rule asks for it. */
  readonly owners: readonly OwnersNode[];
  /** Whose approval would help; null when none is lacking. */
  readonly whoCanStill: WhoCanStill | null;
}

export interface OwnersNode {
  readonly state: VerdictState;
  readonly section: string | null;
  /** Of CODEOWNERS. */
  readonly line: number;
  readonly pattern: string;
  /** As written: `@acme/sre`. */
  readonly owners: readonly string[];
  readonly required: number;
  /** Logins whose approvals count for it. */
  readonly by: readonly string[];
}

export interface ChecksNode {
  readonly kind: 'checks';
  readonly state: VerdictState;
  readonly globs: readonly {
    readonly glob: string;
    readonly state: VerdictState;
    /** Those that match. */
    readonly checks: readonly Check[];
  }[];
  readonly unknown: readonly UnknownFact[];
}

export interface TicketNode {
  readonly kind: 'ticket';
  /** Never `pending`: somebody must edit the title or the description. */
  readonly state: 'passed' | 'refused';
  readonly pattern: string;
  /** The title or trailer that holds it. */
  readonly found: string | null;
  readonly unknown: readonly UnknownFact[];
}
