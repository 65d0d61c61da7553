/** Image bumps: gathered in one pull request, never older, never lost. */
import { expect } from 'vitest';
import { story } from './world.js';

story('gathers the bumps of a moment in one pull request', async (world) => {
  await world.bump({ image: 'ghcr.io/acme/api', tag: '1.1.0' });
  await world.settle();
  await world.bump({ image: 'ghcr.io/acme/api', tag: '1.2.0', source: 'https://ci.acme.test/builds/12' });
  await world.settle();
  const pulls = await world.people.pullRequests();
  expect(pulls.map((pull) => pull.title)).toEqual(['Bump api to 1.2.0 in dev']);
  expect(pulls[0]?.body).toContain('https://ci.acme.test/builds/12');
  expect(await world.sticky(1)).toContain('**api in dev**: image 1.0.0 → 1.2.0');
});

story('takes the same request twice as one', async (world) => {
  const first = await world.bump({ id: 'build-12', image: 'ghcr.io/acme/api', tag: '1.1.0' });
  const second = await world.bump({ id: 'build-12', image: 'ghcr.io/acme/api', tag: '1.1.0' });
  expect([first.status, second.status]).toEqual([202, 202]);
  expect(second.body['id']).toBe(first.body['id']);
  await world.settle();
  expect(await world.people.pullRequests()).toHaveLength(1);
  await world.sticky(1);
});

story('never makes anything older, and says what became of a request', async (world) => {
  const older = await world.bump({ id: 'older', image: 'ghcr.io/acme/api', tag: '0.9.0' });
  const odd = await world.bump({ id: 'odd', image: 'ghcr.io/acme/api', tag: 'latest' });
  const unknown = await world.bump({ id: 'unknown', image: 'ghcr.io/acme/nothing', tag: '1.0.0' });
  await world.settle();
  expect([older.status, odd.status, unknown.status]).toEqual([202, 202, 202]);
  expect(await world.people.pullRequests()).toEqual([]);
  const outcomes = await Promise.all(
    ['older', 'odd', 'unknown'].map(async (id) => (await world.app.inbox.find('api', id))?.outcome),
  );
  expect(outcomes).toEqual([
    expect.stringContaining('the environment is at 1.0.0 already'),
    expect.stringContaining('is not a semantic version'),
    expect.stringContaining('no entry under images:'),
  ]);
});

story('starts the next bump anew after the last one was merged', async (world) => {
  await world.bump({ image: 'ghcr.io/acme/api', tag: '1.1.0' });
  await world.settle();
  await world.people.ci('lockkeeper/bump/dev');
  await world.settle();
  await world.bump({ image: 'ghcr.io/acme/api', tag: '1.2.0' });
  await world.settle();
  const [first, second] = await world.people.pullRequests();
  expect(first?.state).toBe('merged');
  expect(second).toMatchObject({ number: 2, state: 'open', title: 'Bump api to 1.2.0 in dev' });
  expect(await world.sticky(2)).toContain('1.1.0 → 1.2.0');
  await world.sticky(1);
});

story('leaves a bump branch alone once people have pushed to it', async (world) => {
  await world.bump({ id: 'first', image: 'ghcr.io/acme/api', tag: '1.1.0' });
  await world.settle();
  const theirs = await world.people.push('alice', 'lockkeeper/bump/dev', {
    files: { 'apps/api/envs/dev/notes.yaml': 'a: 1\n' },
  });
  await world.settle();
  await world.bump({ id: 'second', image: 'ghcr.io/acme/api', tag: '1.2.0' });
  await world.settle();
  expect((await world.people.pullRequest(1)).head.sha).toBe(theirs);
  expect((await world.app.inbox.find('api', 'second'))?.outcome).toContain('people have pushed to lockkeeper/bump/dev');
  await world.sticky(1);
});
