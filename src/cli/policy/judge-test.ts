/** What a policy test expects against what the policy says. */
import type { PolicyTest } from '../../config/policy-test-shape.js';
import { nearestName } from '../../core/command/nearest-name.js';
import { evaluatePolicy } from '../../core/policy/evaluate-policy.js';
import type { Verdict } from '../../core/policy/verdict.js';
import { policyExplanation } from '../../text/policy-text.js';
import { factsOfTest, type TestGround } from './facts-of-test.js';

interface Judged {
  readonly verdict: Verdict;
  /** In Markdown, as comments have it. */
  readonly explanation: string;
  /** Lines that begin with `-` (expected) or `+` (what is); empty when all is as expected. */
  readonly difference: readonly string[];
}

export interface JudgeGround extends TestGround {
  readonly environments: readonly string[];
}

/** Or what the test names that is not there. */
export function judgeTest(test: PolicyTest, ground: JudgeGround): Judged | { readonly misnamed: string } {
  const misnamed = findMisnamed(test, ground);
  if (misnamed !== null) return { misnamed };
  const verdict = evaluatePolicy(factsOfTest(test, ground), ground.policy);
  const explanation = policyExplanation(verdict);
  return { verdict, explanation, difference: differenceOf(test, verdict, explanation) };
}

function differenceOf({ expect }: PolicyTest, verdict: Verdict, explanation: string): readonly string[] {
  const wanted = typeof expect === 'string' ? { verdict: expect, rules: null, reasons: null } : expect;
  const states = new Map<string, string>(verdict.rules.map(({ name, state }) => [name, state]));
  const shown = plainText(explanation);
  return [
    ...pair('verdict', wanted.verdict, verdict.state),
    ...(wanted.rules ?? []).flatMap(([name, state]) => pair(name, state, states.get(name) ?? '')),
    ...(wanted.reasons ?? [])
      .filter((reason) => !shown.includes(plainText(reason)))
      .map((reason) => `- reason: ${reason}`),
  ];
}

function pair(what: string, expected: string, actual: string): readonly string[] {
  return expected === actual ? [] : [`- ${what}: ${expected}`, `+ ${what}: ${actual}`];
}

/** Without what Markdown escapes and marks, and case: people write reasons as they read them. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/\\([\\`*_{}[\]()#+\-.!<>|~@&])/g, '$1')
    .replace(/[`*]/g, '')
    .replace(/\s+/g, ' ')
    .toLowerCase();
}

function findMisnamed(test: PolicyTest, { environments, policy }: JudgeGround): string | null {
  const rules = typeof test.expect === 'string' ? [] : (test.expect.rules ?? []).map(([name]) => name);
  const named = [
    ...(test.plan?.targets ?? []).flatMap(({ env, 'proven-in': proven }) => [
      env,
      ...(proven ?? []).map(([name]) => name),
    ]),
    ...(test['approvers-of'] ?? []).map(([name]) => name),
  ];
  return (
    misnamedOf('environment', named, environments) ??
    misnamedOf(
      'rule',
      rules,
      policy.rules.map(({ name }) => name),
    )
  );
}

function misnamedOf(what: string, named: readonly string[], known: readonly string[]): string | null {
  const wrong = named.find((name) => !known.includes(name));
  if (wrong === undefined) return null;
  const near = nearestName(wrong, known);
  return `there is no ${what} \`${wrong}\`${near === null ? '' : `; did you mean \`${near}\`?`}`;
}
