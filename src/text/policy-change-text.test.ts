import { describe, expect, it } from 'vitest';
import { compareVerdicts } from '../core/policy/compare-verdicts.js';
import type { DifferingPullRequest, NotJudgedPullRequest, PolicyHistory } from '../core/policy/policy-history.js';
import { policy, REST, rule, SRE } from '../core/policy/testing/policy-rules.js';
import { facts, PROD, review } from '../core/policy/testing/pull-request-facts.js';
import { policyChangeText } from './policy-change-text.js';

const named = (number: number, title = 'Change something') => ({
  number,
  title,
  url: `https://forge.test/acme/config/pull/${String(number)}`,
});
const PRODUCTION = facts({ affected: { targets: [PROD], outside: [] }, reviews: [review('bob')] });

function differing(number: number, rules: readonly (typeof SRE)[], title?: string): DifferingPullRequest {
  const found = compareVerdicts(PRODUCTION, { before: policy([REST]), after: policy(rules) });
  if (found.kind !== 'differs') throw new Error(`they are ${found.kind}`);
  const { kind: _, ...difference } = found;
  return { ...named(number, title), ...difference };
}

const said = (history: Partial<PolicyHistory>, budget = 10_000): string =>
  policyChangeText(
    { kind: 'compared', history: { same: 0, differing: [], notJudged: [], rego: 'none', ...history } },
    budget,
  );

describe('a changed policy', () => {
  it('says which merged pull requests would have got another verdict, by which rule, and which can’t be told', () => {
    const notJudged: readonly NotJudgedPullRequest[] = [
      { ...named(3), why: { kind: 'commits-gone' } },
      { ...named(4), why: { kind: 'not-told', unknown: [{ kind: 'condition', condition: 'changes' }] } },
      { ...named(5), why: { kind: 'commits-gone' } },
    ];
    expect(
      said({
        same: 4,
        differing: [differing(7, [SRE, REST]), differing(6, [rule('dev', { environments: ['dev'] })])],
        notJudged,
      }),
    ).toMatchInlineSnapshot(`
        "**This changes who must agree.** It is judged by the policy of the target branch all the same. Of all 9 merged pull requests, the new policy would have judged 2 otherwise.

        - [7](https://forge.test/acme/config/pull/7) Change something: passed → **pending**, by **sre** (for api in prod): 1 of 2 approvals missing from members of \`acme/sre\` (not \`ann\` or \`bob\`), which leaves one person
        - [6](https://forge.test/acme/config/pull/6) Change something: passed → **refused**, because no rule is left for api in prod
        - 3 pull requests could not be judged:
          - [3](https://forge.test/acme/config/pull/3) and [5](https://forge.test/acme/config/pull/5): its commits are no longer there
          - [4](https://forge.test/acme/config/pull/4): what kind of change it is is not known any more"
      `);
  });

  it('says where none differs, what is left out, and that nothing was merged yet', () => {
    expect(said({ same: 50, rego: 'not-asked' })).toContain(
      'Of the last 50 merged ones, the new policy would have judged none otherwise. Policies in Rego are not run on what was merged.',
    );
    expect(said({})).toContain('Nothing was merged into this branch yet');
  });

  it.each([
    [{ kind: 'being-compared' } as const, 'is being looked up'],
    [{ kind: 'same-rules', rego: 'as-before' } as const, 'the rules of the policy stay as they are'],
    [{ kind: 'same-rules', rego: 'changed' } as const, 'Its policies in Rego change'],
    [
      { kind: 'impossible', why: { kind: 'refused', message: 'the forge <says> no' } } as const,
      'can’t be told: the forge &lt;says\\> no',
    ],
  ])('says of %j what is known', (change, words) => {
    expect(policyChangeText(change, 10_000)).toContain(words);
  });

  it('keeps what people wrote from becoming markup, and counts what it has no room for', () => {
    const many = Array.from({ length: 50 }, (_, index) =>
      differing(index + 1, [SRE, REST], '@alice](http://x.test) **now** #1'),
    );
    const text = said({ differing: many }, 3000);
    expect(text.length).toBeLessThanOrEqual(3000);
    expect(text).toMatch(/…and \d+ more lines\.$/);
    expect(text).not.toMatch(/@alice|\*\*now|(?<!\\)\]\(http:\/\/x/);
  });
});
