/** What one requirement came to: a tree that mirrors `all`, `any` and `n-of`, each node with its evidence. It holds no prose. */
import type { Check } from '../forge-objects.js';
import type { Instant, Sha } from '../ids.js';
import type { CommitRole } from './policy-facts.js';
import type { Approvers } from './policy-rules.js';

export type VerdictState = 'passed' | 'pending' | 'refused';

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
  /** `refused`: what everyone's approval hangs on could not be read, or nobody is left to give what is missing. */
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

export interface CountedApproval {
  readonly login: string;
  readonly commit: Sha;
  readonly at: Instant;
}

export interface DiscountedApproval {
  readonly login: string;
  /** What was approved, where the forge says. */
  readonly commit: Sha | null;
  readonly at: Instant;
  readonly why: DiscountReason;
}

export type DiscountReason =
  /** People pushed after it. */
  | { readonly kind: 'not-current-head' }
  | { readonly kind: 'before-plan-changed' }
  | { readonly kind: 'author' }
  | { readonly kind: 'committer'; readonly roles: readonly CommitRole[] }
  | { readonly kind: 'approver-of'; readonly environment: string }
  | { readonly kind: 'bot' }
  | { readonly kind: 'dismissed' }
  /** A comment `/approve`, which the configuration does not take for an approval. */
  | { readonly kind: 'approve-command' }
  /** Not even read permission on the repository. */
  | { readonly kind: 'no-permission' }
  | { readonly kind: 'not-among'; readonly approvers: Approvers }
  /** The fact that would tell whether it counts could not be read. */
  | { readonly kind: 'unknown'; readonly fact: UnknownFact };

export type UnknownFact =
  | { readonly kind: 'author' }
  | { readonly kind: 'committers' }
  | { readonly kind: 'approvers-of'; readonly environment: string }
  | { readonly kind: 'plan-since' }
  /** Whether people pushed after this commit, or what was planned for it. */
  | { readonly kind: 'earlier-head'; readonly commit: Sha }
  | { readonly kind: 'permission'; readonly login: string }
  | { readonly kind: 'team'; readonly team: string }
  | { readonly kind: 'code-owners' }
  /** `owner`: as CODEOWNERS has it. */
  | { readonly kind: 'owner'; readonly owner: string }
  | { readonly kind: 'checks' }
  | { readonly kind: 'title' }
  | { readonly kind: 'trailers' };

export interface WhoCanStill {
  readonly approvers: Approvers;
  /** Logins that cannot help: author, committers, and those who count already. */
  readonly except: readonly string[];
  /** How many people that leaves, where the rule names them all by name, team or CODEOWNERS; null where it can't be told. */
  readonly people: number | null;
}
