/** A file that holds nothing but a policy as text → the policy, or every problem at once. */
import type { Configuration } from '../core/configuration.js';
import type { Policy } from '../core/policy/policy-rules.js';
import type { FileProblem } from '../core/problem.js';
import { checkRules } from './check-policy.js';
import { checkNames } from './check-whole.js';
import { place, type ParsedConfiguration } from './parse-configuration.js';
import { policyOf } from './policy-of-file.js';
import { policyFile } from './policy-shapes.js';
import { readShape } from './read-shape.js';
import { beginReading, INVALID } from './reading.js';
import { readYamlSource } from './yaml-source.js';

type ParsedPolicy =
  | { readonly kind: 'valid'; readonly policy: Policy }
  | { readonly kind: 'invalid'; readonly problems: readonly FileProblem[] };

/**
 * `file` is the name that problems carry. `of`: the configuration whose policy it is, or `several` for an organisation's: which environments
 * and prices there are then differs, so that rules may name an environment that a repository does not have.
 */
export function parsePolicyFile(
  text: string,
  file: string,
  of: Pick<Configuration, 'environments' | 'prices'> | 'several',
): ParsedPolicy {
  const source = readYamlSource(text);
  const reading = beginReading(source);
  // What is declared elsewhere is known before anything is read.
  if (of !== 'several') reading.declared.push(...of.environments.map(({ name }) => ({ name, offset: 0 })));
  const value = source.root === null && source.problems.length > 0 ? INVALID : readShape(policyFile, reading);
  const problems = [...reading.problems, ...checkNames(reading)];
  if (value === INVALID || problems.length > 0) return { kind: 'invalid', problems: place(problems, text, file) };
  const prices = of === 'several' ? 'unknown' : of.prices === null ? 'none' : 'given';
  const unsound = checkRules(value, prices, reading);
  if (unsound.length > 0) return { kind: 'invalid', problems: place(unsound, text, file) };
  return { kind: 'valid', policy: policyOf(value) };
}

/** The configuration with the policy of the file that it names, whose content is `text`; null: there is no such file. */
export function withPolicyFile(
  parsed: Extract<ParsedConfiguration, { kind: 'valid' }>,
  text: string | null,
): ParsedConfiguration {
  const { configuration, policySource } = parsed;
  if (policySource.kind !== 'file') return parsed;
  if (text === null) return { kind: 'invalid', problems: policySource.ifMissing };
  const read = parsePolicyFile(text, policySource.path, configuration);
  if (read.kind === 'invalid') return read;
  const policy = { ...read.policy, file: policySource.path };
  return { ...parsed, configuration: { ...configuration, policy } };
}
