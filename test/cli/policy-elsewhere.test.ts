// `lockkeeper policy test` where the policy stands in a file of its own, or with the organisation.
import { mkdtemp, rm, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testPolicy } from '../../src/cli/policy/policy-test.js';

let repository = '';
let lines: string[] = [];
const printer = { out: (line: string) => lines.push(line), error: (line: string) => lines.push(line) };

beforeEach(async () => {
  repository = await mkdtemp(join(tmpdir(), 'lockkeeper-policy-'));
  lines = [];
});
afterEach(() => rm(repository, { recursive: true, force: true }));

const CONFIGURATION =
  'version: 1\nlayout: { path: "apps/{app}/envs/{env}" }\nenvironments: { dev: {}, prod: { after: dev } }\n';
const TWO = 'rules: [{ name: two, require: { approvals: 2 } }]\n';
const EXPECT = `tests:
  - name: two are asked
    plan: { targets: [{ app: api, env: prod }] }
    reviews: [{ by: bob }]
    expect: { verdict: pending, rules: { two: pending } }
`;

async function run(files: Readonly<Record<string, string>>, organisation: string | null = null): Promise<number> {
  for (const [path, text] of Object.entries({ '.lockkeeper/tests/a.yaml': EXPECT, ...files })) {
    await mkdir(dirname(join(repository, path)), { recursive: true });
    await writeFile(join(repository, path), text);
  }
  const place = organisation === null ? null : join(repository, organisation);
  return testPolicy({ repository, files: [], forge: 'github', organisation: place }, printer);
}
const said = () => lines.join('\n').replaceAll(`${repository}/`, '');

it('judges by the file that the configuration names', async () => {
  const named = { '.lockkeeper.yaml': `${CONFIGURATION}policy: { file: rules/policy.yaml }\n` };
  expect(await run({ ...named, 'rules/policy.yaml': TWO })).toBe(0);
  expect(await run({ ...named, 'rules/policy.yaml': TWO.replace('two', 'other') })).toBe(1);
});

it('says where a file is named that is not there, or what is wrong in it', async () => {
  const named = { '.lockkeeper.yaml': `${CONFIGURATION}policy: { file: policy.yaml }\n` };
  expect(await run(named)).toBe(2);
  expect(said()).toBe('.lockkeeper.yaml:4:17: There is no file `policy.yaml` in the same commit.');
  lines = [];
  expect(await run({ ...named, 'policy.yaml': TWO.replace('two', 'two, if: { environments: [prd] }') })).toBe(2);
  expect(said()).toBe('policy.yaml:1:43: There is no environment `prd`; did you mean `prod`?');
});

it('judges by the organisation’s policy only where there is no other', async () => {
  const none = { '.lockkeeper.yaml': CONFIGURATION, 'elsewhere.yaml': TWO };
  expect(await run(none)).toBe(1);
  expect(await run(none, 'elsewhere.yaml')).toBe(0);
  const own = { '.lockkeeper.yaml': `${CONFIGURATION}policy: { rules: [{ name: own, require: { approvals: 1 } }] }\n` };
  expect(await run(own, 'elsewhere.yaml')).toBe(1);
  lines = [];
  expect(await run(none, 'nowhere.yaml')).toBe(2);
  expect(said()).toBe('nowhere.yaml:1:1: There is no such file.');
});
