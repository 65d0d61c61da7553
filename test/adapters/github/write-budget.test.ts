/** Near GitHub's limits what matters least waits, and what somebody waits for goes out: counted at the forge. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/adapters/memory/testing/manual-clock.js';
import { MemoryCache } from '../../../src/adapters/memory/memory-cache.js';
import type { CheckReport } from '../../../src/ports/checks.js';
import { grantLaneLock } from '../../../src/ports/lane-lock.js';
import type { ForgeWorld } from '../../contract/forge-harness.js';
import { recordingLog } from '../../stories/recording-log.js';
import { githubTokenWithin } from './github-harness.js';

const lock = grantLaneLock('lane', 1, async () => true);
const MINUTE = 60_000;
/** Words may use 6, results 8, answers 9, merges 11. */
const limits = [{ writes: 11, within: 60 * MINUTE }];

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
    await expect(report({ state: 'failure', title: 'No' })).rejects.toMatchObject({
      name: 'Unavailable',
      retryAt: until,
    });
    await expect(edit('More facts', 'facts')).rejects.toMatchObject({ name: 'Unavailable', retryAt: until });
    await answer('Yes');
    await expect(answer('Yes, again')).rejects.toMatchObject({ name: 'Unavailable', retryAt: until });
    expect(world.requests('create-comment')).toBe(2);
    // Nine: what a merge needs, and no more.
    const queue = { name: 'lockkeeper/queue', state: 'success', title: 'It is being merged' } as const;
    await expect(report(queue)).rejects.toMatchObject({ name: 'Unavailable' });
    expect(await report({ ...queue, ahead: 'merge' })).toEqual({ kind: 'written' });
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

  it('wait where GitHub itself refused, whatever they are for, until the time that it names', async () => {
    world.fault('create-comment', { kind: 'rate-limited', retryAfter: 1800 });
    await expect(answer('Yes')).rejects.toMatchObject({ name: 'Unavailable' });
    expect(await edit('Words')).toMatchObject({ kind: 'put-off' });
    await expect(answer('Yes')).rejects.toThrow('GitHub has said that it takes no more for now');
    clock.advance(30 * MINUTE);
    await answer('Yes');
  });

  it('are not put off for reading', async () => {
    for (let count = 0; count < 30; count += 1) await words();
    expect(await edit('Words')).toEqual({ kind: 'written' });
  });
});

describe('the statuses of one commit', () => {
  const posted = (count: number) => answers.put(`statuses:github:acme/config@${head}:lockkeeper/policy`, String(count));
  const standing = async () =>
    (await world.forge.checks.list(world.repository, head)).find(({ name }) => name === 'lockkeeper/policy');

  it('are kept for results near the last one that GitHub takes', async () => {
    await report({ state: 'failure', title: 'No' });
    await posted(960);
    await report({ title: 'Waits again' });
    await report({ state: 'failure', title: 'No, in other words' });
    expect(await standing()).toMatchObject({ state: 'failure', description: 'No' });
    await report({ state: 'success', title: 'Yes' });
    await report({ title: 'Waits once more' });
    expect(await standing()).toMatchObject({ state: 'pending', description: 'Waits once more' });
    expect(world.requests('report-check')).toBe(3);
  });

  it('end, and it says so', async () => {
    await report({});
    await posted(1000);
    await expect(report({ state: 'success' })).rejects.toThrow(/had the 1000 statuses that GitHub takes: push another/);
    expect(world.requests('report-check')).toBe(1);
  });
});
