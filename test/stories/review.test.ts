/** What counts as agreement: people with write, who did not write it, about what stands there now. */
import { expect } from 'vitest';
import type { Seed } from '../../src/simulator/seed.js';
import { story, type World } from './world.js';

const SETTINGS = 'apps/api/envs/prod/settings.yaml';

async function openChange(world: World, text = 'LEVEL: quiet'): Promise<number> {
  const before = (await world.people.file(SETTINGS)) ?? '';
  await world.people.push('carol', 'quieter', { start: 'main', files: { [SETTINGS]: `${before}  ${text}\n` } });
  const number = await world.people.open('carol', { title: 'Log less in prod', head: 'quieter' });
  await world.settle();
  return number;
}

story('counts two people of SRE, and nobody else', async (world) => {
  const number = await openChange(world);
  expect(await world.sticky(number)).toContain('2 of 2 approvals missing from members of `acme/sre`');
  await world.people.review('dave', number).catch(() => undefined);
  await world.people.review('bob', number);
  await world.settle();
  expect(await world.sticky(number)).toContain('counts: `bob` approved');
  await world.people.review('alice', number);
  await world.people.ci('quieter');
  await world.settle();
  await world.people.comment('carol', number, world.merge);
  await world.settle();
  expect(await world.readNew(number)).toEqual([expect.stringContaining('In the merge queue'.slice(7))]);
  expect((await world.people.pullRequest(number)).state).toBe('merged');
  expect(await world.people.file(SETTINGS)).toContain('LEVEL: quiet');
});

story('forgets approvals when a commit is pushed', async (world) => {
  const number = await openChange(world);
  await world.people.review('alice', number);
  await world.people.review('bob', number);
  await world.settle();
  expect(await world.sticky(number)).toContain('The policy is satisfied');
  await world.people.push('carol', 'quieter', { files: { 'apps/api/envs/prod/more.yaml': 'a: 1\n' } });
  await world.settle();
  const sticky = await world.sticky(number);
  expect(sticky).toContain('The policy is waiting');
  expect(sticky).toContain('before the last push');
});

story(
  'forgets approvals when the base moves under them and the plan changes',
  async (world) => {
    const number = await openChange(world);
    await world.people.review('alice', number);
    await world.people.review('bob', number);
    await world.settle();
    expect(await world.sticky(number)).toContain('The policy is satisfied');
    await world.people.push('alice', 'main', { files: { 'README.md': 'Elsewhere\n' } });
    await world.settle();
    expect(await world.sticky(number), 'what is rendered stays the same').toContain('The policy is satisfied');
    await world.people.push('alice', 'main', { files: { 'apps/api/envs/prod/more.yaml': 'more: of it\n' } });
    await world.settle();
    const sticky = await world.sticky(number);
    expect(sticky).toContain('The policy is waiting');
    expect(sticky).toContain('before the plan changed');
    await world.people.review('alice', number, 'withdrawn');
    await world.people.review('alice', number);
    await world.people.review('bob', number, 'withdrawn');
    await world.people.review('bob', number);
    await world.settle();
    expect(await world.sticky(number)).toContain('The policy is satisfied');
  },
  { change: unprotected },
);

/** Anybody who may write may push to the default branch. */
function unprotected(seed: Seed): Seed {
  return { ...seed, repositories: (seed.repositories ?? []).map((repository) => ({ ...repository, protections: [] })) };
}

story('keeps a queued pull request waiting for its checks, and takes it out when they fail', async (world) => {
  const number = await openChange(world);
  await world.people.review('alice', number);
  await world.people.review('bob', number);
  await world.people.comment('alice', number, world.merge);
  await world.settle();
  expect(await world.readNew(number)).toEqual([
    expect.stringContaining('### Merge'),
    expect.stringContaining('waits for'),
  ]);
  expect((await world.people.pullRequest(number)).state).toBe('open');
  expect(await world.sticky(number)).toContain('In the merge queue');
  await world.people.ci('quieter', 'failure');
  await world.settle();
  expect(await world.sticky(number)).toContain('It left the merge queue: the required check `ci/build` failed');
  await world.people.ci('quieter', 'success');
  await world.settle();
  expect((await world.people.pullRequest(number)).state).toBe('open');
});

story('refuses while somebody asks for changes', async (world) => {
  if (world.kind === 'gitlab') return;
  const number = await openChange(world);
  await world.people.review('alice', number);
  await world.people.review('bob', number, 'changes-requested');
  await world.settle();
  expect(await world.sticky(number)).toContain('`bob` asked for changes');
});

story('makes its checks again when somebody presses Re-run on the forge’s page', async (world) => {
  if (world.kind === 'gitlab') return;
  const number = await openChange(world);
  const { sha } = (await world.people.pullRequest(number)).head;
  const api = `${world.simulator.apiUrl}/repos/acme/config`;
  const headers = { authorization: 'token alice-token' };
  const runs = async (): Promise<readonly { id: number; name: string; status: string; conclusion: string }[]> => {
    const answer = await fetch(`${api}/commits/${sha}/check-runs`, { headers });
    const { check_runs: found } = (await answer.json()) as { check_runs: never[] };
    return found;
  };
  const [plan, ...others] = (await runs()).filter(({ name }) => name === 'lockkeeper/plan');
  expect([plan?.conclusion, others]).toEqual(['success', []]);
  const asked = await fetch(`${api}/check-runs/${plan?.id}/rerequest`, { method: 'POST', headers });
  expect([asked.status, (await runs()).find(({ id }) => id === plan?.id)?.status]).toEqual([201, 'queued']);
  await world.settle();
  expect(await world.sticky(number)).toContain('**api in prod**: 1 ConfigMap changed');
  expect((await runs()).find(({ name }) => name === 'lockkeeper/plan')).toMatchObject({ conclusion: 'success' });
});
