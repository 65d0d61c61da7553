import { describe, expect, it, test } from 'vitest';
import type { Review } from '../core/forge-objects.js';
import { evaluatePolicy } from '../core/policy/evaluate-policy.js';
import { NOTHING_KNOWN, type PolicyFacts } from '../core/policy/policy-facts.js';
import type { PolicyRule, Requirement } from '../core/policy/policy-rules.js';
import { approvals, policy, rule } from '../core/policy/testing/policy-rules.js';
import { review as reviewOf } from '../core/policy/testing/pull-request-facts.js';
import { policyExplanation, policySection, policyTitle } from './policy-text.js';
import { verdict } from './testing/pending-verdict.js';

const HEAD = 'a1b2c3d4'.repeat(5);
const review = (login: string, more: Partial<Review> = {}): Review => reviewOf(login, { commit: HEAD, ...more });
const facts = (more: Partial<PolicyFacts> = {}): PolicyFacts => ({
  ...NOTHING_KNOWN,
  now: 0,
  head: HEAD,
  author: { login: 'ann', kind: 'human' },
  title: 'Raise the limits',
  trailers: [],
  affected: { targets: [{ app: 'api', env: 'prod' }], outside: [] },
  planSince: 50,
  permissions: { ann: 'write', bob: 'write', dora: 'write' },
  teams: { 'acme/sre': ['bob', 'dora'] },
  checks: [{ name: 'ci/test', state: 'pending', description: '', url: null }],
  codeOwners: [
    {
      section: 'Data',
      demand: 'required',
      line: 4,
      pattern: 'db/',
      approvals: 2,
      owners: ['@acme/dba'],
      people: ['dan', 'bob'],
      unreadable: [],
    },
  ],
  ...more,
});
const section = (require: Requirement, more: Partial<PolicyFacts> = {}): string =>
  policySection(evaluatePolicy(facts(more), policy([rule('prod', {}, require)]))).split('\n\n')[1] ?? '';

