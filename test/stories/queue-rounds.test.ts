/** The merge queue's rounds: what is disjoint goes back to back, what meets is verified together, what fails is turned out. */
import { expect } from 'vitest';
import type { Seed } from '../../src/simulator/seed.js';
import { DEV_IS_FREE } from './config-map-change.js';
import { openQueued, statesOf } from './queued-change.js';
import { story, type World } from './world.js';

const ONE_APPROVAL = DEV_IS_FREE.replace('require: none', 'require: { approvals: 1, not: [author] }');

const SETTINGS = 'apps/api/envs/dev/settings.yaml';

function configured(queue: string): { readonly files: Readonly<Record<string, string>> } {
  return { files: { '.lockkeeper.yaml': `${DEV_IS_FREE}queue: ${queue}\n` } };
}

/** A change of one file of an application in dev that waits in the queue for its checks. */
function queued(
  world: World,
  app: string,
  ...[file, approvedBy]: [file: string, approvedBy?: string]
): Promise<number> {
  const approved = approvedBy === undefined ? {} : { approvedBy };
  return openQueued(world, { app, file, branch: `${app}-${file}`, start: 'main', ...approved });
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
    expect(await world.sticky(four)).toContain('at place 4');
    for (const branch of ['api-settings', 'web-settings', 'api-replicas', 'api-service']) await people.ci(branch);
    await world.settle();
    expect(await statesOf(world, all)).toEqual(['merged', 'merged', 'open', 'open']);
    expect(await world.sticky(three)).toMatch(new RegExp(`which is the merge of [#!]${three} and [#!]${four}`));
    const batch = 'lockkeeper/queue/main';
    expect(await people.file('apps/api/envs/dev/service.yaml', batch)).toContain('# api-service');
    expect(await people.file('apps/api/envs/dev/replicas.yaml', batch)).toContain('# api-replicas');

    const failing = (await people.branches()).find(({ name }) => name === batch)?.sha ?? '';
    await people.ci(batch, 'failure');
    await world.settle();
    expect(await people.file('apps/api/envs/dev/service.yaml', batch)).not.toContain('# api-service');
    await people.ci(batch);
    await world.settle();
    expect(await statesOf(world, all)).toEqual(['merged', 'merged', 'merged', 'open']);
    expect(await world.sticky(four)).toContain('It left the merge queue: required checks fail once it is merged');
    // The commit on which they failed, not the one that passed without it.
    expect(await world.sticky(four)).toContain(`(\`ci/build\` of ${failing.slice(0, 7)} failed)`);
    expect((await people.branches()).map(({ name }) => name)).not.toContain(batch);

    // It comes to rest: a sweep finds nothing to do, and does not take it back by itself.
    await world.sweep();
    expect(await world.sticky(four)).toContain('It left the merge queue');
    for (const number of [one, two, three]) expect(await world.sticky(number)).toContain('Merged.');
  },
  configured('{ verify: batch }'),
);

story(
  'asks after the checks of a batch when none has been reported for ten minutes',
  async (world) => {
    const { people } = world;
    const one = await queued(world, 'api', 'settings');
    const two = await queued(world, 'api', 'replicas');
    for (const branch of ['api-settings', 'api-replicas']) await people.ci(branch);
    await world.settle();
    expect(await world.sticky(two)).toMatch(new RegExp(`which is the merge of [#!]${two}\\.`));
    await world.pass(9 * MINUTE);
    expect(await world.sticky(two)).not.toContain('None has been reported');
    await world.pass(MINUTE);
    expect(await world.sticky(two)).toContain('CI must run on pushes to `lockkeeper/queue/**`');
    await people.ci('lockkeeper/queue/main', 'pending');
    await world.settle();
    expect(await world.sticky(two)).not.toContain('None has been reported');
    await people.ci('lockkeeper/queue/main');
    await world.settle();
    expect(await statesOf(world, [one, two])).toEqual(['merged', 'merged']);
  },
  { ...configured('{ verify: batch }'), change: withoutPipelines },
);

/** On GitLab pushes begin none: what is reported comes from outside, as on GitHub. */
function withoutPipelines(seed: Seed): Seed {
  const repositories = (seed.repositories ?? []).map((each) => ({
    ...each,
    settings: { ...each.settings, pipelineJobs: [] },
  }));
  return { ...seed, repositories };
}

/** In ms. */
const MINUTE = 60_000;

story(
  'merges what the branch holds already without verifying it, and goes on',
  async (world) => {
    const { people } = world;
    const one = await queued(world, 'api', 'settings');
    const files = { [SETTINGS]: (await people.file(SETTINGS, 'api-settings')) ?? '' };
    await people.push('bob', 'the-same', { start: 'main', files });
    const two = await people.open('bob', { title: 'Change the same', head: 'the-same' });
    await world.settle();
    await people.comment('bob', two, world.merge);
    await world.settle();
    expect(await world.readNew(two)).toHaveLength(2);
    const three = await queued(world, 'api', 'replicas');
    for (const branch of ['api-settings', 'the-same', 'api-replicas']) await people.ci(branch);
    await world.settle();
    await people.ci('lockkeeper/queue/main');
    await world.settle();
    expect(await statesOf(world, [one, two, three])).toEqual(['merged', 'merged', 'merged']);
    for (const number of [one, two, three]) expect(await world.sticky(number)).toContain('Merged.');
  },
  configured('{ verify: batch, parallel: off }'),
);

