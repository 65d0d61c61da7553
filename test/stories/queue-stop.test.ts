/** A merge that is not what was planned stops the queue, until somebody has looked. */
import { expect } from 'vitest';
import type { PullRequests } from '../../src/ports/pull-requests.js';
import { DEV_IS_FREE, openConfigMap } from './config-map-change.js';
import { story, type World } from './world.js';

/** Somebody acts in the very moment between the bot's last look and its merge. */
function meanwhile(world: World, act: () => Promise<void>): void {
  let acted = false;
  world.interpose((forge) => {
    const merge = async (...request: Parameters<PullRequests['merge']>) => {
      if (!acted) {
        acted = true;
        await act();
      }
      return forge.pullRequests.merge(...request);
    };
    return { ...forge, pullRequests: Object.create(forge.pullRequests, { merge: { value: merge } }) as PullRequests };
  });
}

story(
  'stops the queue when what was merged is not what was planned, says so, and goes on after /retry',
  async (world) => {
    const { people } = world;
    const one = await openConfigMap(world, 'api', 'settings');
    const other = await openConfigMap(world, 'api', 'deployment');
    const next = await openConfigMap(world, 'web', 'settings');
    meanwhile(world, () => people.merge('carol', other));
    await people.comment('alice', one, world.merge);
    await world.settle();
    expect((await people.pullRequest(one)).state).toBe('merged');
    expect((await people.branches()).map(({ name }) => name)).toContain('lockkeeper/stopped/main');
    expect(world.log.lines.splice(0).filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'The merged tree is not the planned one: the merge queue of this branch is stopped' },
    ]);

    await people.comment('alice', next, world.merge);
    await world.settle();
    expect((await people.pullRequest(next)).state).toBe('open');
    expect((await world.readNew(next)).at(-1)).toMatch(/in the merge queue and ready.*\n\n.*is stopped/);
    expect(await world.sticky(next)).toMatch(new RegExp(`What became of the branch with the merge of [#!]${one}`));
    await world.forgetEverything();
    await world.recover();
    expect((await people.pullRequest(next)).state).toBe('open');

    await people.comment('alice', next, '/retry');
    await world.settle();
    expect((await world.readNew(next)).at(-1)).toContain('the merge queue of this branch goes on');
    expect((await people.pullRequest(next)).state).toBe('merged');
    for (const number of [one, other, next]) {
      await world.sticky(number);
      await world.readNew(number);
    }
  },
  { files: { '.lockkeeper.yaml': DEV_IS_FREE } },
);
