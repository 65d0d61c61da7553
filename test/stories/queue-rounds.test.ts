/** The merge queue's rounds: what is disjoint goes back to back, what meets is verified together, what fails is turned out. */
import { expect } from 'vitest';
import { story, type World } from './world.js';

const CONFIGURATION = `version: 1
layout: { path: "apps/{app}/envs/{env}" }
environments: { dev: {} }
policy: { rules: [{ name: dev is free, require: none }] }
`;

function configured(queue: string): { readonly files: Readonly<Record<string, string>> } {
  return { files: { '.lockkeeper.yaml': `${CONFIGURATION}queue: ${queue}\n` } };
}

/** A change of one file of an application in dev that waits in the queue for its checks. */
async function queued(world: World, app: string, file: string): Promise<number> {
  const { people } = world;
  const branch = `${app}-${file}`;
  const path = `apps/${app}/envs/dev/${file}.yaml`;
  await people.push('alice', branch, { start: 'main', files: { [path]: `${await people.file(path)}# ${branch}\n` } });
  const number = await people.open('alice', { title: `Change ${file} of ${app}`, head: branch });
  await people.ci(branch, 'pending');
  await world.settle();
  await people.comment('alice', number, world.merge);
  await world.settle();
  expect((await world.readNew(number)).at(-1)).toContain('It is in the merge queue and waits for');
  return number;
}

async function states(world: World, numbers: readonly number[]): Promise<readonly string[]> {
  return Promise.all(numbers.map(async (number) => (await world.people.pullRequest(number)).state));
}

story(
  'merges back to back what is disjoint, verifies together what is not, and turns out the one that fails',
  async (world) => {
    const { people } = world;
    const one = await queued(world, 'api', 'settings');
    const two = await queued(world, 'web', 'settings');
    const three = await queued(world, 'api', 'replicas');
    const four = await queued(world, 'api', 'service');
    const all = [one, two, three, four];
    expect(await world.sticky(four)).toContain('at place 4 of 4');
    for (const branch of ['api-settings', 'web-settings', 'api-replicas', 'api-service']) await people.ci(branch);
    await world.settle();
    expect(await states(world, all)).toEqual(['merged', 'merged', 'open', 'open']);
    expect(await world.sticky(three)).toContain(`which is the merge of #${three} and #${four}`);
    const batch = 'lockkeeper/queue/main';
    expect(await people.file('apps/api/envs/dev/service.yaml', batch)).toContain('# api-service');
    expect(await people.file('apps/api/envs/dev/replicas.yaml', batch)).toContain('# api-replicas');

    await people.ci(batch, 'failure');
    await world.settle();
    expect(await people.file('apps/api/envs/dev/service.yaml', batch)).not.toContain('# api-service');
    await people.ci(batch);
    await world.settle();
    expect(await states(world, all)).toEqual(['merged', 'merged', 'merged', 'open']);
    expect(await world.sticky(four)).toContain('It left the merge queue: required checks fail once it is merged');
    expect((await people.branches()).map(({ name }) => name)).not.toContain(batch);

    // It comes to rest: a sweep finds nothing to do, and does not take it back by itself.
    await world.sweep();
    expect(await world.sticky(four)).toContain('It left the merge queue');
    for (const number of [one, two, three]) expect(await world.sticky(number)).toContain('Merged.');
  },
  configured('{ verify: batch }'),
);
