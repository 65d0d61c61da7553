import { expect, it } from 'vitest';
import type { PolicyFacts } from './policy-facts.js';
import { policyNeeds } from './policy-needs.js';
import type { Conditions, Policy, PolicyRule, Requirement } from './policy-rules.js';
import { approvals, policy, rule as namedRule } from './testing/policy-rules.js';
import { coAuthorsIn, trailersIn } from './trailers.js';

const rule = (when: Partial<Conditions> = {}, require: Requirement = { kind: 'none' }): PolicyRule =>
  namedRule('x', when, require);
const needs = (rules: readonly PolicyRule[], more: Partial<Policy> = {}) => {
  const { facts, ...names } = policyNeeds(policy(rules, more));
  return { facts: [...facts].sort(), ...names };
};
const nothing = { facts: [], teams: [], provenIn: [], approversOf: [] };

it('asks for nothing where no rule does', () => {
  expect(
    needs([rule({ environments: ['dev'], labels: { any: ['x'], all: [], none: [] } }), rule({}, approvals())]),
  ).toEqual(nothing);
});

it.each<[string, Partial<Conditions>, readonly string[]]>([
  ['files', { files: ['**'] }, ['files']],
  ['only-files', { onlyFiles: ['**'] }, ['files']],
  ['size in files', { size: { files: { operator: '<', value: 3 }, lines: null } }, ['files']],
  ['size in lines', { size: { files: null, lines: { operator: '<', value: 3 } } }, ['files', 'lines']],
  ['signed', { signed: true }, ['signatures']],
  ['promotion', { promotion: ['exact'] }, ['promotion']],
])('asks for what the condition %s needs', (_, when, expected) => {
  expect(needs([rule(when)])).toEqual({ ...nothing, facts: expected });
});

it('names teams and environments, however deep they stand', () => {
  const deep = approvals({
    from: { users: [], teams: ['acme/sre'], permission: null, codeowners: 'ask' },
    not: [{ kind: 'committers' }, { kind: 'approvers-of', environment: 'test' }],
  });
  const all: Requirement = {
    kind: 'all',
    needed: 2,
    of: [
      { kind: 'any', needed: 1, of: [deep] },
      { kind: 'ticket', pattern: 'OPS' },
    ],
  };
  const vetoed = {
    ...rule({ authorTeams: ['acme/dev'] }),
    veto: { users: [], teams: ['acme/qa', 'acme/sre'], permission: null },
  };
  const proven = rule({ provenIn: { environment: 'dev', for: 1 } });
  expect(needs([rule({}, all), vetoed, proven])).toEqual({
    facts: ['code-owners', 'committers', 'files', 'trailers'],
    teams: ['acme/sre', 'acme/qa', 'acme/dev'],
    provenIn: ['dev'],
    approversOf: ['test'],
  });
});

it('asks for nobody in the name of a rule that can decide nothing of what is affected', () => {
  const of = (team: string, when: Partial<Conditions>): PolicyRule =>
    rule(when, approvals({ from: { users: [], teams: [team], permission: null, codeowners: 'ignore' } }));
  const rules = [
    of('prod', { environments: ['prod'] }),
    of('api', { applications: ['api'] }),
    of('api-prod', { environments: ['prod'], applications: ['api'] }),
    of('any', { labels: { any: ['x'], all: [], none: [] } }),
    // Whether its author fits is asked before anything is decided.
    rule({ environments: ['prod'], authorTeams: ['authors'] }),
  ];
  const teams = (affected: PolicyFacts['affected']) => policyNeeds(policy(rules), affected).teams;
  const target = (app: string, env: string) => ({ targets: [{ app, env }], outside: [] });
  expect(teams('unknown')).toEqual(['prod', 'api', 'api-prod', 'any', 'authors']);
  expect(teams(target('web', 'dev'))).toEqual(['any', 'authors']);
  expect(teams(target('api', 'dev'))).toEqual(['api', 'any', 'authors']);
  expect(teams(target('web', 'prod'))).toEqual(['prod', 'any', 'authors']);
  expect(teams(target('api', 'prod'))).toEqual(['prod', 'api', 'api-prod', 'any', 'authors']);
  expect(teams({ targets: [], outside: ['README.md'] })).toEqual(['any', 'authors']);
});

it('asks for what Rego and /approve need', () => {
  expect(needs([], { rego: ['policy/*.rego'], approveCommand: 'counts' }).facts).toEqual([
    'approve-commands',
    'files',
    'rego',
  ]);
});

it.each<[string, readonly (readonly [string, string])[]]>([
  [
    'Subject\n\nRefs: OPS-12\nSigned-off-by: Ann <a@x>\n',
    [
      ['Refs', 'OPS-12'],
      ['Signed-off-by', 'Ann <a@x>'],
    ],
  ],
  ['Refs: OPS-12', [['Refs', 'OPS-12']]],
  ['Words\r\n\r\nRefs: OPS-12\r\n goes on\r\n', [['Refs', 'OPS-12']]],
  ['Subject\n\nRefs: OPS-12\nand then words', []],
  ['Subject\n\nRefs: OPS-12\n\nA last paragraph', []],
  ['Refs:OPS-12', []],
  ['', []],
])('%j has the trailers %j', (text, expected) => {
  expect(trailersIn(text).map(({ key, value }) => [key, value])).toEqual(expected);
});

it('finds co-authors wherever they stand', () => {
  expect(
    coAuthorsIn(
      'Subject\n\nCo-authored-by: Bob B <bob@x.test>\nmore words\nCO-AUTHORED-BY: <c@x>\n> Co-authored-by: Q <q@x>',
    ),
  ).toEqual(['bob@x.test', 'c@x']);
});
