/** What no part of the file can see alone: names that must exist elsewhere, circles, doubled rule names. */
import { nearestName } from '../core/command/nearest-name.js';
import { environmentOrder } from '../core/environment/environment-order.js';
import { checkPolicy } from './check-policy.js';
import type { ConfigurationFile } from './configuration-shape.js';
import { INVALID, type Reading } from './reading.js';
import type { OffsetProblem } from './yaml-source.js';

export function checkWhole(file: ConfigurationFile | typeof INVALID, reading: Reading): readonly OffsetProblem[] {
  const found = checkNames(reading);
  return file === INVALID || found.length > 0 ? found : [...circles(file, reading), ...checkPolicy(file, reading)];
}

/** Names that stand for nothing, and those that stand for two things. Where no environment is declared, any may be named. */
export function checkNames(reading: Reading): readonly OffsetProblem[] {
  return [...missingEnvironments(reading), ...doubledRules(reading)];
}

function missingEnvironments(reading: Reading): readonly OffsetProblem[] {
  const names = reading.declared.map(({ name }) => name);
  // With none declared, that is the problem, and each mention of one would only repeat it.
  if (names.length === 0) return [];
  return reading.referred
    .filter(({ name }) => !names.includes(name))
    .map(({ name, offset }) => {
      const hint = nearestName(name, names);
      const known = names.map((each) => `\`${each}\``).join(', ');
      const meant = hint === null ? `the environments are ${known}.` : `did you mean \`${hint}\`?`;
      return { offset, message: `There is no environment \`${name}\`; ${meant}` };
    });
}

function circles(file: ConfigurationFile, reading: Reading): readonly OffsetProblem[] {
  const order = environmentOrder(file.environments.map(([name, { after }]) => ({ name, after: after ?? [] })));
  if (order.kind === 'ordered') return [];
  const [first] = order.circle;
  const offset = reading.declared.find(({ name }) => name === first)?.offset ?? 0;
  const path = [...order.circle, first].join(' after ');
  return [{ offset, message: `\`after\` goes round in a circle: ${path}.` }];
}

function doubledRules({ rules }: Reading): readonly OffsetProblem[] {
  return rules
    .filter(({ name }, index) => rules.findIndex((each) => each.name === name) < index)
    .map(({ name, offset }) => ({ offset, message: `Another policy rule is named \`${name}\` too.` }));
}
