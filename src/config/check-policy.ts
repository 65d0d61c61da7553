/** What no rule of the policy can see alone: rules that can never decide, and conditions that nothing could tell. */
import { targetOf } from '../core/environment/find-targets.js';
import { firstCovering } from '../core/policy/covers.js';
import type { ConfigurationFile } from './configuration-shape.js';
import { policyOf } from './policy-of-file.js';
import type { RulesInFile } from './policy-shapes.js';
import type { Reading } from './reading.js';
import type { OffsetProblem } from './yaml-source.js';

/** `unknown`: the rules hold for several repositories, each with its own. */
type PricesKnown = 'given' | 'none' | 'unknown';

export function checkPolicy(file: ConfigurationFile, reading: Reading): readonly OffsetProblem[] {
  if (file.policy === null) return [];
  const { rules, file: elsewhere } = file.policy;
  if (rules !== null) return checkRules({ ...file.policy, rules }, file.prices === null ? 'none' : 'given', reading);
  return elsewhere === null ? [] : guardPolicyFile(file, elsewhere, reading);
}

/** Whoever may change a target by a lenient rule could change its rules there as well. */
function guardPolicyFile(file: ConfigurationFile, path: string, { policyFiles }: Reading): readonly OffsetProblem[] {
  const target = targetOf(path, { layouts: file.layout, environments: file.environments.map(([name]) => ({ name })) });
  if (target === null) return [];
  const { app, env } = target.name;
  const message = `\`${path}\` lies in a target (${app} in ${env}), so that whoever may change that could change the policy: put it elsewhere.`;
  return [{ offset: policyFiles[0]?.offset ?? 0, message }];
}

/** What is said of rules wherever they stand. */
export function checkRules(
  policy: RulesInFile,
  prices: PricesKnown,
  { rules: mentions }: Reading,
): readonly OffsetProblem[] {
  const { rules } = policyOf(policy);
  const covering = firstCovering(rules.map(({ when }) => when));
  return rules.flatMap((rule, index): readonly OffsetProblem[] => {
    // The file was read whole, so that each rule has its mention.
    const offset = mentions[index]?.offset ?? 0;
    const before = rules[covering[index] ?? -1];
    const unpriced = rule.when.costIncrease !== null && prices === 'none';
    return [
      ...(before === undefined
        ? []
        : [
            {
              offset,
              message: `The rule \`${rule.name}\` never decides: \`${before.name}\` comes before it and fits all that it fits.`,
            },
          ]),
      ...(unpriced
        ? [{ offset, message: `The rule \`${rule.name}\` asks for \`cost-increase\`, but there are no \`prices\`.` }]
        : []),
    ];
  });
}
