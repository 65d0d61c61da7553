/** `lockkeeper doctor` on GitHub: what rulesets guard, who passes them by, and what an App was granted. */
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { doctor } from '../../src/cli/doctor/doctor.js';
import { demoSeed } from '../../src/simulator/demo-seed.js';
import type { NewRuleset, RulesetRule } from '../../src/simulator/forge/rulesets.js';
import type { SeedApp } from '../../src/simulator/seed.js';
import { startSimulator, type Simulator } from '../../src/simulator/start-simulator.js';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const APP = 7;

let simulator: Simulator | null = null;
afterEach(async () => {
  await simulator?.close();
  simulator = null;
});

interface Given {
  readonly rulesets: readonly NewRuleset[];
  /** As the App, or with the token of an administrator. */
  readonly as: 'app' | 'administrator';
  readonly app?: Partial<SeedApp>;
}

async function ask({ rulesets, as, app }: Given): Promise<{ status: number; lines: readonly string[] }> {
  const seed = demoSeed('github', {
    app: { id: APP, slug: 'lockkeeper', publicKey, installations: [{ id: 70, account: 'acme' }], ...app },
  });
  const repositories = (seed.repositories ?? []).map((repository) => ({
    ...repository,
    protections: [],
    rulesets,
    collaborators: { ...repository.collaborators, erin: 'admin' as const },
  }));
  const users = [...(seed.users ?? []), { login: 'erin' }];
  simulator = await startSimulator({ forge: 'github', seed: { ...seed, users, repositories }, deliver: 'stepped' });
  const lines: string[] = [];
  const account = as === 'app' ? { APP_ID: String(APP), PRIVATE_KEY: privateKey } : { GITHUB_TOKEN: 'erin-token' };
  const settings = { WEBHOOK_SECRET: 'a-secret-of-a-test', GITHUB_API_URL: simulator.apiUrl };
  const request = {
    repository: null,
    print: (line: string) => lines.push(line.replace(/^ +\[(\S+)\] +/, '$1: ').trim()),
  };
  return { status: await doctor(request, { ...account, ...settings }), lines };
}

const checks = (app?: number): RulesetRule => ({
  type: 'required_status_checks',
  checks: ['lockkeeper/plan', 'lockkeeper/policy'].map((context) => ({
    context,
    ...(app === undefined ? {} : { app }),
  })),
});
const GUARDED: readonly RulesetRule[] = [{ type: 'pull_request' }, { type: 'non_fast_forward' }, { type: 'deletion' }];
const unsafe = (lines: readonly string[]): readonly string[] => lines.filter((line) => line.startsWith('UNSAFE'));

it('finds rulesets safe that guard everything, and says what only administrators see', async () => {
  const rulesets = [
    { name: 'main', rules: [...GUARDED, checks(APP)] },
    { name: 'of another branch', include: ['refs/heads/next'], rules: [{ type: 'merge_queue' }] },
  ] as const;
  const asApp = await ask({ rulesets, as: 'app' });
  expect([asApp.status, unsafe(asApp.lines)]).toEqual([3, []]);
  expect(asApp.lines).toEqual([
    'acme/config, branch main',
    'ok: lockkeeper/plan is required on main.',
    'ok: lockkeeper/policy is required on main.',
    'ok: Only pull requests change main.',
    'ok: Nobody can force-push to main.',
    'ok: Nobody can delete main.',
    expect.stringMatching(/^\?: It could not be read who may bypass the rules/),
    'ok: Only the bot can report the required lockkeeper checks.',
    expect.stringMatching(/^note: Branches need not be up to date/),
    'ok: The bot has the permissions that it needs.',
    'ok: The bot gets the webhooks that it acts on.',
  ]);
});

it('names who passes rulesets by, and takes none that is not in force for one that is', async () => {
  const bypass = [
    { actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' },
    { actor_id: 1, actor_type: 'OrganizationAdmin', bypass_mode: 'pull_request' },
    { actor_id: 42, actor_type: 'Team', bypass_mode: 'always' },
    { actor_id: null, actor_type: 'DeployKey', bypass_mode: 'always' },
  ] as const;
  const { status, lines } = await ask({
    as: 'administrator',
    rulesets: [
      { name: 'checks', rules: [{ ...checks(), strict: true } as RulesetRule], bypass },
      { name: 'trial', enforcement: 'evaluate', rules: GUARDED },
      { name: 'queue', source: 'Organization', rules: [{ type: 'merge_queue' }] },
    ],
  });
  expect(status).toBe(1);
  expect(unsafe(lines)).toEqual([
    'UNSAFE: Whoever may write can push to main past the policy.',
    'UNSAFE: Force pushes to main are allowed: what was approved and merged can be taken back unseen.',
    'UNSAFE: main can be deleted.',
    'UNSAFE: These can bypass the rules: administrators of the repository (ruleset “checks”), owners of the organisation, by pull requests only (ruleset “checks”), the team 42 (ruleset “checks”), deploy keys (ruleset “checks”).',
  ]);
  expect(lines.filter((line) => line.startsWith('note'))).toEqual([
    expect.stringContaining('statuses are bound to nobody'),
    expect.stringContaining('the queue updates the entry at its head'),
    expect.stringContaining('requires GitHub’s merge queue'),
  ]);
  expect(lines.filter((line) => line.includes('“Require a pull request before merging”'))).toHaveLength(1);
});

it('names what an App lacks, and checks that anybody may report', async () => {
  const { status, lines } = await ask({
    as: 'app',
    rulesets: [{ name: 'main', rules: [...GUARDED, checks()] }],
    app: {
      permissions: { metadata: 'read', contents: 'read', pull_requests: 'write', issues: 'write', checks: 'write' },
      events: ['push', 'pull_request'],
    },
  });
  expect(status).toBe(1);
  expect(unsafe(lines)).toEqual([
    'UNSAFE: Whoever may write can report the required lockkeeper checks in the bot’s place.',
    'UNSAFE: The bot lacks permissions: contents: write, statuses: read, members: read, merge_queues: read.',
    'UNSAFE: The bot is not told of: pull_request_review, issue_comment, status, check_run, check_suite, merge_group. It notices such things only when it sweeps.',
  ]);
  expect(lines.join('\n')).toContain('add it again with the App as its source.');
  expect(lines.join('\n')).toContain('Settings of the App > Permissions & events: grant them, then accept them');
});
