import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configurationSchema, policyFileSchema } from './json-schema.js';
import { parseConfiguration } from './parse-configuration.js';
import { parsePolicyFile } from './parse-policy-file.js';
import { problems, SMALL, valid } from './testing/example-configuration.js';

const RULES = `rules:
  - name: production needs two
    if: { environments: [prod] }
    require: { approvals: 2 }
  - { name: the rest, require: { approvals: 1 } }
rego: policy/*.rego
approve-command: true
`;

const indented = RULES.replaceAll(/^(?=.)/gm, '  ');
const inFile = (text: string, of: Parameters<typeof parsePolicyFile>[2] = valid(SMALL)): readonly string[] => {
  const parsed = parsePolicyFile(text, 'policy.yaml', of);
  return parsed.kind === 'valid'
    ? []
    : parsed.problems.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);
};

describe('policy.file', () => {
  it('holds what would stand in its place', () => {
    const here = valid(`${SMALL}policy:\n${indented}`).policy;
    expect(parsePolicyFile(RULES, 'policy.yaml', valid(SMALL))).toEqual({ kind: 'valid', policy: here });
  });

  it('lets nothing pass until it is read, and knows where it is named', () => {
    const parsed = parseConfiguration(`${SMALL}policy:\n  file: rules/policy.yml\n`, '.lockkeeper.yaml');
    expect(parsed).toMatchObject({
      kind: 'valid',
      configuration: { policy: { rules: [] } },
      policySource: {
        kind: 'file',
        path: 'rules/policy.yml',
        ifMissing: [
          {
            file: '.lockkeeper.yaml',
            line: 5,
            column: 9,
            message: 'There is no file `rules/policy.yml` in the same commit.',
          },
        ],
      },
    });
  });

  it.each([
    ['', 'default'],
    ['policy: { rules: [{ name: a, require: none }] }\n', 'here'],
  ])('is not there in %j', (text, kind) => {
    expect(parseConfiguration(`${SMALL}${text}`, 'x')).toMatchObject({ policySource: { kind } });
  });

  it.each([
    ['{ approve-command: true }', '`rules` is missing in `policy`: give `rules`, or a `file` that holds them.'],
    [
      '{ file: policy.yaml, rules: [{ name: a, require: none }] }',
      '`rules` and `file` exclude one another: the whole policy stands here, or in `policy.yaml`.',
    ],
    [
      '{ file: policy.yaml, approve-command: false }',
      '`approve-command` and `file` exclude one another: the whole policy stands here, or in `policy.yaml`.',
    ],
    [
      '{ file: apps/api/envs/dev/policy.yaml }',
      '`apps/api/envs/dev/policy.yaml` lies in a target (api in dev), so that whoever may change that could change the policy: put it elsewhere.',
    ],
    ['{ file: .lockkeeper.yaml }', 'is the configuration itself'],
    ['{ file: ../policy.yaml }', 'is no plain path'],
    ['{ file: /policy.yaml }', 'is no plain path'],
    ['{ file: policy.rego }', 'must be a file from the top of the repository such as policy.yaml'],
    ['{ file: "*.yaml" }', 'must be a file from the top'],
  ])('refuses %s', (text, message) => {
    expect(problems(`${SMALL}policy: ${text}\n`)).toEqual([expect.stringContaining(message)]);
  });
});

it('either names a file or holds the rules, as editors know too', () => {
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(configurationSchema());
  const takes = (policy: string) => validate(parse(`${SMALL}policy: ${policy}\n`));
  expect(takes('{ file: policy.yaml }')).toBe(true);
  expect(takes('{ rules: [{ name: a, require: none }] }')).toBe(true);
  expect(takes('{ approve-command: true }')).toBe(false);
  expect(takes('{ file: policy.yaml, rules: [{ name: a, require: none }] }')).toBe(false);
});

describe('a policy file', () => {
  it('names every problem at its own line', () => {
    const text =
      'rules:\n  - name: a\n    if: { environments: [prd] }\n    require: { aprovals: 1 }\n  - { name: b, require: none }\nfile: x\n';
    expect(inFile(text)).toEqual([
      'policy.yaml:3:26 There is no environment `prd`; did you mean `prod`?',
      expect.stringMatching(/^policy\.yaml:4:16 .*did you mean `approvals`\?$/),
      expect.stringMatching(/^policy\.yaml:6:1 .*`file`/),
    ]);
  });

  it.each([
    ['', 'policy.yaml:1:1 The file must be a mapping, but is empty.'],
    ['policy: { rules: [] }\n', 'policy.yaml:1:1 `rules` is missing in the file.'],
    [
      'rules: [{ name: a, require: none }, { name: b, require: none }]\n',
      'policy.yaml:1:45 The rule `b` never decides: `a` comes before it and fits all that it fits.',
    ],
    [
      'rules: [{ name: a, if: { cost-increase: "> 1" }, require: none }]\n',
      'policy.yaml:1:17 The rule `a` asks for `cost-increase`, but there are no `prices`.',
    ],
    [
      'rules: [{ name: a, if: { draft: true }, require: none }, { name: a, require: none }]\n',
      'policy.yaml:1:66 Another policy rule is named `a` too.',
    ],
  ])('refuses %j', (text, message) => {
    expect(inFile(text)).toContain(message);
  });

  it('of an organisation may speak of environments and prices that not every repository has', () => {
    const text =
      'rules: [{ name: a, if: { environments: [live], cost-increase: "> 1" }, require: none }, { name: b, require: { approvals: 1 } }]\n';
    expect(inFile(text)).not.toEqual([]);
    expect(inFile(text, 'several')).toEqual([]);
    expect(inFile(text.replace('name: b', 'name: a'), 'several')).toHaveLength(1);
  });

  it('has a schema of its own for editors', () => {
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(policyFileSchema());
    expect(validate(parse(RULES)), JSON.stringify(validate.errors)).toBe(true);
    expect(validate(parse('rules: [{ name: a }]'))).toBe(false);
    expect(validate(parse(`policy:\n${indented}`))).toBe(false);
    expect(validate(parse('file: policy.yaml'))).toBe(false);
  });
});
