/** What no rule of the policy can see alone: rules that can never decide, and conditions that nothing could tell. */
import { firstCovering } from '../core/policy/covers.js';
import type { ConfigurationFile } from './configuration-shape.js';
import { policyOf } from './policy-of-file.js';
import type { Reading } from './reading.js';
import type { OffsetProblem } from './yaml-source.js';

export function checkPolicy(file: ConfigurationFile, { rules: mentions }: Reading): readonly OffsetProblem[] {
  if (file.policy === null) return [];
  const { rules } = policyOf(file.policy);
  const covering = firstCovering(rules.map(({ when }) => when));
  return rules.flatMap((rule, index): readonly OffsetProblem[] => {
    // The file was read whole, so that each rule has its mention.
    const offset = mentions[index]?.offset ?? 0;
    const before = rules[covering[index] ?? -1];
    const unpriced = rule.when.costIncrease !== null && file.prices === null;
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
