/** The client for github.com re-sends by itself; writes must not be, and a rate limit must not be waited for in the lane. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Unavailable } from '../../../src/core/problem.js';
import { grantLaneLock } from '../../../src/ports/lane-lock.js';
import type { ForgeWorld } from '../../contract/forge-harness.js';
import { githubAppPaced } from './github-harness.js';

const lock = grantLaneLock('lane', 1, async () => true);
let world: ForgeWorld;
let head: string;
let number: number;

beforeEach(async () => {
  world = await githubAppPaced.start();
  head = await world.push('alice', 'work', { 'work.txt': 'work\n' });
  number = await world.openPullRequest('alice', { head: 'work' });
});
afterEach(() => world.close());

it('sends a write once', async () => {
  const { forge, repository } = world;
  world.fault('merge', { kind: 'unavailable' });
  const request = { repository, number, expectedHead: head, method: 'merge', title: 't', message: 'm' } as const;
  await expect(forge.pullRequests.merge(lock, request)).rejects.toBeInstanceOf(Unavailable);
  expect(world.requests('merge')).toBe(1);
  world.fault('create-comment', { kind: 'unavailable' });
  await expect(forge.comments.create(lock, { repository, number }, 'Once')).rejects.toBeInstanceOf(Unavailable);
  expect(world.requests('create-comment')).toBe(1);
});

it('reads once more when the forge stumbles', async () => {
  world.fault('read-pull-request', { kind: 'unavailable' });
  expect(await world.forge.pullRequests.read(world.repository, number)).toMatchObject({ number });
  expect(world.requests('read-pull-request')).toBe(2);
});

it('hands a rate limit on instead of waiting it out', async () => {
  const before = Date.now();
  world.fault('read-pull-request', { kind: 'rate-limited', retryAfter: 120 });
  world.fault('read-pull-request', { kind: 'rate-limited', retryAfter: 120 });
  const read = world.forge.pullRequests.read(world.repository, number);
  await expect(read).rejects.toMatchObject({ name: 'Unavailable', retryAt: expect.any(Number) });
  expect(Date.now() - before).toBeLessThan(60_000);
});
