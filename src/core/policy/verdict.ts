/**
 * The verdict on a pull request: a tree of passed, pending or refused with the evidence inside. The comment, the check and the log
 * line are renderings of this one value; it holds no prose.
 */
import type { Instant, TargetName } from '../ids.js';
import type { PolicyObstacle } from './policy-obstacle.js';
import type { RegoOutcome } from '../rego/rego.js';
import type { ConditionName } from './policy-rules.js';
import type { VerdictNode, VerdictState } from './verdict-node.js';

export interface Verdict {
  /** `pending`: people or running checks can still agree. `refused`: something else must change first. */
  readonly state: VerdictState;
  /** Every rule in the order of the file, those that decide nothing too. */
  readonly rules: readonly RuleResult[];
  /** What no rule decides. Anything here refuses. */
  readonly undecided: readonly Undecided[];
  /** Whoever asked for changes, may do so by a rule that decides, and has not withdrawn it. Any of them refuses. */
  readonly vetoes: readonly Veto[];
  /** What the repository's policies in Rego say; null if there are none. Anything but an evaluation without `deny` refuses. */
  readonly rego: RegoOutcome | null;
  /** When time alone may change the answer; null if it can't. */
  readonly reconsiderAt: Instant | null;
}

/** A piece of a pull request that is decided by one rule. */
export type Part =
  | { readonly kind: 'target'; readonly target: TargetName }
  /** Files that belong to no target, or nothing at all. */
  | { readonly kind: 'outside' };

export type Undecided =
  | { readonly kind: 'no-rule-fits'; readonly part: Part }
  /** `rule` might decide this part: these conditions of it could not be told, and the others hold. */
  | {
      readonly kind: 'condition-unknown';
      readonly part: Part;
      readonly rule: string;
      readonly conditions: readonly ConditionName[];
    }
  /** The organisation's policy, by which it is to be judged, could not be read; `why`: a clause. */
  | { readonly kind: 'policy-unreadable'; readonly why: PolicyObstacle }
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
  /** What it requires and how that stands; null if it decides nothing. */
  readonly requirement: VerdictNode | null;
  readonly vetoes: readonly Veto[];
  /** Parts that came to it and did not fit, each with the first condition that did not hold. */
  readonly passedOver: readonly { readonly part: Part; readonly condition: ConditionName }[];
}
