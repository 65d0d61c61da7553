/** Going back: promotions of an earlier version, and rollbacks. */
import { expect } from 'vitest';
import { story, type World } from './world.js';

async function putIntoDev(world: World, version: string): Promise<void> {
  await world.bump({ image: 'ghcr.io/acme/api', tag: version });
  await world.settle();
  await world.people.ci('lockkeeper/bump/dev');
  await world.settle();
  await world.people.ci('main');
  await world.settle();
}

story('promotes an earlier version when asked to, and rolls back', async (world) => {
  const { people } = world;
  const title = async (number: number): Promise<string> => (await people.pullRequest(number)).title;
  const openOnes = async () => (await people.pullRequests()).filter((pull) => pull.state === 'open');
  await putIntoDev(world, '1.1.0');
  await putIntoDev(world, '1.2.0');
  const [promotion] = await openOnes();
  const number = promotion?.number ?? 0;
  expect(await title(number)).toBe('Promote api 1.0.0 → 1.2.0 to test');
  await people.comment('alice', 1, '/promote test api --version 9.9.9\n/promote test api --version v1.1.0');
  await world.settle();
  expect(await world.readNew(1)).toEqual([
    expect.stringContaining('### Plan'),
    expect.stringMatching(/api has not had the version 9\.9\.9 in dev lately.*brought .* up to date/s),
  ]);
  expect(await title(number)).toBe('Promote api 1.0.0 → 1.1.0 to test');
  await world.sweep();
  expect(await title(number)).toBe('Promote api 1.0.0 → 1.1.0 to test');

  await people.comment('alice', 1, '/rollback dev to 0.0.9\n/rollback dev nope\n/rollback dev');
  await world.settle();
  const rollback = (await openOnes()).find((pull) => pull.number !== number)?.number ?? 0;
  expect(await title(rollback)).toBe('Roll back api 1.2.0 → 1.1.0 in dev');
  expect(await world.readNew(1)).toEqual([
    expect.stringMatching(
      /`0\.0\.9` is neither a commit.*no application `nope` in dev.*rolls api in dev back from `1\.2\.0` to `1\.1\.0`/s,
    ),
  ]);
  await people.comment('alice', rollback, '/rollback dev api to 1.0.0\n/rollback dev api to 1.2.0');
  await world.settle();
  expect(await title(rollback)).toBe('Roll back api 1.2.0 → 1.0.0 in dev');
  expect((await world.readNew(rollback)).at(-1)).toContain('holds the same already');
  await people.ci('lockkeeper/rollback/dev/api');
  await people.review('bob', rollback);
  await people.comment('alice', rollback, world.merge);
  await world.settle();
  await world.readNew(rollback);
  expect((await people.pullRequest(rollback)).state).toBe('merged');
  expect(await people.version('api', 'dev')).toBe('1.0.0');
  for (const pull of await people.pullRequests()) await world.sticky(pull.number);
});
