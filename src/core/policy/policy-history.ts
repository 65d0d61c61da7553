/** What a changed policy would have said of the pull requests that were merged last, as values. */
import type { PolicyObstacle } from './policy-obstacle.js';
import type { Because, TwoPolicies, Uncertainty, VerdictComparison } from './compare-verdicts.js';
import type { Policy } from './policy-rules.js';

/** How many that were merged are looked at. */
export const MOST_LOOKED_AT = 50;

export interface PolicyHistory {
  /** How many the two policies say the same of. */
  readonly same: number;
  readonly differing: readonly DifferingPullRequest[];
  readonly notJudged: readonly NotJudgedPullRequest[];
  /** `not-asked`: one of the policies names some, which are not run on what was merged. */
  readonly rego: 'none' | 'not-asked';
}

export interface MergedName {
  readonly number: number;
  readonly title: string;
  readonly url: string;
}

export interface DifferingPullRequest extends MergedName {
  readonly before: Extract<VerdictComparison, { kind: 'differs' }>['before'];
  readonly after: Extract<VerdictComparison, { kind: 'differs' }>['after'];
  readonly because: Because;
}

export interface NotJudgedPullRequest extends MergedName {
  readonly why: NotJudged;
}

/** Why nobody can tell what a policy would have said. */
export type NotJudged =
  /** What it changed can't be told from the branch any more. */
  | { readonly kind: 'merge-unknown' }
  /** The forge gives its commits out no more. */
  | { readonly kind: 'commits-gone' }
  /** The forge does not let us read what was said about it. */
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'not-told'; readonly unknown: readonly Uncertainty[] };

/** What one pull request adds to the history. */
export type MergedJudgement = MergedName &
  (
    | { readonly kind: 'compared'; readonly comparison: VerdictComparison }
    | { readonly kind: 'not-judged'; readonly why: NotJudged }
  );

export function historyOf(judgements: readonly MergedJudgement[], { before, after }: TwoPolicies): PolicyHistory {
  const named = ({ number, title, url }: MergedName): MergedName => ({ number, title, url });
  return {
    same: judgements.filter((each) => each.kind === 'compared' && each.comparison.kind === 'same').length,
    differing: judgements.flatMap((each) => {
      if (each.kind !== 'compared' || each.comparison.kind !== 'differs') return [];
      const { kind: _, ...difference } = each.comparison;
      return [{ ...named(each), ...difference }];
    }),
    notJudged: judgements.flatMap((each): readonly NotJudgedPullRequest[] => {
      if (each.kind === 'not-judged') return [{ ...named(each), why: each.why }];
      return each.comparison.kind === 'not-told' ? [{ ...named(each), why: each.comparison }] : [];
    }),
    rego: before.rego.length + after.rego.length > 0 ? 'not-asked' : 'none',
  };
}

/** Whether two policies ask the same, wherever they stand. */
export function asksTheSame({ before, after }: TwoPolicies): boolean {
  return JSON.stringify(withoutPlace(before)) === JSON.stringify(withoutPlace(after));
}

function withoutPlace({ rules, rego, approveCommand, unreadable }: Policy): readonly unknown[] {
  return [rules, rego, approveCommand, unreadable];
}

/** Both at once: a policy that asks for whatever one of them asks for, so that facts are gathered for both. It decides nothing. */
export function bothAsked({ before, after }: TwoPolicies): Policy {
  const counts = [before, after].some(({ approveCommand }) => approveCommand === 'counts');
  return {
    rules: [...before.rules, ...after.rules],
    rego: [],
    approveCommand: counts ? 'counts' : 'does-not-count',
  };
}

/** What is known of a pull request that edits the policy. */
export type PolicyComparison =
  /** Its rules ask what they asked. `changed`: its policies in Rego do not, which are not run on what was merged. */
  | { readonly kind: 'same-rules'; readonly rego: 'changed' | 'as-before' }
  | { readonly kind: 'compared'; readonly history: PolicyHistory }
  | { readonly kind: 'impossible'; readonly why: PolicyObstacle | RefusedReading };

/** `message`: in the forge's words. */
export interface RefusedReading {
  readonly kind: 'refused';
  readonly message: string;
}

export type PolicyChangeView = PolicyComparison | { readonly kind: 'being-compared' };
