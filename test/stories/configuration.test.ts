/** A broken configuration stops everything and says why; one that would become broken is stopped before it is merged. */
import { expect } from 'vitest';
import { story } from './world.js';

story(
  'acts on nothing while the configuration is broken',
  async (world) => {
    const { people } = world;
    await world.bump({ id: 'bump', image: 'ghcr.io/acme/api', tag: '1.1.0' });
    await people.push('alice', 'change', { start: 'main', files: { 'apps/api/envs/dev/more.yaml': 'a: 1\n' } });
    const number = await people.open('alice', { title: 'Change', head: 'change' });
    await people.comment('alice', number, '/help');
    await world.settle();
    const pull = await people.pullRequest(number);
    expect(pull.checks).toContainEqual(
      expect.objectContaining({
        name: 'lockkeeper/plan',
        state: 'failure',
        description: expect.stringContaining('broken'),
      }),
    );
    expect(pull.checks).toContainEqual(expect.objectContaining({ name: 'lockkeeper/policy', state: 'failure' }));
    expect(await world.readNew(number)).toEqual([expect.stringContaining('Nothing was done')]);
    expect((await world.app.inbox.find('api', 'bump'))?.outcome).toContain('broken');
    expect(await people.pullRequests()).toHaveLength(1);
  },
  {
    files: {
      '.lockkeeper.yaml':
        'version: 1\nlayout: { path: "apps/{app}/envs/{env}" }\nenvironments:\n  dev: { merge: perhaps }\n  test: { afer: dev }\n',
    },
  },
);

story('fails the plan of a change that would break the configuration', async (world) => {
  const { people } = world;
  await people.push('alice', 'change', {
    start: 'main',
    files: { '.lockkeeper.yaml': 'version: 1\nenvironments: {}\n' },
  });
  const number = await people.open('alice', { title: 'Break it', head: 'change' });
  await world.settle();
  const sticky = await world.sticky(number);
  expect(sticky).toContain('This would break the configuration');
  expect(sticky).toContain('.lockkeeper.yaml:');
  expect((await people.pullRequest(number)).checks).toContainEqual(
    expect.objectContaining({ name: 'lockkeeper/plan', state: 'failure' }),
  );
});

story(
  'leaves repositories alone that have no configuration',
  async (world) => {
    const { people } = world;
    await people.push('alice', 'change', { start: 'main', files: { 'notes.md': 'hello\n' } });
    const number = await people.open('alice', { title: 'Change', head: 'change' });
    await people.comment('alice', number, '/help');
    await world.settle();
    const pull = await people.pullRequest(number);
    expect(pull.comments.filter((comment) => world.isBot(comment.author))).toEqual([]);
    expect(pull.checks.filter((check) => check.name.startsWith('lockkeeper/'))).toEqual([]);
  },
  { files: { '.lockkeeper.yaml': null } },
);
