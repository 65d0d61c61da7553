// `lockkeeper policy`: the example of docs/policy.md, word for word, and what is said when something is not as it should be.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explainFile, testPolicy } from '../../src/cli/policy/policy-test.js';

let repository = '';
const printed: string[] = [];
const complaints: string[] = [];
const printer = { out: (line: string) => printed.push(line), error: (line: string) => complaints.push(line) };
const page = join(import.meta.dirname, '..', '..', 'docs', 'policy.md');

beforeEach(async () => {
  repository = await mkdtemp(join(tmpdir(), 'lockkeeper-policy-'));
  printed.length = 0;
  complaints.length = 0;
});
afterEach(() => rm(repository, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(repository, path)), { recursive: true });
    await writeFile(join(repository, path), text);
  }
}

async function writeExample(): Promise<void> {
  const text = await readFile(page, 'utf8');
  const block = (start: RegExp) =>
    [...text.matchAll(/^```(?:yaml|text)\n(.*?)^```/gms)]
      .map(([, inside = '']) => inside)
      .find((each) => start.test(each));
  await write({
    '.lockkeeper.yaml': block(/^version: 1/) ?? '',
    CODEOWNERS: block(/^\* +@dora/) ?? '',
    '.lockkeeper/tests/policy.yaml': block(/^tests:/) ?? '',
  });
}

const run = (files: readonly string[] = []) =>
  testPolicy({ repository, files, forge: 'github', organisation: null }, printer);
const CONFIGURATION = `version: 1
layout: { path: "apps/{app}/envs/{env}" }
environments: { dev: {}, prod: { after: dev } }
policy:
  rego: policy/*.rego
  rules: [{ name: the rest, require: { approvals: 1 } }]
`;

describe('policy test', () => {
  it('says of the example in the documentation what is documented', async () => {
    await writeExample();
    expect(await run()).toBe(0);
    const documented = /^\$ lockkeeper policy test\n(.*?)^```/ms.exec(await readFile(page, 'utf8'))?.[1];
    expect(`${printed.join('\n')}\n`.replaceAll(repository, '.')).toBe(documented);
    expect(complaints).toEqual([]);
  });

  it('shows what is not as expected, with the reasons', async () => {
    await write({
      '.lockkeeper.yaml': CONFIGURATION,
      '.lockkeeper/tests/a.yaml': `tests:
  - name: alone
    plan: { targets: [{ app: api, env: prod }] }
    reviews: [{ by: bob, bot: true }]
    denied: [no more of this]
    expect: { verdict: passed, rules: { the rest: skipped }, reasons: [no such thing, does NOT count] }
`,
    });
    expect(await run()).toBe(1);
    expect(printed).toEqual(
      expect.arrayContaining([
        '  not ok  alone',
        '      - verdict: passed',
        '      + verdict: refused',
        '      - the rest: skipped',
        '      + the rest: pending',
        '      - reason: no such thing',
        '0 passed, 1 failed',
      ]),
    );
    expect(printed.join('\n')).toContain('`test.deny` denies: no more of this');
    expect(printed.join('\n')).not.toContain('- reason: does');
  });

  it.each([
    [
      'environment',
      'plan: { targets: [{ app: api, env: prd }] }, expect: passed',
      'there is no environment `prd`; did you mean `prod`?',
    ],
    [
      'rule',
      'expect: { verdict: passed, rules: { the res: passed } }',
      'there is no rule `the res`; did you mean `the rest`?',
    ],
  ])('knows that there is no such %s', async (_, test, message) => {
    await write({ '.lockkeeper.yaml': CONFIGURATION, '.lockkeeper/tests/a.yml': `tests: [{ name: x, ${test} }]\n` });
    expect(await run()).toBe(1);
    expect(printed).toContain(`      ${message}`);
  });

  it('names every problem of a test file with its place', async () => {
    await write({
      '.lockkeeper.yaml': CONFIGURATION,
      '.lockkeeper/tests/a.yaml': 'tests:\n  - name: x\n    reviewz: []\n    at: monday\n    expect: maybe\n',
    });
    expect(await run()).toBe(2);
    const lines = complaints.join('\n').replaceAll(`${repository}/`, '').split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^\.lockkeeper\/tests\/a\.yaml:3:5: .*reviewz.*did you mean `reviews`/i),
      expect.stringMatching(/^\.lockkeeper\/tests\/a\.yaml:4:9: .*must be a time such as 2026-03-02T09:30:00Z/i),
      expect.stringMatching(/^\.lockkeeper\/tests\/a\.yaml:5:13: /),
    ]);
  });

  it.each([
    ['no configuration', {}, 'There is no .lockkeeper.yaml in'],
    ['a broken one', { '.lockkeeper.yaml': 'version: 2\n' }, '.lockkeeper.yaml:1:'],
    ['no tests', { '.lockkeeper.yaml': CONFIGURATION }, 'There are no tests in'],
  ])('says that there is %s', async (_, files, message) => {
    await write(files);
    expect(await run()).toBe(2);
    expect(complaints.join('\n')).toContain(message);
  });

  it('says that a file named is not there, and what CODEOWNERS has that is passed over', async () => {
    await write({ '.lockkeeper.yaml': CONFIGURATION, CODEOWNERS: '* bob\n' });
    expect(await run([join(repository, 'nothing.yaml')])).toBe(2);
    expect(complaints[0]).toMatch(/^CODEOWNERS:1:3: `bob` is no @user/);
    expect(complaints[1]).toContain('nothing.yaml: there is no such file');
  });
});

describe('policy explain', () => {
  const explain = (more: Partial<Parameters<typeof explainFile>[0]>) =>
    explainFile(
      {
        repository,
        file: join(repository, '.lockkeeper/tests/policy.yaml'),
        name: null,
        forge: 'github',
        organisation: null,
        approvedBy: [],
        at: null,
        ...more,
      },
      printer,
    );

  it('prints the verdict, and what it would be if somebody approved', async () => {
    await writeExample();
    const name = 'the same after an hour needs two';
    expect(await explain({ name })).toBe(0);
    expect(printed.join('\n')).toContain('**The policy is waiting.**');
    printed.length = 0;
    expect(await explain({ name, approvedBy: ['carol'] })).toBe(0);
    expect(printed.join('\n')).toContain('**The policy is satisfied.**');
    expect(printed.join('\n')).toContain('for api in prod, `proven-in` does not hold');
  });

  it('says how pull requests are named where there is neither a file nor one', async () => {
    expect(await explain({ file: 'acme/config/12' })).toBe(2);
    expect(complaints.join('\n')).toMatch(
      /^There is no file acme\/config\/12, and it names no pull request\..*acme\/config#12/,
    );
  });

  it('knows no test of another name', async () => {
    await writeExample();
    expect(await explain({ name: 'nothing' })).toBe(2);
    expect(complaints.join('\n')).toContain('has no test called nothing');
  });
});
