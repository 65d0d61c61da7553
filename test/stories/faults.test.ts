/** Lost, doubled and late webhooks, lost answers, lost stores: the release arrives and nothing is done twice. */
import { expect } from 'vitest';
import { askForWebhooks } from '../../src/app/intake/ask-for-webhooks.js';
import { story, type World } from './world.js';

/** What is there once 1.1.0 has reached test, however rough the way was. */
async function expectReleased(world: World): Promise<void> {
  expect(await world.people.version('api', 'dev')).toBe('1.1.0');
  expect(await world.people.version('api', 'test')).toBe('1.1.0');
  const pulls = await world.people.pullRequests();
  expect(pulls.map((pull) => [pull.title, pull.state])).toEqual([
    ['Bump api to 1.1.0 in dev', 'merged'],
    ['Promote api 1.0.0 → 1.1.0 to test', 'merged'],
  ]);
  for (const pull of pulls) await world.sticky(pull.number);
  const branches = (await world.people.branches()).map(({ name }) => name);
  expect(branches.filter((name) => /^lockkeeper\/(bump|promote)\//.test(name))).toEqual([]);
}

story('makes lost webhooks good by sweeping', async (world) => {
  await world.people.deliveryFault({ kind: 'lose', times: 1000 });
  await world.bump({ image: 'ghcr.io/acme/api', tag: '1.1.0' });
  await world.settle();
  await world.people.ci('lockkeeper/bump/dev');
  await world.sweep();
  await world.people.ci('main');
  await world.sweep();
  await world.people.ci('lockkeeper/promote/test/api');
  await world.sweep();
  await expectReleased(world);
});

story('asks GitHub for the webhooks that it could not take, once', async (world) => {
  await world.bump({ image: 'ghcr.io/acme/api', tag: '1.1.0' });
  await world.settle();
  await world.whileDown(() => world.people.ci('lockkeeper/bump/dev'));
  expect(await askForWebhooks(world.app), 'what is answered just now may still change').toBe(0);
  world.clock.advance(2 * 60_000);
  const asked = await askForWebhooks(world.app);
  expect(await askForWebhooks(world.app)).toBe(0);
  if (world.kind === 'github') expect(asked).toBeGreaterThan(0);
  // GitLab sends again by itself, or the sweep finds it.
  else await world.sweep();
  await world.settle();
  await world.people.ci('main');
  await world.settle();
  await world.people.ci('lockkeeper/promote/test/api');
  await world.settle();
  await expectReleased(world);
});

story(
  'does nothing twice when every webhook comes twice, and comes to rest: a second sweep changes nothing',
  async (world) => {
    await world.people.deliveryFault({ kind: 'double', times: 1000 });
    await playToTest(world);
    await world.sweep();
    const before = await shape(world);
    await world.sweep();
    expect(await shape(world)).toEqual(before);
    await expectReleased(world);
  },
);

story('finds everything again after its data directory was deleted', async (world) => {
  await world.bump({ image: 'ghcr.io/acme/api', tag: '1.1.0' });
  await world.settle();
  await world.forgetEverything();
  await world.people.ci('lockkeeper/bump/dev');
  await world.recover();
  await world.forgetEverything();
  await world.people.ci('main');
  await world.recover();
  await world.forgetEverything();
  await world.people.ci('lockkeeper/promote/test/api');
  await world.recover();
  await expectReleased(world);
});

async function shape(world: World): Promise<unknown> {
  return { pulls: await world.people.pullRequests(), branches: await world.people.branches() };
}

async function playToTest(world: World): Promise<void> {
  await world.bump({ image: 'ghcr.io/acme/api', tag: '1.1.0' });
  await world.settle();
  await world.people.ci('lockkeeper/bump/dev');
  await world.settle();
  await world.people.ci('main');
  await world.settle();
  await world.people.ci('lockkeeper/promote/test/api');
  await world.settle();
}

const WRITES = {
  github: [
    { method: 'POST', path: '*/pulls' },
    { method: 'POST', path: '*/issues/*/comments' },
    { method: 'PUT', path: '*/pulls/*/merge' },
    { method: 'POST', path: '*/git/refs' },
    { method: 'POST', path: '*/check-runs' },
    { method: 'DELETE', path: '*/git/refs/*' },
  ],
  gitlab: [
    { method: 'POST', path: '*/merge_requests' },
    { method: 'POST', path: '*/notes' },
    { method: 'PUT', path: '*/merge' },
    { method: 'POST', path: '*/repository/commits' },
    { method: 'POST', path: '*/statuses/*' },
    { method: 'DELETE', path: '*/repository/branches/*' },
  ],
} as const;

// After a 500 that came too late a write is read back as after no answer at all: test/contract/forge has both.
for (const effect of ['act-then-lose-answer', 'status'] as const) {
  story(`does nothing twice when the answers to writes fail: ${effect}`, async (world) => {
    for (const write of WRITES[world.kind])
      await world.people.fault({ ...write, effect: { kind: effect, ...(effect === 'status' ? { status: 502 } : {}) } });
    await world.bump({ image: 'ghcr.io/acme/api', tag: '1.1.0' });
    await settleWithRetries(world);
    await world.people.ci('lockkeeper/bump/dev');
    await settleWithRetries(world);
    await world.people.ci('main');
    await settleWithRetries(world);
    await world.people.ci('lockkeeper/promote/test/api');
    await settleWithRetries(world);
    await expectReleased(world);
  });
}

/** Back-offs are of seconds: time is moved past a few of them. */
async function settleWithRetries(world: World): Promise<void> {
  await world.settle();
  for (let round = 0; round < 4; round += 1) await world.pass(10_000);
}
