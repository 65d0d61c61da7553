import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ChangeTrait, Policy, PolicyRule } from '../core/policy/policy-rules.js';
import { configurationSchema } from './json-schema.js';
import { problems, SMALL, valid } from './testing/example-configuration.js';

const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(configurationSchema());

function read(text: string): Policy {
  const { policy } = valid(text);
  expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  return policy;
}

const withRule = (rule: string): string => `${SMALL}policy: { rules: [{ name: a, ${rule} }] }\n`;
const only = (rule: string): PolicyRule => {
  const [found] = read(withRule(rule)).rules;
  if (found === undefined) throw new Error('one rule is read to one rule');
  return found;
};

describe('a condition', () => {
  it.each([
    ['kinds: ClusterRole', { kinds: ['ClusterRole'] }],
    ['version-step: [patch, minor]', { versionStep: ['patch', 'minor'] }],
    ['proven-in: { environment: dev, for: 24h }', { provenIn: { environment: 'dev', for: 86_400_000 } }],
    ['files: "docs/**"', { files: ['docs/**'] }],
    ['only-files: [README.md]', { onlyFiles: ['README.md'] }],
    ['branches: [main, "release-*"]', { branches: ['main', 'release-*'] }],
    ['author: "renovate[bot]"', { author: ['renovate[bot]'] }],
    ['author-teams: acme/sre', { authorTeams: ['acme/sre'] }],
    ['bots: true', { bots: true }],
    ['labels: [a, b]', { labels: { any: ['a', 'b'], all: [], none: [] } }],
    ['labels: { all: [a], none: b }', { labels: { any: [], all: ['a'], none: ['b'] } }],
    ['title: "^fix: "', { title: '^fix: ' }],
    ['draft: false', { draft: false }],
    [
      'size: { files: "<=10", lines: "> 200" }',
      { size: { files: { operator: '<=', value: 10 }, lines: { operator: '>', value: 200 } } },
    ],
    ['changes: [image-only, touches-rbac]', { changes: ['image-only', 'touches-rbac'] }],
    ['promotion: exact', { promotion: ['exact'] }],
    [
      'at: "Mon-Thu 09:00-16:00 Europe/Brussels"',
      { at: [{ text: 'Mon-Thu 09:00-16:00 Europe/Brussels', days: [0, 1, 2, 3], from: 540, to: 960 }] },
    ],
    ['signed: true', { signed: true }],
  ])('%s', (text, when) => {
    expect(only(`if: { ${text} }, require: none`).when).toMatchObject(when);
  });

  it.each([
    ['"> 100"', { operator: '>', value: 100, unit: 'money' }],
    ['">= 12.5 %"', { operator: '>=', value: 12.5, unit: 'percent' }],
  ])('cost-increase: %s', (text, costIncrease) => {
    const file = `${withRule(`if: { cost-increase: ${text} }, require: none`)}prices: { currency: EUR, cpu: 1 }\n`;
    expect(read(file).rules[0]?.when).toMatchObject({ costIncrease });
  });
});

/** Every kind of change that core knows. */
const TRAITS: Readonly<Record<ChangeTrait, true>> = {
  'image-only': true,
  'replicas-only': true,
  'deletes-resources': true,
  'touches-secrets': true,
  'deletes-data': true,
  'deletes-namespace': true,
  'deletes-crd': true,
  'deletes-workload': true,
  'scales-to-zero': true,
  'touches-rbac': true,
  'touches-network-policy': true,
  privileged: true,
  'host-access': true,
  'changes-service': true,
  'immutable-field': true,
  'plain-secret': true,
  'duplicate-resource': true,
};

it('every kind of change can be asked for', () => {
  expect(only(`if: { changes: [${Object.keys(TRAITS).join(', ')}] }, require: none`).when.changes).toHaveLength(17);
});

describe('a requirement', () => {
  const one = { kind: 'approvals', count: 1 };
  it.each([
    ['{ approvals: 1, from: { codeowners: true } }', { ...one, from: { permission: null, codeowners: 'ask' } }],
    ['{ approvals: 1 }', { ...one, from: { permission: 'write', codeowners: 'ignore' }, not: [{ kind: 'author' }] }],
    [
      '{ approvals: 1, not: [committers, { approvers-of: dev }] }',
      { not: [{ kind: 'committers' }, { kind: 'approvers-of', environment: 'dev' }] },
    ],
    ['{ checks: "ci/*" }', { kind: 'checks', globs: ['ci/*'] }],
    ['{ ticket: "OPS-[0-9]+" }', { kind: 'ticket', pattern: 'OPS-[0-9]+' }],
    ['{ checks: [a], ticket: b }', { kind: 'all', needed: 2, of: [{ kind: 'checks' }, { kind: 'ticket' }] }],
    ['{ all: [{ ticket: b }, { approvals: 1 }] }', { kind: 'all', needed: 2, of: [{ kind: 'ticket' }, one] }],
    ['{ any: [{ ticket: b }, { approvals: 1 }] }', { kind: 'any', needed: 1, of: [{ kind: 'ticket' }, one] }],
    ['{ n-of: { n: 1, of: [{ ticket: b }] } }', { kind: 'n-of', needed: 1, of: [{ kind: 'ticket' }] }],
    ['{ veto: { from: { teams: [acme/sec] } } }', { kind: 'none' }],
  ])('%s', (text, require) => {
    expect(only(`require: ${text}`).require).toMatchObject(require);
  });

  it('may name who may veto', () => {
    expect(only('require: { approvals: 1, veto: { from: { users: [sec] } } }').veto).toEqual({
      users: ['sec'],
      teams: [],
      permission: null,
    });
    expect(only('require: none').veto.permission).toBe('write');
  });

  const nest = (levels: number): string => (levels === 0 ? '{ ticket: a }' : `{ any: [${nest(levels - 1)}] }`);
  it('may be nested five groups deep, and no deeper', () => {
    expect(problems(withRule(`require: ${nest(5)}`))).toEqual([]);
    expect(problems(withRule(`require: ${nest(6)}`))).toEqual([
      '4:87 Each of `any` stands in more than 5 groups within each other.',
    ]);
  });
});

