/**
 * The policy: who must agree to a pull request, and have they?
 *
 * A pull request is taken apart: each affected target is one part, and what it changes outside of all targets (or, if it affects no
 * target, the pull request as a whole) is one more. **Each part is decided by the first rule that fits it**, and the pull request
 * passes when the deciding rules of all its parts pass. So a permissive rule never widens: it decides its own targets only, and a
 * change that also touches production is decided by production's rule as well.
 *
 * A rule fits a target when each condition given holds: the target's environment and application are listed, and (`changes`) the whole
 * pull request is of that kind. It fits what lies outside of targets only if it names neither environments nor applications.
 * A part that no rule fits is refused; so is one for which the rules cannot be told apart because a fact is unknown.
 *
 * Worked example, with "production needs two of SRE" (`environments: [prod]`), "image-only changes to dev merge alone"
 * (`environments: [dev], changes: image-only`, none) and "the rest needs one" (no conditions): an image bump of dev passes alone; the
 * same bump together with prod waits for two of SRE; together with the README it waits for one; another change to dev waits for one.
 *
 * Whoever has write permission and asks for changes refuses the whole pull request until they withdraw it, whatever is pushed since.
 */
import type { PolicyRule } from '../configuration.js';
import type { TargetName } from '../ids.js';
import { evaluateApprovals } from './evaluate-approvals.js';
import type { PolicyFacts } from './policy-facts.js';
import { findVetoes } from './words-of-reviewers.js';
import type { Part, RuleResult, Undecided, Verdict, VerdictState } from './verdict.js';

export function evaluatePolicy(facts: PolicyFacts, rules: readonly PolicyRule[]): Verdict {
  const decisions =
    facts.affected === 'unknown' ? [] : partsOf(facts.affected).map((part) => decide(part, facts, rules));
  const undecided = decisions.flatMap((decision): readonly Undecided[] =>
    'rule' in decision ? [] : [decision.undecided],
  );
  if (facts.affected === 'unknown') undecided.push({ kind: 'affected-unknown' });
  const results = rules.map((rule) => {
    const parts = decisions.flatMap((each) => ('rule' in each && each.rule === rule ? [each.part] : []));
    return evaluateRule(rule, parts, facts);
  });
  const vetoes = findVetoes(facts);
  const stopped = undecided.length > 0 || vetoes.length > 0;
  return { state: stopped ? 'refused' : stateOf(results), rules: results, undecided, vetoes };
}

function partsOf(affected: {
  readonly targets: readonly TargetName[];
  readonly outside: readonly string[];
}): readonly Part[] {
  const targets = affected.targets.map((target): Part => ({ kind: 'target', target }));
  return targets.length === 0 || affected.outside.length > 0 ? [...targets, { kind: 'outside' }] : targets;
}

type Decision = { readonly part: Part; readonly rule: PolicyRule } | { readonly undecided: Undecided };

function decide(part: Part, facts: PolicyFacts, rules: readonly PolicyRule[]): Decision {
  for (const rule of rules) {
    const fit = fits(rule.when, part, facts);
    if (fit === 'yes') return { part, rule };
    // A later rule may ask for less: it must not decide while this one might have to.
    if (fit === 'unknown') return { undecided: { kind: 'changes-unknown', part, rule: rule.name } };
  }
  return { undecided: { kind: 'no-rule-fits', part } };
}

function fits(when: PolicyRule['when'], part: Part, facts: PolicyFacts): 'yes' | 'no' | 'unknown' {
  if (part.kind === 'outside') {
    if (when.environments !== null || when.applications !== null) return 'no';
  } else {
    if (when.environments !== null && !when.environments.includes(part.target.env)) return 'no';
    if (when.applications !== null && !when.applications.includes(part.target.app)) return 'no';
  }
  if (when.changes === null || when.changes === facts.changes) return 'yes';
  return facts.changes === 'unknown' ? 'unknown' : 'no';
}

function evaluateRule(rule: PolicyRule, decides: readonly Part[], facts: PolicyFacts): RuleResult {
  const { name, require } = rule;
  const nothing = { unknown: [], required: 0, countedApprovals: [], discounted: [], missing: 0, whoCanStill: null };
  if (decides.length === 0) return { name, state: 'skipped', decides, ...nothing };
  if (require.kind === 'none') return { name, state: 'passed', decides, ...nothing };
  return { name, decides, ...evaluateApprovals(require, facts) };
}

function stateOf(results: readonly RuleResult[]): VerdictState {
  if (results.some(({ state }) => state === 'refused')) return 'refused';
  return results.some(({ state }) => state === 'pending') ? 'pending' : 'passed';
}
