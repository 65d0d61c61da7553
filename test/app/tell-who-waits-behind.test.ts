/** Who leaves the queue leaves nobody behind who is not told, be it that the bot dies or the forge takes nothing for a while. */
import { expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/memory/testing/manual-clock.js';
import { MemoryWorkQueue } from '../../src/adapters/memory/memory-work-queue.js';
import { tellWhoWaitsBehind } from '../../src/app/queue/tell-who-waits-behind.js';

const repository = { forge: 'github', path: 'acme/config' } as const;
const ticket = { by: 'alice', at: 0, head: 'h' };

function atNoon() {
  const clock = new ManualClock(Date.UTC(2026, 0, 5, 12));
  const queue = new MemoryWorkQueue({ clock });
  const dueIn = async () => ((await queue.nextDue()) ?? Number.NaN) - clock.now();
  return { app: { clock, queue }, dueIn };
}

test('a round follows at once', async () => {
  const { app, dueIn } = atNoon();
  await tellWhoWaitsBehind(app, { repository, before: { ticket }, after: { ticket: null } }, async () => 'written');
  expect(await dueIn()).toBe(0);
});

test('a round follows a minute later where it could not be written, not at once again and again', async () => {
  const { app, dueIn } = atNoon();
  const change = { repository, before: { ticket }, after: { ticket: null } };
  await expect(tellWhoWaitsBehind(app, change, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await dueIn()).toBe(60_000);
});

test.each([
  ['who was not queued', { ticket: null }, { ticket: null }],
  ['who is told of for the first time', null, { ticket: null }],
  ['who stays', { ticket }, { ticket }],
])('%s asks for no round', async (_name, before, after) => {
  const { app } = atNoon();
  await tellWhoWaitsBehind(app, { repository, before, after }, async () => 'written');
  expect(await app.queue.nextDue()).toBeNull();
});