describe('a rule', () => {
  it('shows groups within each other, each with how it stands', () => {
    const require: Requirement = {
      kind: 'all',
      needed: 3,
      of: [
        approvals({ count: 2, from: { teams: ['acme/sre'] } }),
        {
          kind: 'any',
          needed: 1,
          of: [
            { kind: 'ticket', pattern: 'OPS-[0-9]+' },
            { kind: 'checks', globs: ['ci/*', 'e2e'] },
          ],
        },
        { kind: 'n-of', needed: 1, of: [{ kind: 'none' }, { kind: 'ticket', pattern: 'limits' }] },
      ],
    };
    const reviews = [review('bob'), review('dora', { at: 10 })];
    expect(section(require, { reviews })).toMatchInlineSnapshot(`
      "- **prod** (for api in prod): pending, all of these are needed:
        - 2 approvals: pending, 1 of 2 approvals missing from members of \`acme/sre\` (not \`ann\` or \`bob\`), which leaves one person
          - counts: \`bob\` approved \`a1b2c3d\`
          - does not count: \`dora\` approved \`a1b2c3d\`, before the plan changed
        - pending, one of these is enough:
          - ticket: refused, neither the title nor a trailer has what \`OPS-[0-9]+\` looks for: add it to the title
          - checks: pending, \`ci/test\` has not succeeded yet; no check named \`e2e\` was reported yet
        - passed, 1 of these 2 are needed:
          - passed, nothing is needed
          - ticket: passed, found in “Raise the limits”"
    `);
  });

  it('names owners whose approval is missing', () => {
    expect(section(approvals({ count: 1, from: { codeowners: 'ask' } }), { reviews: [review('bob')] }))
      .toMatchInlineSnapshot(`
      "- **prod** (for api in prod): pending, owners of changed files have yet to approve
        - counts: \`bob\` approved \`a1b2c3d\`
        - \`db/\` wants 1 of 2 approvals more from \`@acme/dba\` (line 4 of CODEOWNERS in Data)"
    `);
    const nobody = approvals({ count: 1, from: { codeowners: 'ask' } });
    expect(section(nobody, { author: { login: 'dan', kind: 'human' } })).toMatchInlineSnapshot(`
      "- **prod** (for api in prod): refused, 1 of 1 approval missing from owners of the changed files (not \`dan\`), which leaves one person
        - \`db/\` wants 2 of 2 approvals more from \`@acme/dba\` (line 4 of CODEOWNERS in Data), but too few of them are left
        - too few people are left who may approve: owners of the changed files must come to mean more of them"
    `);
    expect(section(nobody, { codeOwners: [] })).toMatchInlineSnapshot(`
      "- **prod** (for api in prod): refused, 1 of 1 approval missing from owners of the changed files (not \`ann\`), which leaves nobody
        - too few people are left who may approve: owners of the changed files must come to mean more of them"
    `);
  });

  it('says what must happen where it refuses', () => {
    const refused = [
      section(approvals({ count: 1, from: { teams: ['acme/sre'] } }), { teams: { 'acme/sre': [] } }),
      section(approvals({ count: 3, from: { teams: ['acme/sre'] } })),
      section(approvals({ count: 1, from: { teams: ['acme/gone'] } })),
      section({ kind: 'ticket', pattern: 'OPS-[0-9]+' }),
      section({ kind: 'ticket', pattern: 'OPS-[0-9]+' }, { trailers: 'unknown' }),
      section({ kind: 'checks', globs: ['ci/*'] }, { checks: 'unknown' }),
      section(
        { kind: 'checks', globs: ['ci/*'] },
        { checks: [{ name: 'ci/a', state: 'failure', description: '', url: null }] },
      ),
    ];
    expect(refused).toMatchInlineSnapshot(`
      [
        "- **prod** (for api in prod): refused, 1 of 1 approval missing from members of \`acme/sre\` (not \`ann\`), which leaves nobody
        - too few people are left who may approve: members of \`acme/sre\` must come to mean more of them",
        "- **prod** (for api in prod): refused, 3 of 3 approvals missing from members of \`acme/sre\` (not \`ann\`)
        - too few people are left who may approve: members of \`acme/sre\` must come to mean more of them",
        "- **prod** (for api in prod): refused, 1 of 1 approval missing from members of \`acme/gone\` (not \`ann\`)
        - the members of \`acme/gone\` could not be read: does the team exist, and may the bot see it?",
        "- **prod** (for api in prod): refused, neither the title nor a trailer has what \`OPS-[0-9]+\` looks for: add it to the title",
        "- **prod** (for api in prod): refused, neither the title nor a trailer has what \`OPS-[0-9]+\` looks for: add it to the title
        - the trailers could not be read",
        "- **prod** (for api in prod): refused, \`ci/*\` must succeed
        - the checks could not be read",
        "- **prod** (for api in prod): refused, \`ci/a\` failed",
      ]
    `);
  });
});

describe('an explanation', () => {
  it('says why the other rules decide nothing', () => {
    const verdict = evaluatePolicy(
      facts({ draft: false, affected: { targets: [{ app: 'api', env: 'prod' }], outside: ['x'] } }),
      policy([
        rule('dev', { environments: ['dev'] }, 'none'),
        rule('drafts', { draft: true }, 'none'),
        rule('rest', {}, 'none'),
        rule('late', {}, 'none'),
      ]),
    );
    expect(policyExplanation(verdict)).toMatchInlineSnapshot(`
      "**The policy is satisfied.**

      - **rest** (for api in prod and files of no environment): passed, nothing is needed

      Rules that decide nothing here:

      - **dev**: for api in prod, \`environments\` does not hold and for files of no environment, \`environments\` does not hold
      - **drafts**: for api in prod, \`draft\` does not hold and for files of no environment, \`draft\` does not hold
      - **late**: everything was decided before it"
    `);
  });
});

