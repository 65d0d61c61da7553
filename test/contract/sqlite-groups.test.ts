/** Writes that SQLite commits together: on the connection they were asked on, or on one that commits on another thread, as the bot's does. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SqliteConnection } from '../../src/adapters/sqlite/sqlite-connection.js';
import { Unavailable } from '../../src/core/problem.js';
import type { Delivery, DeliveryWork } from '../../src/ports/store.js';
import { subject } from './numbered-subject.js';
import { commitAside, inboxAndQueue, TemporaryStore } from './temporary-store.js';
import { drain } from './work-queue/two-workers.js';

const delivery = (id: string): Delivery => ({
  id,
  source: 'github',
  name: 'push',
  receivedAt: 1,
  event: { kind: 'repositories', repositories: [] },
});

const workIn = (lane: string): DeliveryWork => ({ jobs: [{ lane, key: '1', subject: subject(1) }], outcome: null });

const numbered = (count: number): string[] => Array.from({ length: count }, (_, number) => `d${number}`);

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe.each(['here', 'aside'] as const)('committed together, %s', (place) => {
  let folder: TemporaryStore;
  let store: SqliteConnection;
  beforeEach(async () => {
    folder = new TemporaryStore();
    store = folder.connect(50);
    if (place === 'aside') await commitAside(store, 50);
  });
  afterEach(() => folder.remove());

  test('one that fails does not take the others with it, and leaves nothing', async () => {
    const { inbox, queue } = inboxAndQueue(store);
    const outcomes = await Promise.allSettled([
      inbox.record(delivery('d1'), workIn('a')),
      inbox.record({ ...delivery('bad'), receivedAt: Number.NaN }, workIn('b')),
      inbox.record(delivery('d2'), workIn('c')),
      inbox.record(delivery('d1'), workIn('d')),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'fulfilled', value: 'recorded' },
      { status: 'rejected', reason: { message: expect.stringContaining('NOT NULL constraint failed') } },
      { status: 'fulfilled', value: 'recorded' },
      { status: 'fulfilled', value: 'duplicate' },
    ]);
    expect((await inbox.waiting()).map((entry) => entry.id)).toEqual(['d1', 'd2']);
    expect(await drain(queue)).toEqual(['a/1', 'c/1']);
  });

  test('a delivery whose job can’t be enqueued is not recorded', async () => {
    const { inbox, queue } = inboxAndQueue(store);
    const bad = { lane: 'a', key: '2', subject: subject(2), notBefore: Number.NaN };
    const work = { jobs: [...workIn('a').jobs, bad], outcome: 'nudged' };
    expect(await failure(inbox.record(delivery('d1'), work))).toBeInstanceOf(Error);
    expect([await inbox.find('github', 'd1'), await queue.claim()]).toEqual([null, null]);
  });

  test('more than fit into one commit are all kept, in their order', async () => {
    const { inbox } = inboxAndQueue(store);
    const ids = numbered(600);
    expect(new Set(await Promise.all(ids.map((id) => inbox.record(delivery(id)))))).toEqual(new Set(['recorded']));
    const other = inboxAndQueue(folder.connect()).inbox;
    expect((await other.waiting()).map((entry) => entry.id)).toEqual(ids);
  });

  test('what was asked for before closing is kept', async () => {
    const { inbox } = inboxAndQueue(store);
    const first = inbox.record(delivery('first'));
    await new Promise<void>((resolve) => void setImmediate(resolve));
    const ids = numbered(300);
    const recorded = [first, ...ids.map((id) => inbox.record(delivery(id)))];
    store.close();
    expect(new Set(await Promise.all(recorded))).toEqual(new Set(['recorded']));
    const again = inboxAndQueue(folder.connect()).inbox;
    expect((await again.waiting()).map((entry) => entry.id)).toEqual(['first', ...ids]);
  });

  test('claims and other writes go on beside them', async () => {
    const { inbox, queue } = inboxAndQueue(store);
    const recorded: string[] = [];
    const taken: string[] = [];
    await Promise.all(
      numbered(30).map(async (id) => {
        await inbox.record(delivery(id), workIn(id));
        recorded.push(id);
        const claim = await queue.claim();
        if (claim && (await queue.finish(claim)) === 'done') taken.push(claim.lane);
      }),
    );
    expect(recorded).toEqual(numbered(30));
    expect(taken.toSorted()).toEqual(numbered(30).toSorted());
  });

  test('a file that another process locks is waited for once by all who would be committed together', async () => {
    const other = folder.connect();
    other.execute('BEGIN IMMEDIATE');
    const { inbox } = inboxAndQueue(store);
    const outcomes = await Promise.all(numbered(200).map((id) => failure(inbox.record(delivery(id)))));
    expect(new Set(outcomes).size).toBe(1);
    expect(outcomes[0]).toBeInstanceOf(Unavailable);
    expect((outcomes[0] as Error).message).toBe(`${store.file}: database is locked`);
    other.execute('COMMIT');
    expect(await inbox.record(delivery('d1'))).toBe('recorded');
  });
});
