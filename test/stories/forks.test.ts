/** A pull request from a fork: nothing of it is rendered until somebody with write permission has looked and said so. */
import { expect } from 'vitest';
import { story, type World } from './world.js';

const SETTINGS = 'apps/api/envs/prod/settings.yaml';
const PLAN = 'lockkeeper/plan';

async function pushToFork(world: World, files: Readonly<Record<string, string>>, start?: string): Promise<void> {
  const body = {
    actor: 'dave',
    branch: 'quieter',
    message: 'Log less',
    files,
    ...(start === undefined ? {} : { start }),
  };
  await world.people.call('POST', '/_simulator/repositories/dave/config/commits', body);
}

async function planCheck(world: World, number: number): Promise<string | undefined> {
  return (await world.people.pullRequest(number)).checks.find(({ name }) => name === PLAN)?.state;
}

story('renders a fork only on a maintainer’s word, for that head only, and merges it like any other', async (world) => {
  const { people } = world;
  await people.permission('dave', 'read');
  await people.call('POST', '/_simulator/repositories/acme/config/forks', { actor: 'dave' });
  const before = (await people.file(SETTINGS)) ?? '';
  await pushToFork(world, { [SETTINGS]: `${before}  LEVEL: quiet\n` }, 'main');
  const number = await people.open('dave', {
    title: 'Log less in prod',
    head: 'quieter',
    headRepository: 'dave/config',
  });
  await world.settle();
  expect(await world.sticky(number)).toContain('This comes from a fork and has not been rendered');
  expect(await world.sticky(number)).not.toContain('LEVEL');
  expect(await planCheck(world, number)).toBe('failure');

  await people.comment('dave', number, `/plan\n/hold mine\n${world.merge}\n/freeze prod mine`);
  await world.settle();
  const [refusals = '', ...others] = await world.readNew(number);
  expect([refusals.match(/is for anyone with write permission/g)?.length, others]).toEqual([4, []]);
  expect(await world.sticky(number)).not.toContain('LEVEL');

  await people.comment('bob', number, '/plan');
  await world.settle();
  expect(await world.readNew(number)).toEqual([expect.stringContaining('fork')]);
  expect(await world.sticky(number)).toContain('LEVEL');
  expect(await planCheck(world, number)).toBe('success');

  await pushToFork(world, { [SETTINGS]: `${before}  LEVEL: silent\n` });
  await world.settle();
  expect(await world.sticky(number), 'what was pushed since was looked at by nobody').not.toContain('silent');
  expect(await planCheck(world, number)).toBe('failure');

  await people.comment('alice', number, '/plan');
  await world.settle();
  await world.readNew(number);
  expect(await world.sticky(number)).toContain('silent');
  await people.review('alice', number);
  await people.review('bob', number);
  const { head } = await people.pullRequest(number);
  await people.ci(head.sha);
  await people.comment('alice', number, world.merge);
  await world.settle();
  await world.readNew(number);
  expect((await people.pullRequest(number)).state).toBe('merged');
  expect(await people.file(SETTINGS)).toContain('LEVEL: silent');
});
