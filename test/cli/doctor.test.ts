/** `lockkeeper doctor` against both forges' APIs. */
import { afterEach, expect, it } from 'vitest';
import { doctor } from '../../src/cli/doctor/doctor.js';
import { demoSeed } from '../../src/simulator/demo-seed.js';
import type { Seed } from '../../src/simulator/seed.js';
import { startSimulator, type Simulator } from '../../src/simulator/start-simulator.js';

let simulator: Simulator | null = null;
afterEach(async () => {
  await simulator?.close();
  simulator = null;
  policyRepository = [];
});

type SeedRepository = NonNullable<Seed['repositories']>[number];
/** Besides the demo's. */
let policyRepository: readonly SeedRepository[] = [];
const [TOKEN, SECRET] = ['lockkeeper-token', 'a-secret-of-a-test'];
const PATH = process.env['PATH'] ?? '';

async function ask(
  forge: 'github' | 'gitlab',
  change: (repository: SeedRepository) => SeedRepository = (repository) => repository,
  repository: string | null = null,
  more: Readonly<Record<string, string>> = {},
): Promise<{ status: number; text: string }> {
  const seed = demoSeed(forge);
  const repositories = [...(seed.repositories ?? []).map(change), ...policyRepository];
  simulator = await startSimulator({ forge, seed: { ...seed, repositories }, deliver: 'stepped' });
  const lines: string[] = [];
  const status = await doctor(
    { repository, print: (line) => lines.push(line) },
    forge === 'github'
      ? { ...more, GITHUB_TOKEN: TOKEN, WEBHOOK_SECRET: SECRET, GITHUB_API_URL: simulator.apiUrl }
      : { ...more, GITLAB_URL: simulator.url, GITLAB_TOKEN: TOKEN, GITLAB_WEBHOOK_SECRET: SECRET },
  );
  return { status, text: lines.join('\n') };
}

const asAdministrator = (repository: SeedRepository): SeedRepository => ({
  ...repository,
  collaborators: { ...repository.collaborators, lockkeeper: 'admin' },
});

it('says on GitHub what it could not read, and what is required', async () => {
  const { status, text } = await ask('github');
  expect(text).toContain('[ok]     lockkeeper/plan is required on main.');
  expect(text).toContain('[?]      It could not be read whether force pushes are allowed');
  expect(text).toContain('[ok]     The bot has the permissions that it needs.');
  // A script must be able to tell it from safe, and from unsafe.
  expect(status).toBe(3);
});

it('names on GitHub the checks that are not required and the setting to change', async () => {
  const { status, text } = await ask('github', (repository) => ({ ...asAdministrator(repository), protections: [] }));
  expect(text).toContain('[UNSAFE] lockkeeper/policy is not required on main');
  expect(text).toContain('add lockkeeper/policy.');
  expect(text).toContain('[UNSAFE] Force pushes to main are allowed');
  expect(text).toContain('[UNSAFE] Whoever may write can push to main past the policy.');
  expect(status).toBe(1);
});

it('reads classic protection as an administrator', async () => {
  const { text } = await ask('github', asAdministrator);
  expect(text).toContain('[ok]     Nobody can force-push to main.');
  expect(text).toContain('[ok]     Nobody can delete main.');
});

const told = (repository: SeedRepository): SeedRepository => ({
  ...repository,
  webhooks: [{ url: 'http://127.0.0.1:1/api/gitlab/webhooks' }],
});

it('finds the demo’s project on GitLab safe', async () => {
  const { status, text } = await ask('gitlab', told);
  expect(text).toContain('[ok]     Pipelines must succeed');
  expect(text).toContain('[ok]     Only pull requests change main.');
  expect(status).toBe(0);
});

it('names on GitLab what is open', async () => {
  const { status, text } = await ask('gitlab', (repository) => ({ ...repository, protections: [], settings: {} }));
  expect(text).toContain('[UNSAFE] Merge requests can be merged by hand');
  expect(text).toContain('tick “Pipelines must succeed”');
  expect(text).toContain('[UNSAFE] main can be deleted.');
  expect(status).toBe(1);
});

it('names on GitLab what the bot lacks', async () => {
  const { status, text } = await ask('gitlab', (repository) => ({
    ...repository,
    collaborators: { ...repository.collaborators, lockkeeper: 'triage' },
  }));
  expect(text).toContain('[UNSAFE] The bot lacks permissions: role: Developer.');
  expect(text).toContain('Manage > Members: make the bot a Developer or more');
  expect(text).toContain('[?]      It could not be read which webhooks the bot gets');
  expect(status).toBe(1);
});

const POLICY = 'rules: [{ name: one of the writers, require: { approvals: 1 } }]\n';

it.each([
  ['github', { 'policy.yaml': POLICY }, 3, '[ok]     policy.yaml can be read, and is valid: 1 rule.'],
  ['gitlab', { 'policy.yaml': POLICY }, 0, '[ok]     policy.yaml can be read, and is valid: 1 rule.'],
  ['gitlab', { 'policy.yaml': 'rules: 7\n' }, 1, '[UNSAFE] The policy can’t be used: it is broken in acme/policy: '],
  ['gitlab', null, 1, '[UNSAFE] The policy can’t be used: the bot has no access to acme/policy.'],
] as const)('on %s reads the policy of the organisation as the bot does: %j', async (forge, files, status, words) => {
  policyRepository =
    files === null ? [] : [{ name: 'acme/policy', files, collaborators: { lockkeeper: 'read' as const } }];
  // Where the bot may only read it, GitLab does not list it among the bot's projects.
  const { status: ended, text } = await ask(forge, forge === 'gitlab' ? told : undefined, 'acme/config', {
    POLICY_REPOSITORY: 'acme/policy',
    PATH,
  });
  expect(text).toContain('acme/policy, the policy of the organisation (POLICY_REPOSITORY)\n');
  expect(text).toContain(words);
  expect(text.includes('POLICY_REPOSITORY=acme/policy from the settings')).toBe(status === 1);
  expect(ended).toBe(status);
});

it('could not ask a forge that is away, which is neither safe nor unsafe', async () => {
  const lines: string[] = [];
  const status = await doctor(
    { repository: null, print: (line) => lines.push(line) },
    { GITHUB_TOKEN: TOKEN, WEBHOOK_SECRET: SECRET, GITHUB_API_URL: 'http://127.0.0.1:1' },
  );
  expect([status, lines]).toEqual([3, [expect.stringContaining('could not')]]);
});

it('says which repository it was not given, and what is wrong with the settings', async () => {
  const { status, text } = await ask('gitlab', undefined, 'acme/other');
  expect([status, text]).toEqual([1, 'The bot was not given acme/other.']);
  const lines: string[] = [];
  expect(await doctor({ repository: null, print: (line) => lines.push(line) }, {})).toBe(2);
  expect(lines.join('\n')).toContain('No forge is set.');
});
