/** A file of `.lockkeeper/tests` as text → the tests it holds, or every problem at once. */
import type { FileProblem } from '../core/problem.js';
import { place } from './parse-configuration.js';
import { policyTests, type PolicyTest } from './policy-test-shape.js';
import { readShape } from './read-shape.js';
import { beginReading, INVALID } from './reading.js';
import { readYamlSource } from './yaml-source.js';

type ParsedPolicyTests =
  | { readonly kind: 'valid'; readonly tests: readonly PolicyTest[] }
  | { readonly kind: 'invalid'; readonly problems: readonly FileProblem[] };

/** `file` is the name that problems carry. */
export function parsePolicyTests(text: string, file: string): ParsedPolicyTests {
  const source = readYamlSource(text);
  const reading = beginReading(source);
  const value = source.root === null && source.problems.length > 0 ? INVALID : readShape(policyTests, reading);
  if (value === INVALID || reading.problems.length > 0)
    return { kind: 'invalid', problems: place(reading.problems, text, file) };
  return { kind: 'valid', tests: value.tests };
}
