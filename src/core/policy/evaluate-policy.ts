/**
 * The policy: who must agree to a pull request, and have they?
 *
 * A pull request is taken apart: each affected target is one part, and what it changes outside of all targets (or, if it affects no
 * target, the pull request as a whole) is one more. **Each part is decided by the first rule that fits it**, and the pull request
 * passes when the deciding rules of all its parts pass. So a permissive rule never widens: it decides its own targets only, and a
 * change that also touches production is decided by production's rule as well.
 *
 * A rule fits a part when each condition given holds: some are asked of the target and hold for nothing outside of targets, the others of
 * the pull request as a whole (policy-rules.ts, {@link Conditions}). A part that no rule fits is refused; so is one for which the rules
 * cannot be told apart because a fact is unknown.
 *
 * Worked example, with "production needs two of SRE" (`environments: [prod]`), "image-only changes to dev merge alone"
 * (`environments: [dev], changes: image-only`, none) and "the rest needs one" (no conditions): an image bump of dev passes alone; the
 * same bump together with prod waits for two of SRE; together with the README it waits for one; another change to dev waits for one.
 *
 * Whoever may veto by a deciding rule (by default, whoever has write permission) and asks for changes refuses the whole pull request until
 * they withdraw it, whatever is pushed since. Policies in Rego can only refuse.
 */
import type { Instant, TargetName } from '../ids.js';
import { nextChange } from '../time/weekly-window.js';
import { conditionsOn, type Fit } from './evaluate-conditions.js';
import { evaluateRequirement, worst } from './evaluate-requirement.js';
import type { PolicyFacts } from './policy-facts.js';
import type { Conditions, Policy, PolicyRule } from './policy-rules.js';
import type { VerdictState } from './verdict-node.js';
import type { Part, RuleResult, Undecided, Verdict } from './verdict.js';
import { findVetoes } from './words-of-reviewers.js';

export function evaluatePolicy(facts: PolicyFacts, policy: Policy): Verdict {
  const parts = facts.affected === 'unknown' ? [] : partsOf(facts.affected);
  const decisions = decideParts(parts, facts, policy.rules);
  const undecided = undecidedOf(facts, policy, decisions);
  const rules = policy.rules.map((rule, index) => resultOf(rule, decisions.perRule[index] ?? UNASKED, facts, policy));
  const rego = regoOf(facts, policy);
  const stopped: VerdictState = undecided.length > 0 || refuses(rego) ? 'refused' : 'passed';
  const states = rules.flatMap(({ state }) => (state === 'skipped' ? [] : [state]));
  const vetoes = new Map(rules.flatMap((rule) => rule.vetoes).map((veto) => [veto.login.toLowerCase(), veto]));
  return {
    state: worst([stopped, ...states]),
    rules,
    undecided,
    vetoes: [...vetoes.values()],
    rego,
    reconsiderAt: reconsiderAt(facts, policy.rules, decisions.asked),
  };
}

function undecidedOf({ affected }: PolicyFacts, { unreadable }: Policy, decisions: Decisions): readonly Undecided[] {
  if (unreadable !== undefined) return [{ kind: 'policy-unreadable', why: unreadable }];
  return affected === 'unknown' ? [{ kind: 'affected-unknown' }] : decisions.undecided;
}

function partsOf(affected: Exclude<PolicyFacts['affected'], 'unknown'>): readonly Part[] {
  const targets = affected.targets.map((target: TargetName): Part => ({ kind: 'target', target }));
  return targets.length === 0 || affected.outside.length > 0 ? [...targets, { kind: 'outside' }] : targets;
}

interface Asked {
  readonly decides: readonly Part[];
  readonly passedOver: RuleResult['passedOver'];
}

const UNASKED: Asked = { decides: [], passedOver: [] };

interface Decisions {
  /** In the order of the rules. */
  readonly perRule: readonly Asked[];
  readonly undecided: readonly Undecided[];
  /** How many rules were looked at, from the first on. */
  readonly asked: number;
}

/** Rule by rule: what one fits is decided, and the rest goes on to the next. */
function decideParts(parts: readonly Part[], facts: PolicyFacts, rules: readonly PolicyRule[]): Decisions {
  const perRule: Asked[] = [];
  const undecided: Undecided[] = [];
  let rest = parts;
  for (const rule of rules) {
    if (rest.length === 0) break;
    const fit = conditionsOn(rule.when, facts);
    const fits = rest.map((part): { readonly part: Part; readonly fit: Fit } => ({ part, fit: fit(part) }));
    perRule.push({
      decides: fits.flatMap((each) => (each.fit.kind === 'fits' ? [each.part] : [])),
      passedOver: fits.flatMap((each) =>
        each.fit.kind === 'does-not-fit' ? [{ part: each.part, condition: each.fit.condition }] : [],
      ),
    });
    for (const { part, fit: found } of fits) {
      // A later rule may ask for less: it must not decide while this one might have to.
      if (found.kind === 'unknown') {
        undecided.push({ kind: 'condition-unknown', part, rule: rule.name, conditions: found.conditions });
      }
    }
    rest = fits.flatMap((each) => (each.fit.kind === 'does-not-fit' ? [each.part] : []));
  }
  undecided.push(...rest.map((part): Undecided => ({ kind: 'no-rule-fits', part })));
  return { perRule, undecided, asked: perRule.length };
}

function resultOf(rule: PolicyRule, { decides, passedOver }: Asked, facts: PolicyFacts, policy: Policy): RuleResult {
  const { name } = rule;
  if (decides.length === 0) return { name, state: 'skipped', decides, requirement: null, vetoes: [], passedOver };
  const requirement = evaluateRequirement(rule.require, facts, policy.approveCommand);
  const vetoes = findVetoes(facts, rule.veto);
  return { name, state: vetoes.length > 0 ? 'refused' : requirement.state, decides, requirement, vetoes, passedOver };
}

function regoOf({ rego }: PolicyFacts, policy: Policy): Verdict['rego'] {
  if (policy.rego.length === 0) return null;
  return rego ?? { kind: 'not-asked', why: { kind: 'unread' } };
}

function refuses(rego: Verdict['rego']): boolean {
  return rego !== null && (rego.kind !== 'evaluated' || rego.deny.length > 0);
}

/** Of the rules that were looked at, when the first window opens or closes or something has been proven for long enough. */
function reconsiderAt(facts: PolicyFacts, rules: readonly PolicyRule[], asked: number): Instant | null {
  const times = rules.slice(0, asked).flatMap(({ when }) => [...windowTimes(when, facts), ...provenTimes(when, facts)]);
  return times.length === 0 ? null : times.reduce((first, time) => Math.min(first, time));
}

function windowTimes({ at }: Conditions, { now }: PolicyFacts): readonly Instant[] {
  return (at ?? []).flatMap((window) => nextChange(window, now) ?? []);
}

function provenTimes({ provenIn }: Conditions, { targets, now }: PolicyFacts): readonly Instant[] {
  if (provenIn === null) return [];
  return Object.values(targets).flatMap(({ provenSince }) => {
    const since = provenSince[provenIn.environment];
    return typeof since === 'number' && since + provenIn.for > now ? [since + provenIn.for] : [];
  });
}
