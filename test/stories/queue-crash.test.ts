/** The bot dies right after the forge has merged, before it has read back what became of it: whoever starts next does it. */
import { expect } from 'vitest';
import { Unavailable } from '../../src/core/problem.js';
import type { Forge } from '../../src/ports/forge.js';
import type { PullRequests } from '../../src/ports/pull-requests.js';
import { DEV_IS_FREE, openConfigMap } from './config-map-change.js';
import { story, type World } from './world.js';

/** `before`: in the moment before the forge merges. After it has merged, this process can do nothing more. */
function dieAfterMerging(world: World, before: () => Promise<void>): void {
  const gone = (): Promise<never> => Promise.reject(new Unavailable('the process is gone'));
  const silent = new Proxy({}, { get: () => gone });
  const dead: Forge = new Proxy({} as Forge, { get: (_, name) => (name === 'afresh' ? () => dead : silent) });
  world.interpose((forge) => {
    const merge = async (...request: Parameters<PullRequests['merge']>) => {
      await before();
      await forge.pullRequests.merge(...request);
      Object.assign(world.app.forges, { [world.kind]: dead });
      return gone();
    };
    return { ...forge, pullRequests: Object.create(forge.pullRequests, { merge: { value: merge } }) as PullRequests };
  });
}

/** Another process, with nothing but the forge, or with the old one's cache beside. */
async function startAgain(world: World, store: 'lost' | 'kept'): Promise<void> {
  const { cache } = world.app;
  await world.forgetEverything();
  if (store === 'kept') Object.assign(world.app, { cache });
  world.log.lines.splice(0);
  await world.recover();
}

async function readAll(world: World): Promise<void> {
  for (const { number } of await world.people.pullRequests()) {
    await world.sticky(number);
    await world.readNew(number);
  }
}

function told(world: World, text: string): number {
  return world.log.lines.filter(({ message }) => message === text).length;
}

const AS_PLANNED = 'The merged tree is the planned one';
const DIFFERS = 'The merged tree is not the planned one: the merge queue of this branch is stopped';

for (const [method, store] of [
  ['squash', 'lost'],
  ['rebase', 'kept'],
] as const)
  story(
    `compares a merge that the process died of, before anything else is merged: ${method}, its store ${store}`,
    async (world) => {
      const { people } = world;
      const numbers = {
        as: await openConfigMap(world, 'web', 'settings'),
        differs: await openConfigMap(world, 'api', 'settings'),
      };
      const other = await openConfigMap(world, 'api', 'deployment');
      const next = await openConfigMap(world, 'web', 'deployment');

      dieAfterMerging(world, async () => {});
      await people.comment('alice', numbers.as, world.merge);
      await world.settle();
      expect((await people.pullRequest(numbers.as)).state).toBe('merged');
      expect(told(world, AS_PLANNED)).toBe(0);
      await startAgain(world, store);
      expect(told(world, AS_PLANNED)).toBe(1);
      await world.sweep();
      expect(told(world, AS_PLANNED)).toBe(1);

      // Somebody changes what it rests on in the very moment, so that what is merged was never planned. GitLab fast-forwards nothing then.
      if (world.kind === 'gitlab' && method === 'rebase') return readAll(world);
      const meanwhile = `/_simulator/repositories/acme/config/pull-requests/${other}/merge`;
      dieAfterMerging(world, async () => void (await people.call('POST', meanwhile, { actor: 'carol', method })));
      await people.comment('alice', numbers.differs, world.merge);
      await world.settle();
      await people.comment('alice', next, world.merge);
      await startAgain(world, store);
      expect(world.log.lines.splice(0).filter(({ level }) => level === 'error')).toMatchObject([{ message: DIFFERS }]);
      expect((await people.branches()).map(({ name }) => name)).toContain('lockkeeper/stopped/main');
      expect((await people.pullRequest(next)).state).toBe('open');
      expect(await world.sticky(next)).toMatch(new RegExp(`the merge of [#!]${numbers.differs}`));

      await people.comment('alice', next, '/retry');
      await world.settle();
      expect((await people.pullRequest(next)).state).toBe('merged');
      await readAll(world);
    },
    {
      files: { '.lockkeeper.yaml': `${DEV_IS_FREE}queue: { method: ${method} }\n` },
      change: (seed) => ({
        ...seed,
        repositories: (seed.repositories ?? []).map((each) =>
          method === 'rebase' ? { ...each, settings: { ...each.settings, mergeMethods: ['rebase' as const] } } : each,
        ),
      }),
    },
  );
