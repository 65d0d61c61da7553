/**
 * The policy as values: what `policy:` in `.lockkeeper.yaml` says. How it is read: config/policy-shapes.ts; what it means:
 * evaluate-policy.ts.
 */
import type { PolicyObstacle } from './policy-obstacle.js';
import type { PeopleRule } from '../people-rule.js';
import type { WarningKind } from '../plan/plan.js';
import type { WeeklyWindow } from '../time/weekly-window.js';

export interface Policy {
  /** In the order of the file: the first that fits a part of a pull request decides it. At most 1,000. */
  readonly rules: readonly PolicyRule[];
  /** Globs over files of policies in Rego, from the top of the repository; empty for none. */
  readonly rego: readonly string[];
  /** Whether a comment `/approve` is an approval. */
  readonly approveCommand: 'counts' | 'does-not-count';
  /** The file of the repository that it was read from; absent where it stands in `.lockkeeper.yaml`, or in no file of the repository. */
  readonly file?: string;
  /** Why the organisation's policy, which should stand here, could not be read. Everything is refused then. */
  readonly unreadable?: PolicyObstacle;
}

/** Decides the parts of a pull request that it fits and no earlier rule does. */
export interface PolicyRule {
  readonly name: string;
  /** Every condition given must hold, else the rule does not fit. */
  readonly when: Conditions;
  readonly require: Requirement;
  /** Whose request for changes refuses what this rule decides, until it is withdrawn. Everyone with write where the file is silent. */
  readonly veto: PeopleRule;
}

/**
 * Null: not asked. The first five are asked of each target by itself, and none of them holds for what lies outside of all targets; the
 * others are asked of the whole pull request. Of a list, one that holds is enough, save `onlyFiles`.
 */
export interface Conditions {
  readonly environments: readonly string[] | null;
  readonly applications: readonly string[] | null;
  /** The target changes a resource of one of these kinds. */
  readonly kinds: readonly string[] | null;
  readonly versionStep: readonly VersionStep[] | null;
  /** What the target would get has been in `environment` unchanged for `for` ms. */
  readonly provenIn: { readonly environment: string; readonly for: number } | null;
  /** Globs: at least one changed file matches one of them. */
  readonly files: readonly string[] | null;
  /** Globs: every changed file matches one of them, and there is one. */
  readonly onlyFiles: readonly string[] | null;
  /** Globs over the target branch's name. */
  readonly branches: readonly string[] | null;
  /** Logins of whom opened it. */
  readonly author: readonly string[] | null;
  readonly authorTeams: readonly string[] | null;
  /** True: a bot opened it; false: a person did. */
  readonly bots: boolean | null;
  readonly labels: LabelCondition | null;
  /** A regular expression of RE2 (linear time), found anywhere in the title. */
  readonly title: string | null;
  readonly draft: boolean | null;
  readonly size: SizeCondition | null;
  readonly changes: readonly ChangeTrait[] | null;
  readonly promotion: readonly PromotionFidelity[] | null;
  readonly costIncrease: CostThreshold | null;
  readonly at: readonly WeeklyWindow[] | null;
  /** True: the forge calls every commit verified; false: not every one. */
  readonly signed: boolean | null;
}

export type ConditionName = keyof Conditions;

/** Each given list must be satisfied; an empty one asks nothing. */
export interface LabelCondition {
  readonly any: readonly string[];
  readonly all: readonly string[];
  readonly none: readonly string[];
}

/** Of the whole pull request; lines are those added plus those removed. */
export interface SizeCondition {
  readonly files: Comparison | null;
  readonly lines: Comparison | null;
}

export interface Comparison {
  readonly operator: '<' | '<=' | '>' | '>=';
  readonly value: number;
}

/** By how much a month costs more: in the currency of `prices`, or in percent of what it cost before. */
export interface CostThreshold extends Comparison {
  readonly unit: 'money' | 'percent';
}

export type VersionStep = 'patch' | 'minor' | 'major' | 'downgrade';
/** `exact`: it holds exactly the carried set of its source; `modified`: it is a promotion and holds something else; `none`: it is none. */
export type PromotionFidelity = 'exact' | 'modified' | 'none';

/**
 * `image-only`, `replicas-only`: nothing else differs (core/plan/plan.ts, {@link PlanChanges}). `deletes-resources`: a resource is removed
 * or renamed. `touches-secrets`: a Secret, or what a controller makes one of, differs. The rest are the plan's warnings.
 */
export type ChangeTrait = 'image-only' | 'replicas-only' | PlanTrait;
export type PlanTrait = 'deletes-resources' | 'touches-secrets' | WarningKind;

export type Requirement =
  | { readonly kind: 'none' }
  | ApprovalsRequirement
  /** Globs over names of checks on the head, the bot's own left out: each must match one, and all that match must be green. */
  | { readonly kind: 'checks'; readonly globs: readonly string[] }
  /** A regular expression of RE2 (linear time), found in the title or in the value of a trailer. */
  | { readonly kind: 'ticket'; readonly pattern: string }
  | GroupRequirement;

export interface ApprovalsRequirement {
  readonly kind: 'approvals';
  readonly count: number;
  readonly from: Approvers;
  readonly not: readonly Excluded[];
}

/** `needed` of `of` must pass: all, one, or so many. At most 5 groups within each other. */
export interface GroupRequirement {
  readonly kind: 'all' | 'any' | 'n-of';
  readonly needed: number;
  readonly of: readonly Requirement[];
}

/** Anyone in any of these. */
export interface Approvers extends PeopleRule {
  /**
   * `ask`: owners of the changed files count too, and besides the number of approvals each changed file that has owners needs its owners'
   * approval, as CODEOWNERS of the target branch has it.
   */
  readonly codeowners: 'ask' | 'ignore';
}

export type Excluded =
  /** Who opened it. */
  | { readonly kind: 'author' }
  /** Whoever wrote, committed or co-authored one of its commits. */
  | { readonly kind: 'committers' }
  /** Whoever approved what this environment runs now. */
  | { readonly kind: 'approvers-of'; readonly environment: string };

/** Conditions that ask nothing: a rule for everything. */
export const ANYTHING: Conditions = {
  environments: null,
  applications: null,
  kinds: null,
  versionStep: null,
  provenIn: null,
  files: null,
  onlyFiles: null,
  branches: null,
  author: null,
  authorTeams: null,
  bots: null,
  labels: null,
  title: null,
  draft: null,
  size: null,
  changes: null,
  promotion: null,
  costIncrease: null,
  at: null,
  signed: null,
};
