/**
 * The verdict on a pull request: a tree of passed, pending or refused with the evidence inside. The comment, the check and the log
 * line are renderings of this one value; it holds no prose.
 */
import type { PeopleRule } from '../people-rule.js';
import type { Instant, Sha, TargetName } from '../ids.js';

export type VerdictState = 'passed' | 'pending' | 'refused';

export interface Verdict {
  /** `pending`: people can still agree. `refused`: something else must change first. */
  readonly state: VerdictState;
  /** Every rule in the order of the file, those that decide nothing too. */
  readonly rules: readonly RuleResult[];
  /** What no rule decides. Anything here refuses. */
  readonly undecided: readonly Undecided[];
  /** People with write permission who asked for changes and have not withdrawn it. Any of them refuses. */
  readonly vetoes: readonly Veto[];
}

/** A piece of a pull request that is decided by one rule. */
export type Part =
  | { readonly kind: 'target'; readonly target: TargetName }
  /** Files that belong to no target, or nothing at all. */
  | { readonly kind: 'outside' };

export type Undecided =
  | { readonly kind: 'no-rule-fits'; readonly part: Part }
  /** `rule` would decide this part if the plan said what kind of change this is. */
  | { readonly kind: 'changes-unknown'; readonly part: Part; readonly rule: string }
  /** Which targets are affected could not be told. */
  | { readonly kind: 'affected-unknown' };

export interface Veto {
  readonly login: string;
  readonly at: Instant;
  readonly url: string | null;
}

export interface RuleResult {
  readonly name: string;
  /** `skipped`: it decides nothing here. */
  readonly state: VerdictState | 'skipped';
  readonly decides: readonly Part[];
  /** Facts that were needed and could not be read; with any of them a rule that is not passed is refused. */
  readonly unknown: readonly UnknownFact[];
  /** Approvals that it takes; 0 for `require: none`. */
  readonly required: number;
  readonly countedApprovals: readonly CountedApproval[];
  readonly discounted: readonly DiscountedApproval[];
  /** Approvals still lacking. */
  readonly missing: number;
  /** Whose approval would help; null when none is lacking. */
  readonly whoCanStill: WhoCanStill | null;
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
  | { readonly kind: 'not-current-head' }
  | { readonly kind: 'before-plan-changed' }
  | { readonly kind: 'author' }
  | { readonly kind: 'committer' }
  | { readonly kind: 'bot' }
  | { readonly kind: 'dismissed' }
  /** Not even read permission on the repository. */
  | { readonly kind: 'no-permission' }
  | { readonly kind: 'not-in-teams'; readonly people: PeopleRule }
  /** The fact that would tell whether it counts could not be read. */
  | { readonly kind: 'unknown'; readonly fact: UnknownFact };

export type UnknownFact =
  | { readonly kind: 'author' }
  /** `email`: of the commits that no account is known for; null when the commits themselves could not be read. */
  | { readonly kind: 'committers'; readonly email: string | null }
  | { readonly kind: 'plan-since' }
  | { readonly kind: 'permission'; readonly login: string }
  | { readonly kind: 'team'; readonly team: string };

export interface WhoCanStill {
  readonly people: PeopleRule;
  /** Logins that cannot help: author, committers, and those who count already. */
  readonly except: readonly string[];
}
