/** The main job: a version goes from dev to prod. */
import { expect } from 'vitest';
import { countRequests } from '../contract/count-requests.js';
import { story } from './world.js';

/** Of the bot to the forge, its API and git: about 470 of a whole release, and somewhat more where plans take their time. */
const MOST_REQUESTS = 530;

story('carries 1.1.0 from a bump in dev to prod', async (world) => {
  const { people } = world;
  const requests = countRequests(world.simulator.url);
  const accepted = await world.bump({ image: 'ghcr.io/acme/api', tag: '1.1.0' });
  expect(accepted.status).toBe(202);
  await world.settle();

  const bump = await people.pullRequest(1);
  expect(bump.title).toBe('Bump api to 1.1.0 in dev');
  expect(await world.sticky(1)).toContain('**api in dev**: image 1.0.0 → 1.1.0');
  expect(bump.checks).toContainEqual(expect.objectContaining({ name: 'lockkeeper/plan', state: 'success' }));
  expect(await people.version('api', 'dev')).toBe('1.0.0');

  await people.ci(bump.head.branch);
  await world.settle();
  expect((await people.pullRequest(1)).state).toBe('merged');
  expect(await people.version('api', 'dev')).toBe('1.1.0');
  expect(await people.pullRequests()).toHaveLength(1);

  await people.ci('main');
  await world.settle();
  const toTest = await people.pullRequest(2);
  expect(toTest.title).toBe('Promote api 1.0.0 → 1.1.0 to test');
  await people.ci(toTest.head.branch);
  await world.settle();
  expect((await people.pullRequest(2)).state).toBe('merged');
  expect(await people.version('api', 'test')).toBe('1.1.0');
  expect(await world.sticky(2)).toContain('Merged.');

  await people.ci('main');
  await world.settle();
  expect(await people.pullRequests()).toHaveLength(2);
  await people.comment('carol', 2, '/promote prod');
  await world.settle();
  expect(await world.readNew(2)).toEqual([expect.stringContaining('Refused: you are not among those who may')]);
  await people.comment('alice', 2, '/promote prod');
  await world.settle();
  expect(await world.readNew(2)).toEqual([expect.stringContaining('api to prod: opened')]);

  const toProd = await people.pullRequest(3);
  expect(toProd.title).toBe('Promote api 1.0.0 → 1.1.0 to prod');
  await people.ci(toProd.head.branch);
  await world.settle();
  await people.comment('alice', 3, world.merge);
  await world.settle();
  expect(await world.readNew(3)).toEqual([
    expect.stringContaining('### Plan'),
    expect.stringContaining('2 of 2 approvals missing'),
  ]);
  await people.review('alice', 3);
  await people.review('bob', 3);
  await people.comment('alice', 3, world.merge);
  await world.settle();
  expect(await world.readNew(3)).toEqual([expect.stringContaining('It is in the merge queue')]);
  expect((await people.pullRequest(3)).state).toBe('merged');
  expect(await people.version('api', 'prod')).toBe('1.1.0');
  expect(requests.end()).toBeLessThan(MOST_REQUESTS);
});
