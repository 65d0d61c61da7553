/** Asks policies for tests: the verdict, the state of each rule, and what one rule says of approvals. */
import type { Review } from '../../forge-objects.js';
import { evaluatePolicy } from '../evaluate-policy.js';
import type { PolicyFacts } from '../policy-facts.js';
import type { Policy, PolicyRule } from '../policy-rules.js';
import type { ApprovalsNode } from '../verdict-node.js';
import type { Verdict } from '../verdict.js';
import { policy, rule, type Approvals } from './policy-rules.js';
import { facts } from './pull-request-facts.js';

/** The verdict of a policy of these rules alone. */
export const evaluate = (given: PolicyFacts, rules: readonly PolicyRule[]): Verdict =>
  evaluatePolicy(given, policy(rules));

/** How each rule stands, by its name. */
export const states = (verdict: Verdict): Readonly<Record<string, string>> =>
  Object.fromEntries(verdict.rules.map(({ name, state }) => [name, state]));

/** What the one rule of a policy says of these reviews. */
export const only = (
  reviews: readonly Review[],
  rules: Approvals = {},
  more: Partial<PolicyFacts> = {},
  approveCommand: Policy['approveCommand'] = 'does-not-count',
): ApprovalsNode => {
  const [result] = evaluatePolicy(
    facts({ reviews, ...more }),
    policy([rule('one', {}, rules)], { approveCommand }),
  ).rules;
  if (result?.requirement?.kind !== 'approvals') throw new Error('one rule gives one result');
  return result.requirement;
};
