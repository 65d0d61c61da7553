/** The merge queue: what the forge refuses comes to rest and is said, and nobody stands in the way of the others. */
import { expect } from 'vitest';
import { ownMergeTrailers } from '../../src/app/branch/own-merge.js';
import { gatherRepository } from '../../src/app/pull-request/gather-repository.js';
import type { Seed } from '../../src/simulator/seed.js';
import { story, type World } from './world.js';

/** The forge itself wants an approval that the policy does not ask for. */
function forgeWantsApproval(seed: Seed): Seed {
  const repositories = (seed.repositories ?? []).map((each) => ({
    ...each,
    protections: (each.protections ?? []).map((protection) => ({ ...protection, requiredApprovals: 1 })),
  }));
  return { ...seed, repositories };
}

story(
  'rests when the forge itself refuses a merge, says so, and tries again once something has changed',
  async (world) => {
    const { people } = world;
    await world.bump({ image: 'ghcr.io/acme/api', tag: '1.1.0' });
    await world.settle();
    await people.ci('lockkeeper/bump/dev');
    await world.settle();
    expect(await world.sticky(1)).toContain('the forge does not allow the merge');
    const before = await people.pullRequest(1);
    await world.sweep();
    expect(await people.pullRequest(1)).toEqual(before);
    await people.review('alice', 1);
    await world.settle();
    expect((await people.pullRequest(1)).state).toBe('merged');
    await world.sticky(1);
  },
  { change: forgeWantsApproval },
);

/** A change in dev that bob has approved. */
async function openChange(world: World, app: string): Promise<number> {
  const { people } = world;
  const path = `apps/${app}/envs/dev/settings.yaml`;
  const text = (await people.file(path)) ?? '';
  await people.push('alice', app, { start: 'main', files: { [path]: text.replace('debug', 'info') } });
  const number = await people.open('alice', { title: `Log less of ${app}`, head: app });
  await people.ci(app, 'pending');
  await world.settle();
  await people.review('bob', number);
  await world.settle();
  await people.comment('alice', number, world.merge);
  await world.settle();
  expect((await world.readNew(number)).at(-1)).toContain('It is in the merge queue and waits for');
  return number;
}

/** Of the newest commit of the branch: what the bot signed when it merged. */
async function signedWords({ app, kind }: World): Promise<readonly string[] | null> {
  const reading = await gatherRepository(app, { forge: kind, path: 'acme/config' });
  if (reading.kind !== 'configured') throw new Error(reading.kind);
  const [commit] = await reading.mirror.log({
    from: null,
    to: reading.tip,
    paths: [],
    limit: 1,
    walk: 'first-parents',
  });
  return commit === undefined ? null : ownMergeTrailers(app, reading.repository, commit);
}

story('merges what is ready while what stands before it in the queue can’t be read', async (world) => {
  const { people } = world;
  const first = await openChange(world, 'api');
  const second = await openChange(world, 'web');
  const path = world.kind === 'github' ? `*/pulls/${first}/reviews` : `*/merge_requests/${first}/approvals`;
  await people.fault({ method: 'GET', path, times: 1000, effect: { kind: 'status', status: 500 } });
  await people.ci('api');
  await people.ci('web');
  await world.settle();
  const states = [(await people.pullRequest(first)).state, (await people.pullRequest(second)).state];
  expect(states).toEqual(['open', 'merged']);
  expect(await signedWords(world)).toContain('Lockkeeper-Approved-By: bob');
  await world.sticky(first);
  await world.sticky(second);
});
