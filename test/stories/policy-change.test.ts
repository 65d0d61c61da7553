/** Where the policy stands, who is asked by it, and what a change of it would have meant for what was merged. */
import { expect } from 'vitest';
import { demoFiles } from '../../src/simulator/demo-seed.js';
import type { Seed } from '../../src/simulator/seed.js';
import { story, type World } from './world.js';

const SETTINGS = 'apps/api/envs/prod/settings.yaml';
const before = demoFiles()['.lockkeeper.yaml'] ?? '';
const withPolicy = (policy: string): string => before.replace(/^policy:\n(?: .*\n)+/m, policy);

const ONE = 'rules:\n  - { name: one is enough, require: { approvals: 1 } }\n';
const TWO = `rules:
  - name: production needs two
    if: { environments: [prod] }
    require: { approvals: 2 }
  - { name: one is enough, require: { approvals: 1 } }
`;

async function open(world: World, name: string, path: string, text: string): Promise<number> {
  await world.people.push('carol', name, { start: 'main', files: { [path]: text } });
  const number = await world.people.open('carol', { title: `Change ${name}`, head: name });
  await world.settle();
  return number;
}

/** Approved by alice, green, and merged by the bot. */
async function merged(world: World, name: string, path: string, text: string): Promise<number> {
  const { people } = world;
  const number = await open(world, name, path, text);
  await people.review('alice', number);
  await people.ci(name);
  await people.comment('alice', number, world.merge);
  await world.settle();
  await world.readNew(number);
  expect((await people.pullRequest(number)).state).toBe('merged');
  return number;
}

story(
  'shows which merged pull requests a changed policy would have judged otherwise, and judges by the old one',
  async (world) => {
    const { people } = world;
    const production = await merged(
      world,
      'production',
      SETTINGS,
      `${(await people.file(SETTINGS)) ?? ''}  LEVEL: quiet\n`,
    );
    const words = await merged(world, 'words', 'README.md', 'Other words\n');

    const number = await open(world, 'two', 'rules/policy.yaml', TWO);
    const sticky = await world.sticky(number);
    expect(sticky).toContain('**one is enough** (for files of no environment): pending');
    expect(sticky).toContain('Of all 2 merged pull requests, the new policy would have judged 1 otherwise.');
    expect(sticky).toMatch(
      new RegExp(
        `- \\[${String(production)}\\]\\(\\S+\\) Change production: passed → \\*\\*pending\\*\\*, by \\*\\*production needs two\\*\\* \\(for api in prod\\): 1 of 2 approvals missing`,
      ),
    );
    expect(sticky).not.toContain(`[${String(words)}]`);

    await people.comment('bob', number, 'Why?');
    await world.settle();
    expect(await world.sticky(number)).toBe(sticky);

    // Without its memory it finds the same out from git and the forge.
    await world.forgetEverything();
    await world.sweep();
    expect(await world.sticky(number)).toBe(sticky);

    // Another policy is tried on what is known of them already: nothing that was merged is asked for again.
    const path =
      world.kind === 'github'
        ? `*/pulls/${String(production)}/reviews`
        : `*/merge_requests/${String(production)}/approvals`;
    await people.fault({ method: 'GET', path, times: 1000, effect: { kind: 'status', status: 500 } });
    await people.push('carol', 'two', { files: { 'rules/policy.yaml': TWO.replace('approvals: 2', 'approvals: 3') } });
    await world.settle();
    expect(await world.sticky(number)).toContain('2 of 3 approvals missing');

    await people.push('carol', 'two', { files: { 'rules/policy.yaml': TWO.replace('[prod]', '[prd]') } });
    await world.settle();
    expect(await world.sticky(number)).toContain('rules/policy.yaml:3:26');

    await people.push('carol', 'two', { files: { 'rules/policy.yaml': `# In words\n${ONE}` } });
    await world.settle();
    expect(await world.sticky(number)).toContain('the rules of the policy stay as they are');
  },
  { files: { '.lockkeeper.yaml': withPolicy('policy: { file: rules/policy.yaml }\n'), 'rules/policy.yaml': ONE } },
);

const withOrganisation = (seed: Seed): Seed => ({
  ...seed,
  repositories: (seed.repositories ?? []).flatMap((repository) => {
    const { webhooks: _, protections: __, ...policy } = repository;
    return [repository, { ...policy, name: 'acme/policy', files: { 'policy.yaml': TWO } }];
  }),
});

story(
  'goes by the organisation’s policy where a repository has none, and refuses while that can’t be read',
  async (world) => {
    const { people } = world;
    const number = await open(
      world,
      'production',
      SETTINGS,
      'kind: ConfigMap\napiVersion: v1\nmetadata: { name: x }\n',
    );
    expect(await world.sticky(number)).toContain('**production needs two** (for api in prod): pending');
    await people.review('alice', number);
    await people.review('bob', number);
    await world.settle();
    expect(await world.sticky(number)).toContain('The policy is satisfied');

    await people.call('POST', '/_simulator/repositories/acme/policy/commits', {
      actor: 'alice',
      branch: 'main',
      message: 'Break it',
      files: { 'policy.yaml': 'rules: []\n' },
    });
    await world.pass(60_000);
    await world.sweep();
    const sticky = await world.sticky(number);
    expect(sticky).toContain('The organisation’s policy, by which this is to be judged, could not be read');
    expect(sticky).toContain('acme/policy: policy.yaml:1:8');
    const { checks } = await people.pullRequest(number);
    expect(checks.find(({ name }) => name === 'lockkeeper/policy')).toMatchObject({
      state: expect.stringMatching(/^fail/),
    });
  },
  { files: { '.lockkeeper.yaml': withPolicy('') }, change: withOrganisation, policyRepository: 'acme/policy' },
);