describe('the title', () => {
  const title = (rules: readonly PolicyRule[], more: Partial<PolicyFacts> = {}, rego: readonly string[] = []): string =>
    policyTitle(evaluatePolicy(facts(more), policy(rules, { rego })));
  const FREE = rule('free', {}, 'none');
  it('says the gravest in one line', () => {
    const deny = { package: 'main', rule: 'deny', message: 'no *Secrets*' };
    expect([
      title([FREE]),
      title([rule('one', {}, approvals({ count: 2, from: { permission: 'write' } }))]),
      title([rule('one', {}, { kind: 'checks', globs: ['ci/*'] })]),
      title([rule('one', {}, approvals({ count: 2, from: { teams: ['acme/gone'] } }))]),
      title([]),
      title([rule('drafts', { draft: true }, 'none'), FREE]),
      title([FREE], { reviews: [review('bob', { state: 'changes-requested' })] }),
      title([FREE], { rego: { kind: 'evaluated', deny: [deny], warn: [] } }, ['p/*.rego']),
      title([FREE], {}, ['p/*.rego']),
    ]).toMatchInlineSnapshot(`
      [
        "Satisfied",
        "one: 2 approvals missing",
        "one: pending",
        "one: refused",
        "No rule decides about this change",
        "It can’t be told which rule decides",
        "Changes requested by bob",
        "no *Secrets*",
        "The policies in Rego could not be asked",
      ]
    `);
  });

  it('of Rego is shown with what it says', () => {
    const message = { package: 'main', rule: 'deny', message: 'no *Secrets*\nat all' };
    const of = (rego: PolicyFacts['rego']): string =>
      policySection(evaluatePolicy(facts({ rego }), policy([FREE], { rego: ['p/*.rego'] })));
    expect([
      of({ kind: 'evaluated', deny: [message], warn: [{ ...message, rule: 'warn' }] }),
      of({ kind: 'tool-missing', tool: 'opa', install: 'install opa' }),
    ]).toMatchInlineSnapshot(`
      [
        "**The policy refuses this.**

      - **free** (for api in prod): passed, nothing is needed
      - \`main.deny\` denies: no \\*Secrets\\* at all
      - \`main.warn\` warns: no \\*Secrets\\* at all",
        "**The policy refuses this.**

      - **free** (for api in prod): passed, nothing is needed
      - The policies in Rego could not be asked, so it is refused: \`opa\` is missing: install opa",
      ]
    `);
  });
});

test('the policy', () => {
  const vetoed = verdict({
    state: 'refused',
    vetoes: [{ login: 'carol', at: 0, url: null }],
    undecided: [{ kind: 'no-rule-fits', part: { kind: 'outside' } }],
  });
  expect(policySection(verdict())).toMatchInlineSnapshot(`
    "**The policy is waiting.**

    - **production needs two** (for api in prod): pending, 1 of 2 approvals missing from members of \`acme/sre\` (not \`alice\`)
      - counts: \`alice\` approved \`a1b2c3d\`
      - does not count: \`bob\` approved \`f00dfee\`, before the last push"
  `);
  expect(policySection(vetoed)).toMatchInlineSnapshot(`
    "**The policy refuses this.**

    - \`carol\` asked for changes; it is refused until they approve or their review is dismissed
    - No rule fits files of no environment, so it is refused: add a last rule for the rest to the policy
    - **production needs two** (for api in prod): pending, 1 of 2 approvals missing from members of \`acme/sre\` (not \`alice\`)
      - counts: \`alice\` approved \`a1b2c3d\`
      - does not count: \`bob\` approved \`f00dfee\`, before the last push"
  `);
  expect([verdict(), vetoed, verdict({ state: 'passed' }), verdict({ state: 'refused', rules: [] })].map(policyTitle))
    .toMatchInlineSnapshot(`
    [
      "production needs two: 1 approval missing",
      "Changes requested by carol",
      "Satisfied",
      "No rule decides about this change",
    ]
  `);
});
