/** Image bumps at their edges: several environments for one request, closed pull requests, forged commits, branches that may not be made. */
import { expect } from 'vitest';
import { demoFiles } from '../../src/simulator/demo-seed.js';
import { story, type World } from './world.js';

function configuration(images: string): Readonly<Record<string, string>> {
  const text = demoFiles()['.lockkeeper.yaml'] ?? '';
  return { '.lockkeeper.yaml': text.replace(/images:\n.*\n/, `images:\n${images}`) };
}

const TWO_ENVIRONMENTS = configuration(
  '  - { image: ghcr.io/acme/api, app: api, into: dev }\n  - { image: ghcr.io/acme/api, app: api, into: test }\n',
);
const TWO_APPLICATIONS = configuration(
  '  - { image: ghcr.io/acme/api, app: api, into: dev }\n  - { image: ghcr.io/acme/web, app: web, into: dev }\n',
);

story(
  'says of a request that feeds two environments what became of it in each',
  async (world) => {
    await world.bump({ id: 'both', image: 'ghcr.io/acme/api', tag: '1.1.0' });
    await world.settle();
    const titles = (await world.people.pullRequests()).map((pull) => pull.title);
    expect(titles.toSorted()).toEqual(['Bump api to 1.1.0 in dev', 'Bump api to 1.1.0 in test']);
    const outcome = (await world.app.inbox.find('api', 'both'))?.outcome;
    expect(outcome).toMatch(/dev: in pull request .*\btest: in pull request /);
    await world.sticky(1);
    await world.sticky(2);
  },
  { files: TWO_ENVIRONMENTS },
);

story(
  'brings a version that people refused not back with the next one',
  async (world) => {
    const { people } = world;
    await world.bump({ image: 'ghcr.io/acme/api', tag: '1.1.0' });
    await world.bump({ image: 'ghcr.io/acme/web', tag: '2.0.0' });
    await world.settle();
    await people.call('POST', '/_simulator/repositories/acme/config/pull-requests/1/state', {
      actor: 'alice',
      state: 'closed',
    });
    await world.settle();
    await world.bump({ image: 'ghcr.io/acme/api', tag: '1.2.0' });
    await world.settle();
    expect((await people.pullRequest(2)).title).toBe('Bump api to 1.2.0 in dev');
    expect(await people.file('apps/web/envs/dev/deployment.yaml', 'lockkeeper/bump/dev')).toContain(':1.0.0');
    await world.sticky(1);
    await world.sticky(2);
  },
  { files: TWO_APPLICATIONS },
);

story(
  'says of each request of a moment what became of it, not what became of another',
  async (world) => {
    await world.bump({ id: 'new', image: 'ghcr.io/acme/api', tag: '1.1.0' });
    await world.bump({ id: 'same', image: 'ghcr.io/acme/web', tag: '1.0.0' });
    await world.settle();
    const outcome = async (id: string) => (await world.app.inbox.find('api', id))?.outcome;
    expect(await outcome('new')).toContain('in pull request');
    expect(await outcome('same')).toContain('is at 1.0.0 already');
    await world.sticky(1);
  },
  { files: TWO_APPLICATIONS },
);

story('takes a branch with a forged commit for one that people have pushed to', async (world) => {
  const { people } = world;
  await world.bump({ image: 'ghcr.io/acme/api', tag: '1.1.0' });
  await world.settle();
  await forge(world, (message) => message.replace(/^Lockkeeper-Bump: .*$/m, 'Lockkeeper-Bump: {bad json'));
  await world.settle();
  await world.bump({ id: 'next', image: 'ghcr.io/acme/api', tag: '1.2.0' });
  await world.settle();
  expect((await world.app.inbox.find('api', 'next'))?.outcome).toContain('people have pushed to');
  expect(await people.pullRequests()).toHaveLength(1);
  await world.sticky(1);
});

/** Somebody amends the bot's own commit, keeping what it changes and its signature, and pushes it by force. */
async function forge(world: World, change: (message: string) => string): Promise<void> {
  const { state, branches } = world.simulator.forge;
  const git = state.git('acme/config');
  const branch = 'lockkeeper/bump/dev';
  const commit = await git.readCommit((await git.branchHead(branch)) ?? '');
  if (commit === undefined) throw new Error(`${branch} is not there`);
  const to = await git.writeCommit({ ...commit, message: change(commit.message) });
  const moved = await branches.update({ repository: 'acme/config', actor: 'alice', branch, to, mode: 'force' });
  expect(moved.ok).toBe(true);
}
