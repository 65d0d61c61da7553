/**
 * What another policy would have said of the same facts.
 *
 * Worked example. On the facts of a merged pull request that changed production with one approval, the policy of now (one approval) says
 * *passed*; the one that asks two of SRE says *pending*: the verdict differs because of that rule. Had the members of acme/sre been
 * unknown, it could not be told: what is not known any more must not look like a difference, nor like agreement.
 *
 * Policies in Rego are not asked by either side.
 */
import { evaluatePolicy } from './evaluate-policy.js';
import type { PolicyFacts } from './policy-facts.js';
import type { ConditionName, Policy } from './policy-rules.js';
import type { UnknownFact, VerdictNode, VerdictState } from './verdict-node.js';
import type { Part, RuleResult, Verdict } from './verdict.js';

export interface TwoPolicies {
  readonly before: Policy;
  readonly after: Policy;
}

export type VerdictComparison =
  | { readonly kind: 'same'; readonly state: VerdictState }
  | {
      readonly kind: 'differs';
      readonly before: VerdictState;
      readonly after: VerdictState;
      readonly because: Because;
    }
  /** At least one of them hangs on what is not known of the past. */
  | { readonly kind: 'not-told'; readonly unknown: readonly Uncertainty[] };

/** What the stricter of the two verdicts rests on: rules that are not passed, or parts that no rule fits. */
export interface Because {
  /** Whose verdict is the stricter one. */
  readonly policy: keyof TwoPolicies;
  readonly rules: readonly RuleResult[];
  readonly unfitted: readonly Part[];
}

export type Uncertainty =
  | { readonly kind: 'condition'; readonly condition: ConditionName }
  | { readonly kind: 'fact'; readonly fact: UnknownFact }
  /** Which targets it touched. */
  | { readonly kind: 'affected' };

export function compareVerdicts(facts: PolicyFacts, { before, after }: TwoPolicies): VerdictComparison {
  const verdicts = { before: evaluate(facts, before), after: evaluate(facts, after) };
  const unknown = [...uncertaintiesOf(verdicts.before), ...uncertaintiesOf(verdicts.after)];
  if (unknown.length > 0) return { kind: 'not-told', unknown: distinct(unknown) };
  const states = { before: verdicts.before.state, after: verdicts.after.state };
  if (states.before === states.after) return { kind: 'same', state: states.before };
  const policy = GRAVITY[states.after] > GRAVITY[states.before] ? 'after' : 'before';
  return { kind: 'differs', ...states, because: becauseOf(verdicts[policy], policy) };
}

function evaluate(facts: PolicyFacts, policy: Policy): Verdict {
  return evaluatePolicy({ ...facts, rego: null }, { ...policy, rego: [] });
}

const GRAVITY: Readonly<Record<VerdictState, number>> = { passed: 0, pending: 1, refused: 2 };

function becauseOf(verdict: Verdict, policy: keyof TwoPolicies): Because {
  return {
    policy,
    rules: verdict.rules.filter(({ state }) => state === verdict.state),
    unfitted: verdict.undecided.flatMap((each) => (each.kind === 'no-rule-fits' ? [each.part] : [])),
  };
}

/** What the verdict hangs on that is not known; none where it would be the same whatever that is. */
export function uncertaintiesOf(verdict: Verdict): readonly Uncertainty[] {
  // Unknown never helps: what passed has passed without it, and nothing unknown takes a certain refusal back.
  if (verdict.state === 'passed' || isCertainlyRefused(verdict)) return [];
  const undecided = verdict.undecided.flatMap((each): readonly Uncertainty[] => {
    if (each.kind === 'affected-unknown') return [{ kind: 'affected' }];
    if (each.kind !== 'condition-unknown') return [];
    return each.conditions.map((condition) => ({ kind: 'condition', condition }));
  });
  const facts = verdict.rules.flatMap(unknownOfRule);
  return distinct([...undecided, ...facts.map((fact): Uncertainty => ({ kind: 'fact', fact }))]);
}

function isCertainlyRefused({ vetoes, undecided, rules }: Verdict): boolean {
  if (vetoes.length > 0 || undecided.some(({ kind }) => kind === 'no-rule-fits')) return true;
  return rules.some((rule) => rule.state === 'refused' && unknownOfRule(rule).length === 0);
}

function unknownOfRule({ requirement }: RuleResult): readonly UnknownFact[] {
  return requirement === null ? [] : unknownIn(requirement);
}

function unknownIn(node: VerdictNode): readonly UnknownFact[] {
  if (node.state === 'passed') return [];
  switch (node.kind) {
    case 'approvals':
      return [...node.unknown, ...node.discounted.flatMap(({ why }) => (why.kind === 'unknown' ? [why.fact] : []))];
    case 'checks':
    case 'ticket':
      return node.unknown;
    default:
      return node.of.flatMap(unknownIn);
  }
}

function distinct(found: readonly Uncertainty[]): readonly Uncertainty[] {
  return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
}
