import { describe, expect, it } from 'vitest';
import { EVERYONE_WITH_WRITE } from '../core/configuration.js';
import type { Review } from '../core/forge-objects.js';
import { evaluatePolicy } from '../core/policy/evaluate-policy.js';
import { NOTHING_KNOWN, type PolicyFacts } from '../core/policy/policy-facts.js';
import {
  ANYTHING,
  type ApprovalsRequirement,
  type Conditions,
  type Policy,
  type PolicyRule,
  type Requirement,
} from '../core/policy/policy-rules.js';
import type { DiscountReason, UnknownFact } from '../core/policy/verdict-node.js';
import { policyExplanation, policySection, policyTitle } from './policy-text.js';
import { conditionKey, discountedText, undecidedText, unknownText } from './policy-words.js';

const HEAD = 'a1b2c3d4'.repeat(5);
const review = (login: string, more: Partial<Review> = {}): Review => ({
  person: { login, kind: 'human' },
  state: 'approved',
  commit: HEAD,
  at: 100,
  url: null,
  ...more,
});
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
const approvals = (count: number, from: Partial<ApprovalsRequirement['from']>): Requirement => ({
  kind: 'approvals',
  count,
  from: { users: [], teams: [], permission: null, codeowners: 'ignore', ...from },
  not: [{ kind: 'author' }],
});
const rule = (name: string, require: Requirement, when: Partial<Conditions> = {}): PolicyRule => ({
  name,
  when: { ...ANYTHING, ...when },
  require,
  veto: EVERYONE_WITH_WRITE,
});
const policy = (...rules: readonly PolicyRule[]): Policy => ({ rules, rego: [], approveCommand: 'does-not-count' });
const section = (require: Requirement, more: Partial<PolicyFacts> = {}): string =>
  policySection(evaluatePolicy(facts(more), policy(rule('prod', require)))).split('\n\n')[1] ?? '';

