/** People do what they like with the bot's pull requests, branches and comments: it gives way, and nothing is let through by it. */
import { expect } from 'vitest';
import { story, type World } from './world.js';

async function promotionToTest(world: World): Promise<void> {
  await world.bump({ image: 'ghcr.io/acme/api', tag: '1.1.0' });
  await world.settle();
  await world.people.ci('lockkeeper/bump/dev');
  await world.settle();
  await world.people.ci('main');
  await world.settle();
  await world.sticky(1);
}

async function setState(world: World, number: number, state: 'open' | 'closed'): Promise<void> {
  await world.people.call('POST', `/_simulator/repositories/acme/config/pull-requests/${number}/state`, {
    actor: 'alice',
    state,
  });
}

story(
  'leaves a promotion closed that somebody closed, until it is asked for or something newer comes',
  async (world) => {
    const { people } = world;
    await promotionToTest(world);
    await setState(world, 2, 'closed');
    await world.settle();
    await world.sweep();
    await world.pass(60_000);
    await world.sweep();
    expect((await people.pullRequests()).map((pull) => pull.state)).toEqual(['merged', 'closed']);
    await people.comment('alice', 2, '/why');
    await people.comment('alice', 2, '/promote test');
    await world.settle();
    expect((await world.readNew(2)).slice(1)).toEqual([
      expect.stringContaining('was closed'),
      expect.stringContaining('api to test: opened'),
    ]);
    expect((await people.pullRequest(3)).state).toBe('open');
    await setState(world, 3, 'closed');
    await world.settle();
    await world.bump({ image: 'ghcr.io/acme/api', tag: '1.2.0' });
    await world.settle();
    await people.ci('lockkeeper/bump/dev');
    await world.settle();
    await people.ci('main');
    await world.settle();
    expect((await people.pullRequests()).at(-1)).toMatchObject({
      state: 'open',
      title: 'Promote api 1.0.0 → 1.2.0 to test',
    });
    for (const number of [2, 3, 4, 5]) await world.sticky(number);
  },
);

story('does not promote again what people have reverted', async (world) => {
  const { people } = world;
  const before = await people.file('apps/api/envs/test/deployment.yaml');
  await promotionToTest(world);
  await people.ci('lockkeeper/promote/test/api');
  await world.settle();
  expect(await people.version('api', 'test')).toBe('1.1.0');
  await people.push('bob', 'revert', { start: 'main', files: { 'apps/api/envs/test/deployment.yaml': before } });
  const revert = await people.open('bob', { title: 'Revert', head: 'revert' });
  await world.settle();
  await people.review('alice', revert);
  await people.ci('revert');
  await world.settle();
  await people.comment('bob', revert, world.merge);
  await world.settle();
  await people.ci('main');
  await world.settle();
  expect(await people.version('api', 'test')).toBe('1.0.0');
  expect(await people.pullRequests()).toHaveLength(3);
  await world.sticky(2);
  await world.readNew(revert);
});

story('merges no promotion by itself to which people have added something', async (world) => {
  const { people } = world;
  await promotionToTest(world);
  const file = 'apps/api/envs/test/deployment.yaml';
  const text = (await people.file(file, 'lockkeeper/promote/test/api')) ?? '';
  await people.push('bob', 'lockkeeper/promote/test/api', { files: { [file]: text.replace(':1.1.0', ':6.6.6') } });
  await world.settle();
  await people.ci('lockkeeper/promote/test/api');
  await world.settle();
  expect((await people.pullRequest(2)).state).toBe('open');
  expect(await world.sticky(2)).toContain('to put it into the merge queue');
});

story('counts no approval of another plan after its own comment was deleted', async (world) => {
  const { people } = world;
  const path = 'apps/web/envs/prod/settings.yaml';
  const text = (await people.file(path)) ?? '';
  await people.push('carol', 'change', { start: 'main', files: { [path]: text.replace('warn', 'info') } });
  const number = await people.open('carol', { title: 'Log more', head: 'change' });
  await world.settle();
  await people.ci('change');
  await people.review('alice', number);
  await people.review('bob', number);
  await world.settle();
  expect(await world.sticky(number)).toContain('passed with 2 approvals');
  await mergeAnother(world);
  const sticky = (await people.pullRequest(number)).comments.find((each) => world.isBot(each.author) && !each.system);
  // Writers may delete others' comments on GitHub, on GitLab only maintainers may.
  await people.permission('alice', 'maintain');
  const deleted = world.simulator.forge.comments.delete({ actor: 'alice', id: sticky?.id ?? 0 });
  expect(deleted.ok).toBe(true);
  await world.settle();
  await people.comment('carol', number, world.merge);
  await world.settle();
  expect((await people.pullRequest(number)).state).toBe('open');
  await world.readNew(number);
});

/** Somebody else's change that makes the plan of every other pull request of that target another one. */
async function mergeAnother(world: World): Promise<void> {
  const { people } = world;
  const path = 'apps/web/envs/prod/settings.yaml';
  const text = (await people.file(path)) ?? '';
  await people.push('carol', 'other', { start: 'main', files: { [path]: `# Ours\n${text}  MORE: "1"\n` } });
  const other = await people.open('carol', { title: 'Other', head: 'other' });
  await world.settle();
  await people.ci('other');
  await people.review('alice', other);
  await people.review('bob', other);
  await world.settle();
  await people.comment('alice', other, world.merge);
  await world.settle();
  expect((await people.pullRequest(other)).state).toBe('merged');
  await world.readNew(other);
}

story('promotes by the rules of the default branch alone', async (world) => {
  const { people } = world;
  const rules = (await people.file('.lockkeeper.yaml')) ?? '';
  const lax = rules.replace('teams: [acme/release]', 'users: [carol]');
  await people.push('carol', 'mine', { start: 'main', files: { '.lockkeeper.yaml': lax } });
  await people.push('carol', 'change', { start: 'mine', files: { 'README.md': 'Mine' } });
  const pull = { actor: 'carol', base: 'mine', body: '', title: 'Mine', head: 'change' };
  await people.call('POST', '/_simulator/repositories/acme/config/pull-requests', pull);
  await world.settle();
  await people.comment('carol', 1, '/promote prod api');
  await world.settle();
  expect((await world.readNew(1)).at(-1)).toContain('Refused: promotions, rollbacks and freezes are for `main`');
  await people.comment('carol', 1, '/freeze prod mine');
  await world.settle();
  expect((await world.readNew(1)).at(-1)).toContain('Refused: promotions, rollbacks and freezes are for `main`');
});