/** GitHub: "Require branches to be up to date before merging". GitLab: "Merge commit with semi-linear history". */
function demandsUpToDate(seed: Seed): Seed {
  const repositories = (seed.repositories ?? []).map((each) => ({
    ...each,
    protections: (each.protections ?? []).map((protection) => ({ ...protection, strict: true })),
    settings: { ...each.settings, semiLinear: true },
  }));
  return { ...seed, repositories };
}

story(
  'brings only the first up to date where the forge demands it, and waits for the checks of that commit',
  async (world) => {
    const { people } = world;
    const one = await queued(world, 'api', 'settings', 'bob');
    const two = await queued(world, 'web', 'settings', 'bob');
    const three = await queued(world, 'web', 'replicas', 'bob');
    const heads = async () =>
      Promise.all([one, two, three].map(async (number) => (await people.pullRequest(number)).head.sha));
    for (const branch of ['api-settings', 'web-settings', 'web-replicas']) await people.ci(branch);
    const before = await heads();
    await world.settle();
    await whileRebasing(world);
    const after = await heads();
    expect(await statesOf(world, [one, two, three])).toEqual(['merged', 'open', 'open']);
    expect([after[1] === before[1], after[2] === before[2]]).toEqual([false, true]);
    expect(await world.sticky(two)).toContain('It waits because the required check `ci/build` has not succeeded yet');
    expect(await world.sticky(three)).toMatch(new RegExp(`waits for [#!]${two}`));
    await people.ci('web-settings');
    await world.settle();
    await whileRebasing(world);
    expect(await statesOf(world, [two, three])).toEqual(['merged', 'open']);
    await people.ci('web-replicas');
    await world.settle();
    expect(await statesOf(world, [two, three])).toEqual(['merged', 'merged']);
    for (const number of [one, two, three]) await world.sticky(number);
  },
  {
    // What somebody approved stays approved: nobody worked on it since.
    files: { '.lockkeeper.yaml': `${ONE_APPROVAL}queue: { method: squash, rebase: if-needed }\n` },
    change: demandsUpToDate,
  },
);

/** GitLab takes its time, and tells nobody where it fails: the bot looks again by itself. */
async function whileRebasing(world: World): Promise<void> {
  if (world.kind === 'gitlab') await world.pass(6000);
}

story(
  'has nothing rewritten that people pushed unless told to',
  async (world) => {
    const { people } = world;
    if (world.kind === 'github') return;
    const one = await queued(world, 'api', 'settings');
    const two = await queued(world, 'web', 'settings');
    const { head } = await people.pullRequest(two);
    for (const branch of ['api-settings', 'web-settings']) await people.ci(branch);
    await world.settle();
    expect(await statesOf(world, [one, two])).toEqual(['merged', 'open']);
    expect((await people.pullRequest(two)).head).toEqual(head);
    expect(await world.sticky(two)).toContain('It left the merge queue: it is behind the target branch');
    await world.sticky(one);
  },
  { ...configured('{ method: squash }'), change: demandsUpToDate },
);

/** A project of GitLab with the merge method *Fast-forward merge*: the head itself becomes the tip, so it has to lie on it. */
function onlyFastForwards(seed: Seed): Seed {
  const repositories = (seed.repositories ?? []).map((each) => ({
    ...each,
    settings: { ...each.settings, mergeMethods: ['rebase'] as const },
  }));
  return { ...seed, repositories };
}

story(
  'fast-forwards what lies on the tip, and has the next one rebased and its new head checked before that',
  async (world) => {
    const { people } = world;
    // GitHub has no such method: its rebase merges rebase by themselves.
    if (world.kind === 'github') return;
    const one = await queued(world, 'api', 'settings', 'bob');
    const two = await queued(world, 'web', 'settings', 'bob');
    const headOf = async (number: number) => (await people.pullRequest(number)).head.sha;
    const [first, second] = [await headOf(one), await headOf(two)];
    for (const branch of ['api-settings', 'web-settings']) await people.ci(branch);
    await world.settle();
    await whileRebasing(world);
    const tip = async () => (await people.branches()).find(({ name }) => name === 'main')?.sha;
    expect(await statesOf(world, [one, two])).toEqual(['merged', 'open']);
    expect(await tip()).toBe(first);
    const rebased = await headOf(two);
    expect(rebased).not.toBe(second);
    // The pipeline of the former head says nothing of this one.
    expect(await world.sticky(two)).toContain('It waits because the required check `ci/build` has not succeeded yet');
    await people.ci('web-settings');
    await world.settle();
    expect(await statesOf(world, [two])).toEqual(['merged']);
    expect(await tip()).toBe(rebased);
    for (const number of [one, two]) expect(await world.sticky(number)).toContain('Merged.');
  },
  {
    files: { '.lockkeeper.yaml': `${ONE_APPROVAL}queue: { method: rebase, rebase: if-needed }\n` },
    change: onlyFastForwards,
  },
);

story('judges the gates of a promotion again when its turn comes', async (world) => {
  const { people } = world;
  await world.bump({ image: 'ghcr.io/acme/api', tag: '1.1.0' });
  await world.settle();
  await people.ci('lockkeeper/bump/dev');
  await world.settle();
  await people.ci('main');
  await world.settle();
  await people.ci('main', 'failure');
  await people.ci('lockkeeper/promote/test/api');
  await world.settle();
  expect(await statesOf(world, [1, 2])).toEqual(['merged', 'open']);
  expect(await world.sticky(2)).toMatch(/waits for its gates[^]*`ci\/build` failed/);
  await people.ci('main');
  await world.settle();
  expect(await statesOf(world, [2])).toEqual(['merged']);
  for (const pull of await people.pullRequests()) await world.sticky(pull.number);
});
