/** Near GitHub's limits what matters least waits, and what somebody waits for goes out: counted at the forge. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/adapters/memory/manual-clock.js';
import { MemoryCache } from '../../../src/adapters/memory/memory-cache.js';
import type { CheckReport } from '../../../src/ports/checks.js';
import { grantLaneLock } from '../../../src/ports/lane-lock.js';
import type { ForgeWorld } from '../../contract/forge-harness.js';
import { recordingLog } from '../../stories/recording-log.js';
import { githubTokenWithin } from './github-harness.js';

const lock = grantLaneLock('lane', 1, async () => true);
const MINUTE = 60_000;
/** Words may use 6, results 8, answers 9, merges 10. */
const limits = [{ writes: 10, within: 60 * MINUTE }];

let clock: ManualClock;
let answers: MemoryCache;
let world: ForgeWorld;
let head: string;
let number: number;
let comment: string;

async function start(): Promise<void> {
  world = await githubTokenWithin({ limits, clock, answers, log: recordingLog() }).start();
  head = await world.push('alice', 'work', { 'work.txt': 'work\n' });
  number = await world.openPullRequest('alice', { head: 'work' });
  const made = await world.forge.comments.create(lock, { repository: world.repository, number }, 'Words 0');
  comment = made.id;
}

beforeEach(async () => {
  clock = new ManualClock(Date.UTC(2026, 3, 17, 12));
  answers = new MemoryCache();
  await start();
});
afterEach(() => world.close());

const edit = (body: string, matters: 'words' | 'facts' = 'words') =>
  world.forge.comments.edit(lock, { repository: world.repository, number }, { id: comment, body, matters });
const answer = (body: string) => world.forge.comments.create(lock, { repository: world.repository, number }, body);
const report = (change: Partial<CheckReport>) =>
  world.forge.checks.report(lock, world.repository, {
    sha: head,
    name: 'lockkeeper/policy',
    state: 'pending',
    title: 'Waits',
    summary: '',
    url: null,
    externalId: '',
    ...change,
  });
const words = async () =>
  (await world.forge.comments.list(world.repository, number)).find(({ id }) => id === comment)?.body;
const merge = () =>
  world.forge.pullRequests.merge(lock, {
    repository: world.repository,
    number,
    expectedHead: head,
    method: 'merge',
    title: 't',
    message: 'm',
  });

describe('the writes of an account', () => {
  it('wait, words first and a merge never before GitHub’s own limit', async () => {
    const until = clock.now() + 60 * MINUTE;
    for (let count = 1; count <= 5; count += 1) expect(await edit(`Words ${count}`)).toEqual({ kind: 'written' });
    // Six writes: words wait, and the forge is not asked.
    expect(await edit('Words 6')).toEqual({ kind: 'put-off', until });
    expect(await words()).toBe('Words 5');
    expect(await report({})).toEqual({ kind: 'put-off', until });
    expect(world.requests('report-check')).toBe(0);
    expect(await report({ state: 'success', title: 'Fine' })).toEqual({ kind: 'written' });
    expect(await edit('Facts', 'facts')).toEqual({ kind: 'written' });
    // Eight: what is to be remembered is tried again by the job.
    await expect(edit('More facts', 'facts')).rejects.toMatchObject({ name: 'Unavailable', retryAt: until });
    await answer('Yes');
    await expect(answer('Yes, again')).rejects.toMatchObject({ name: 'Unavailable', retryAt: until });
    expect(world.requests('create-comment')).toBe(2);
    expect(await merge()).toMatchObject({ kind: 'merged' });
    expect(world.requests('merge')).toBe(1);
    // An hour later all of it can be said.
    clock.advance(60 * MINUTE);
    expect(await edit('Words 7')).toEqual({ kind: 'written' });
    expect(await words()).toBe('Words 7');
  });

  it('are counted over restarts and replicas', async () => {
    for (let count = 1; count <= 5; count += 1) await edit(`Words ${count}`);
    await world.close();
    await expect(start()).resolves.toBeUndefined();
    expect(await edit('Words')).toMatchObject({ kind: 'put-off' });
    clock.advance(60 * MINUTE);
    expect(await edit('Words')).toEqual({ kind: 'written' });
  });

  it('wait where GitHub itself refused', async () => {
    world.fault('create-comment', { kind: 'rate-limited', retryAfter: 1800 });
    await expect(answer('Yes')).rejects.toMatchObject({ name: 'Unavailable' });
    expect(await edit('Words')).toMatchObject({ kind: 'put-off' });
    await answer('Yes');
  });

  it('are not put off for reading', async () => {
    for (let count = 0; count < 30; count += 1) await words();
    expect(await edit('Words')).toEqual({ kind: 'written' });
  });
});
