/** What is made ahead of its turn: plans of what waits, and the checks of the batch after the one that runs. Nothing is merged on it. */
import { expect } from 'vitest';
import type { Renderer } from '../../src/ports/renderer.js';
import { DEV_IS_FREE } from './config-map-change.js';
import { openQueued, statesOf } from './queued-change.js';
import { story, type World } from './world.js';

const CONFIGURATION = `${DEV_IS_FREE}queue: { parallel: off, verify: batch, speculate: checks }
`;
const [BATCH, AHEAD] = ['lockkeeper/queue/main', 'lockkeeper/queue/main+1'];

/** A change of one file of api in dev, made on what main was at first, that waits in the queue for its checks. */
function queued(world: World, file: string, start: string): Promise<number> {
  return openQueued(world, { app: 'api', file, branch: file, start });
}

/** Counts what tools are asked to render from now on. */
function countRenderings(world: World): { count: number } {
  const counted = { count: 0 };
  const all = world.app.renderers.all.map(
    (renderer) =>
      Object.create(renderer, {
        render: {
          value: (...asked: Parameters<Renderer['render']>) => {
            counted.count += 1;
            return renderer.render(...asked);
          },
        },
      }) as Renderer,
  );
  Object.assign(world.app.renderers, { all });
  return counted;
}

async function names(world: World): Promise<readonly string[]> {
  return (await world.people.branches()).map(({ name }) => name).filter((name) => name.startsWith('lockkeeper/'));
}

story(
  'plans and verifies ahead what comes next, merges nothing on a presumption, and throws away what turns out otherwise',
  async (world) => {
    const { people } = world;
    const first = (await people.branches()).find(({ name }) => name === 'main')?.sha ?? '';
    const one = await queued(world, 'settings', first);
    const two = await queued(world, 'replicas', first);
    await people.ci('replicas');
    await world.settle();
    expect(await world.sticky(two)).toMatch(new RegExp(`waits for [#!]${one}`));
    const renderings = countRenderings(world);
    await people.ci('settings');
    await world.settle();
    // Its plan on what the first one left has only to be put together.
    expect(renderings.count).toBe(0);
    expect(await statesOf(world, [one, two])).toEqual(['merged', 'open']);

    const [three, four, five] = [
      await queued(world, 'service', first),
      await queued(world, 'deployment', first),
      await queued(world, 'extra', first),
    ];
    for (const branch of ['service', 'deployment', 'extra']) await people.ci(branch);
    await world.settle();
    expect(await names(world)).toEqual([BATCH, AHEAD]);
    expect(await world.sticky(three)).toMatch(new RegExp(`[#!]${two} is merged before it\\. Meanwhile the checks of`));
    expect(await people.file('apps/api/envs/dev/service.yaml', AHEAD)).toContain('# service');
    expect(await people.file('apps/api/envs/dev/replicas.yaml', AHEAD)).toContain('# replicas');
    await people.ci(AHEAD);
    await world.settle();
    expect(await statesOf(world, [two, three])).toEqual(['open', 'open']);
    await people.ci(BATCH);
    await world.settle();
    expect(await statesOf(world, [two, three, four])).toEqual(['merged', 'merged', 'open']);

    // The fourth runs, the fifth ahead of it, on whichever of the two was free: green there, but the fourth fails.
    expect(await names(world)).toEqual([BATCH, AHEAD]);
    const holdsFifth = (await people.file('apps/api/envs/dev/extra.yaml', BATCH)) === '# extra\n';
    const [runs, ahead] = holdsFifth ? [AHEAD, BATCH] : [BATCH, AHEAD];
    expect(await people.file('apps/api/envs/dev/deployment.yaml', ahead)).toContain('# deployment');
    expect(await people.file('apps/api/envs/dev/extra.yaml', runs)).toBeNull();
    await people.ci(ahead);
    await people.ci(runs, 'failure');
    await world.settle();
    expect(await statesOf(world, [four, five])).toEqual(['open', 'open']);
    expect(await world.sticky(four)).toContain('It left the merge queue: required checks fail once it is merged');
    const [left, ...others] = await names(world);
    expect([others, await people.file('apps/api/envs/dev/extra.yaml', left)]).toEqual([[], '# extra\n']);
    expect(await people.file('apps/api/envs/dev/deployment.yaml', left)).not.toContain('# deployment');
    await people.ci(left ?? '');
    await world.settle();
    expect(await statesOf(world, [five])).toEqual(['merged']);
    expect(await names(world)).toEqual([]);
    for (const number of [one, two, three, five]) await world.sticky(number);
  },
  { files: { '.lockkeeper.yaml': CONFIGURATION } },
);
