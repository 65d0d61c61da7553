/** Promotions: one for each target, holding exactly what travels, when the gates say so. */
import { expect } from 'vitest';
import { story, type World } from './world.js';

async function putIntoDev(world: World, version: string): Promise<void> {
  await world.bump({ image: 'ghcr.io/acme/api', tag: version });
  await world.settle();
  await world.people.ci('lockkeeper/bump/dev');
  await world.settle();
}

story('waits for the gates, and says so when asked', async (world) => {
  const { people } = world;
  await putIntoDev(world, '1.1.0');
  await people.comment('alice', 1, '/promote test');
  await world.settle();
  expect(await world.readNew(1)).toEqual([
    expect.stringContaining('### Plan'),
    expect.stringMatching(/none was reported yet|is still running/),
  ]);
  await people.ci('main', 'failure');
  await people.comment('alice', 1, '/why');
  await world.settle();
  expect(await world.readNew(1)).toEqual([expect.stringContaining('`ci/build` failed')]);
  expect(await people.pullRequests()).toHaveLength(1);
});

story('carries what is newest in the one pull request of the target', async (world) => {
  const { people } = world;
  await putIntoDev(world, '1.1.0');
  await people.ci('main');
  await world.settle();
  await putIntoDev(world, '1.2.0');
  await people.ci('main');
  await world.settle();
  const open = (await people.pullRequests()).filter((pull) => pull.state === 'open');
  expect(open.map((pull) => pull.title)).toEqual(['Promote api 1.0.0 → 1.2.0 to test']);
  for (const pull of await people.pullRequests()) await world.sticky(pull.number);
});

story('leaves a promotion alone once people have pushed to it', async (world) => {
  const { people } = world;
  await putIntoDev(world, '1.1.0');
  await people.ci('main');
  await world.settle();
  const theirs = await people.push('bob', 'lockkeeper/promote/test/api', {
    files: { 'apps/api/envs/test/extra.yaml': 'kind: Extra\napiVersion: v1\nmetadata: { name: extra }\n' },
  });
  await world.settle();
  await putIntoDev(world, '1.2.0');
  await people.ci('main');
  await world.settle();
  expect((await people.pullRequest(2)).head.sha).toBe(theirs);
  for (const pull of await people.pullRequests()) await world.sticky(pull.number);
});

story('keeps what differs by environment where it is', async (world) => {
  const { people } = world;
  const before = await people.file('apps/api/envs/test/settings.yaml');
  await putIntoDev(world, '1.1.0');
  await people.ci('main');
  await world.settle();
  await people.ci('lockkeeper/promote/test/api');
  await world.settle();
  expect(await people.version('api', 'test')).toBe('1.1.0');
  expect(await people.file('apps/api/envs/test/settings.yaml')).toBe(before);
  for (const pull of await people.pullRequests()) await world.sticky(pull.number);
});