describe('problems', () => {
  it.each([
    ['if: { lables: a }, require: none', '4:36 Unknown key `lables`; did you mean `labels`?'],
    ['require: { aprovals: 1 }', '4:41 Unknown key `aprovals`; did you mean `approvals`?'],
    ['if: { changes: touches-rback }, require: none', 'did you mean `touches-rbac`?'],
    ['if: { proven-in: { environment: prodd, for: 1h } }, require: none', 'There is no environment `prodd`'],
    [
      'require: { approvals: 1, not: [{ approvers-of: prd }] }',
      '4:77 There is no environment `prd`; did you mean `prod`?',
    ],
    ['if: { draft: yes }, require: none', '4:43 `draft` must be `true` or `false`, but is `yes`.'],
    ['if: { labels: {} }, require: none', '4:44 This asks for no label: give `any`, `all` or `none`.'],
    ['if: { size: {} }, require: none', '4:42 This asks for no size: give `files` or `lines`.'],
    ['if: { size: { files: 10 } }, require: none', '`files` must be a comparison such as "<= 10" or "> 500"'],
    ['if: { size: { lines: "<= 10%" } }, require: none', 'but is no comparison with a whole number.'],
    ['if: { title: "(a)\\\\1" }, require: none', 'invalid escape sequence: `\\1`.'],
    ['if: { title: "a(?=b)" }, require: none', 'invalid or unsupported Perl syntax: `(?=`.'],
    ['if: { at: "Mon 9-17 UTC" }, require: none', 'but it is not days, hours and a time zone.'],
    ['if: { files: "**/*a*b*c*d*e*f*g*h" }, require: none', 'but has more than 8 `*`.'],
    ['if: { kinds: [clusterrole] }, require: none', 'Each of `kinds` must be a kind of resources such as ClusterRole'],
    [
      'if: { cost-increase: "> 5%" }, require: none',
      '4:27 The rule `a` asks for `cost-increase`, but there are no `prices`.',
    ],
    ['require: {}', '4:39 This requires nothing: give `approvals`, `checks`'],
    ['require: { all: [{}] }', '4:47 This requires nothing: give'],
    ['require: { all: [] }', '4:46 `all` must not be an empty list.'],
    ['require: { from: { users: [a] } }', '4:41 `from` says whose approvals count: give `approvals` too.'],
    ['require: { ticket: x, not: author }', '4:52 `not` says whose approvals do not count: give `approvals` too.'],
    [
      'require: { approvals: 2, from: { users: [ann, Ann] } }',
      '4:41 `approvals: 2` can never be reached: `from` names one person.',
    ],
    ['require: { approvals: 1, from: { codeowners: false } }', '4:61 This names nobody: give `users`'],
    ['require: { n-of: { n: 2, of: [{ ticket: a }] } }', '4:49 `n: 2` can never be reached: there are 1 in `of`.'],
    ['require: { any: [{ approvals: 1, veto: {} }] }', 'Unknown key `veto`'],
    ['require: { checks: lockkeeper/policy }', 'but names a check of Lockkeeper itself'],
  ])('%s', (rule, problem) => {
    const found = problems(withRule(rule));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
  });

  const rules = (...given: readonly string[]): string =>
    `${SMALL}policy:\n  rules:\n${given.map((each) => `    - ${each}\n`).join('')}`;
  it.each([
    ['after one for everything', '{ name: a, require: none }', '{ name: b, if: { draft: true }, require: none }'],
    [
      'after one for more environments',
      '{ name: a, if: { environments: [dev, prod] }, require: none }',
      '{ name: b, if: { environments: [prod], draft: true }, require: none }',
    ],
    [
      'after one that asks the same',
      '{ name: a, if: { size: { files: "<9" } }, require: none }',
      '{ name: b, if: { size: { files: "<9" } }, require: none }',
    ],
  ])('a rule that never decides: %s', (_, earlier, later) => {
    expect(problems(rules(earlier, later))).toEqual([
      '7:15 The rule `b` never decides: `a` comes before it and fits all that it fits.',
    ]);
  });

  it.each([
    ['{ name: a, if: { environments: [prod] }, require: none }', '{ name: b, if: { draft: true }, require: none }'],
    [
      '{ name: a, if: { labels: { all: [x, y] } }, require: none }',
      '{ name: b, if: { labels: { all: [x] } }, require: none }',
    ],
    [
      '{ name: a, if: { environments: [dev], draft: true }, require: none }',
      '{ name: b, if: { environments: [dev] }, require: none }',
    ],
  ])('none in %s, %s', (earlier, later) => {
    expect(problems(rules(earlier, later))).toEqual([]);
  });

  it('reads a thousand rules in no time', () => {
    const many = Array.from(
      { length: 1000 },
      (_, i) => `{ name: r${i}, if: { files: "apps/a${i}/**" }, require: none }`,
    );
    expect(read(rules(...many)).rules).toHaveLength(1000);
  });
});
