/** Near GitLab's limits what matters least waits: by what GitLab says, and by the notes that were made. */
import { beforeEach, expect, test } from 'vitest';
import { gitlabComments } from '../../../src/adapters/gitlab/comments.js';
import type { Connection } from '../../../src/adapters/gitlab/connection.js';
import { GitlabWrites, noteLimits } from '../../../src/adapters/gitlab/gitlab-writes.js';
import { ManualClock } from '../../../src/adapters/memory/testing/manual-clock.js';
import { MemoryCache } from '../../../src/adapters/memory/memory-cache.js';
import { WriteBudget } from '../../../src/adapters/traffic/write-budget.js';
import type { WriteWeight } from '../../../src/core/traffic/write-budget.js';
import { grantLaneLock } from '../../../src/ports/lane-lock.js';
import { quietLog } from './quiet-log.js';

const MINUTE = 60_000;
const lock = grantLaneLock('lane', 1, async () => true);
let clock: ManualClock;
let cache: MemoryCache;
let writes: GitlabWrites;

/** Of one process; all share what is in the store. */
function ofProcess(): GitlabWrites {
  const limits = [{ writes: 10, within: MINUTE }];
  const notes = new WriteBudget({ forge: 'GitLab', what: 'new notes', limits, cache, clock, log: quietLog });
  return new GitlabWrites({ notes, identity: 'gitlab notes of the bot', pace: 'forge', clock, log: quietLog });
}

beforeEach(() => {
  clock = new ManualClock(Date.UTC(2026, 3, 17, 12));
  cache = new MemoryCache();
  writes = ofProcess();
});

const says = (remaining: number) =>
  new Headers({
    'RateLimit-Limit': '2000',
    'RateLimit-Name': 'throttle_authenticated_api',
    'RateLimit-Remaining': String(remaining),
    'RateLimit-Reset': String((clock.now() + MINUTE) / 1000),
  });
const admitted = (weight: WriteWeight, what: 'note' | 'other' = 'other') =>
  writes.admit(lock, weight, what).then(
    () => 'admitted',
    (error: Error) => error.message,
  );

test('by what remains of GitLab’s own limit, until its window ends', async () => {
  writes.heard(200, says(700));
  expect(await admitted('progress')).toBe(
    'A write of the kind "progress" was put off: 700 of 2000 requests remain, and the rest is kept for others',
  );
  expect(await admitted('result')).toBe('admitted');
  writes.heard(200, says(100));
  expect(await admitted('answer')).toContain('100 of 2000');
  expect(await admitted('merge')).toBe('admitted');
  clock.advance(MINUTE);
  expect(await admitted('progress')).toBe('admitted');
});

test('after a refusal, until the time that GitLab names', async () => {
  writes.heard(429, new Headers({ 'Retry-After': '30' }));
  expect(await admitted('result')).toContain('GitLab has said that it takes no more for now');
  expect(await admitted('merge')).toContain('GitLab has said that it takes no more for now');
  // A shorter or unknown time, of another of its limits, ends nothing.
  writes.heard(429, new Headers());
  clock.advance(29_999);
  expect(await admitted('merge')).toContain('takes no more');
  clock.advance(1);
  expect(await admitted('result')).toBe('admitted');
});

test('by the notes that all processes made within the minute', async () => {
  for (let count = 1; count <= 5; count += 1) expect(await admitted('answer', 'note')).toBe('admitted');
  writes = ofProcess();
  for (let count = 6; count <= 9; count += 1) expect(await admitted('answer', 'note')).toBe('admitted');
  expect(await admitted('answer', 'note')).toContain('9 of the 10 new notes that GitLab takes within 1 min were sent');
  // What is no new note is not counted.
  expect(await admitted('answer')).toBe('admitted');
  clock.advance(MINUTE);
  expect(await admitted('answer', 'note')).toBe('admitted');
});

test('the limit of new notes is that of GitLab.com, or the one that instances have unless they set another', () => {
  expect(noteLimits('https://gitlab.com')).toEqual([{ writes: 60, within: MINUTE }]);
  expect(noteLimits('https://gitlab.acme.test/git')).toEqual([{ writes: 300, within: MINUTE }]);
});

test('nothing is sent once the lane is lost', async () => {
  const lost = grantLaneLock('lane', 1, async () => false);
  await expect(writes.admit(lost, 'merge')).rejects.toThrow('the lane was taken over');
});

test('new words in a comment wait and say until when; what has to be remembered is tried again', async () => {
  const sent: string[] = [];
  const edit = async (_project: string, _number: number, _id: number, { body }: { readonly body: string }) =>
    sent.push(body);
  const comments = gitlabComments({ api: { MergeRequestNotes: { edit } }, writes } as unknown as Connection);
  const place = { repository: { forge: 'gitlab', path: 'acme/config' }, number: 7 } as const;
  writes.heard(200, says(300));
  const until = clock.now() + MINUTE;
  expect(await comments.edit(lock, place, { id: '1', body: 'words', matters: 'words' })).toEqual({
    kind: 'put-off',
    until,
  });
  await expect(comments.edit(lock, place, { id: '1', body: 'facts', matters: 'facts' })).rejects.toMatchObject({
    name: 'Unavailable',
    retryAt: until,
  });
  expect(sent).toEqual([]);
  clock.advance(MINUTE);
  expect(await comments.edit(lock, place, { id: '1', body: 'words', matters: 'words' })).toEqual({ kind: 'written' });
  expect(sent).toEqual(['words']);
});