describe('a rule', () => {
  it('shows groups within each other, each with how it stands', () => {
    const require: Requirement = {
      kind: 'all',
      needed: 3,
      of: [
        approvals(2, { teams: ['acme/sre'] }),
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
    expect(section(approvals(1, { codeowners: 'ask' }), { reviews: [review('bob')] })).toMatchInlineSnapshot(`
      "- **prod** (for api in prod): pending, owners of changed files have yet to approve
        - counts: \`bob\` approved \`a1b2c3d\`
        - \`db/\` wants 1 of 2 approvals more from \`@acme/dba\` (line 4 of CODEOWNERS in Data)"
    `);
    const nobody = approvals(1, { codeowners: 'ask' });
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
      section(approvals(1, { teams: ['acme/sre'] }), { teams: { 'acme/sre': [] } }),
      section(approvals(3, { teams: ['acme/sre'] })),
      section(approvals(1, { teams: ['acme/gone'] })),
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
      policy(
        rule('dev', { kind: 'none' }, { environments: ['dev'] }),
        rule('drafts', { kind: 'none' }, { draft: true }),
        rule('rest', { kind: 'none' }),
        rule('late', { kind: 'none' }),
      ),
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
    policyTitle(evaluatePolicy(facts(more), { ...policy(...rules), rego }));
  const FREE = rule('free', { kind: 'none' });
  it('says the gravest in one line', () => {
    const deny = { package: 'main', rule: 'deny', message: 'no *Secrets*' };
    expect([
      title([FREE]),
      title([rule('one', approvals(2, { permission: 'write' }))]),
      title([rule('one', { kind: 'checks', globs: ['ci/*'] })]),
      title([rule('one', approvals(2, { teams: ['acme/gone'] }))]),
      title([]),
      title([rule('drafts', { kind: 'none' }, { draft: true }), FREE]),
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
      policySection(evaluatePolicy(facts({ rego }), { ...policy(FREE), rego: ['p/*.rego'] }));
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

it('every reason and every fact has words', () => {
  const unknown: readonly UnknownFact[] = [
    { kind: 'author' },
    { kind: 'committers' },
    { kind: 'approvers-of', environment: 'test' },
    { kind: 'plan-since' },
    { kind: 'earlier-head', commit: HEAD },
    { kind: 'permission', login: 'bob' },
    { kind: 'team', team: 'acme/sre' },
    { kind: 'owner', owner: '@acme/dba' },
    { kind: 'code-owners' },
    { kind: 'checks' },
    { kind: 'title' },
    { kind: 'trailers' },
  ];
  const why: readonly DiscountReason[] = [
    { kind: 'not-current-head' },
    { kind: 'before-plan-changed' },
    { kind: 'author' },
    { kind: 'committer', roles: ['author', 'co-author'] },
    { kind: 'committer', roles: ['co-author'] },
    { kind: 'approver-of', environment: 'test' },
    { kind: 'bot' },
    { kind: 'dismissed' },
    { kind: 'approve-command' },
    { kind: 'no-permission' },
    { kind: 'not-among', approvers: { users: ['eve'], teams: [], permission: 'write', codeowners: 'ask' } },
    ...unknown.slice(0, 1).map((fact) => ({ kind: 'unknown' as const, fact })),
  ];
  expect(unknown.map(unknownText)).toMatchInlineSnapshot(`
    [
      "who opened this could not be read",
      "who wrote the commits could not be read",
      "who approved what runs in test could not be read",
      "the plan is not there yet",
      "what was pushed after \`a1b2c3d\` could not be read",
      "the permission of \`bob\` could not be read",
      "the members of \`acme/sre\` could not be read: does the team exist, and may the bot see it?",
      "whom \`@acme/dba\` in CODEOWNERS means could not be read",
      "CODEOWNERS of the target branch could not be read",
      "the checks could not be read",
      "the title could not be read",
      "the trailers could not be read",
    ]
  `);
  expect(why.map((each) => discountedText({ login: 'bob', commit: HEAD, at: 0, why: each }))).toMatchInlineSnapshot(`
    [
      "\`bob\` approved \`a1b2c3d\`, before the last push",
      "\`bob\` approved \`a1b2c3d\`, before the plan changed",
      "\`bob\` approved \`a1b2c3d\`, but opened this",
      "\`bob\` approved \`a1b2c3d\`, but has commits in this",
      "\`bob\` approved \`a1b2c3d\`, but is named as co-author of commits in this",
      "\`bob\` approved \`a1b2c3d\`, but approved what runs in test",
      "\`bob\` approved \`a1b2c3d\`, but is a bot",
      "\`bob\` approved \`a1b2c3d\`, but that review was dismissed",
      "\`bob\` approved \`a1b2c3d\`, by a comment, which does not count here: review it instead",
      "\`bob\` approved \`a1b2c3d\`, but has no access to the repository",
      "\`bob\` approved \`a1b2c3d\`, but is not among \`eve\`, anyone with write permission or owners of the changed files",
      "\`bob\` approved \`a1b2c3d\`, but who opened this could not be read",
    ]
  `);
  const names = Object.keys(ANYTHING) as (keyof Conditions)[];
  expect(names.map(conditionKey).join(' ')).toMatchInlineSnapshot(
    `"environments applications kinds version-step proven-in files only-files branches author author-teams bots labels title draft size changes promotion cost-increase at signed"`,
  );
  const part = { kind: 'outside' } as const;
  expect(
    names.map((name) => undecidedText({ kind: 'condition-unknown', part, rule: 'r', conditions: [name] })).slice(2, 5),
  ).toMatchInlineSnapshot(`
    [
      "- Whether **r** decides about files of no environment can't be told, so it is refused: which kinds of resources change could not be read",
      "- Whether **r** decides about files of no environment can't be told, so it is refused: how far its versions go could not be read",
      "- Whether **r** decides about files of no environment can't be told, so it is refused: how long the same has run elsewhere could not be read",
    ]
  `);
});
