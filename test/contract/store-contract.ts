/** What every inbox and every cache must do: see src/ports/store.ts. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { Event } from '../../src/core/event.js';
import type { Cache, CacheLimits, Delivery, Inbox, InboxQuery } from '../../src/ports/store.js';
import type { WorkQueue } from '../../src/ports/work-queue.js';
import { recordingWithWork } from './recording-with-work.js';

const repository = { forge: 'github', path: 'acme/config' } as const;

const delivery = (id: string, more: Partial<Delivery> = {}): Delivery => ({
  id,
  source: 'github',
  name: 'pull_request.opened',
  receivedAt: 1_000,
  event: { kind: 'pull-request', repository, number: 3 },
  ...more,
});

const idsOf = async (inbox: Inbox): Promise<string[]> => (await inbox.waiting()).map((entry) => entry.id);

export interface StoreUnderTest<T> {
  readonly port: T;
  close(): void | Promise<void>;
}

export interface InboxUnderTest extends StoreUnderTest<Inbox> {
  /** Of the same store. */
  readonly queue: WorkQueue;
}

export function describeInbox(name: string, open: () => InboxUnderTest | Promise<InboxUnderTest>): void {
  describe(`inbox: ${name}`, () => {
    let under: InboxUnderTest;
    let inbox: Inbox;
    beforeEach(async () => {
      under = await open();
      inbox = under.port;
    });
    afterEach(() => under.close());

    recordingWithWork(() => under);

    test('a delivery is found as it was recorded', async () => {
      expect(await inbox.record(delivery('d1'))).toBe('recorded');
      expect(await inbox.find('github', 'd1')).toEqual({ ...delivery('d1'), state: 'waiting', outcome: null });
    });

    test('every kind of event, and every character, comes back', async () => {
      const events: readonly Event[] = [
        { kind: 'discussion', repository, number: 1 },
        { kind: 'push', repository, branch: 'größe/\0"🚢', after: 'a'.repeat(40) },
        { kind: 'checks', repository, sha: 'b'.repeat(40) },
        {
          kind: 'bump',
          repository,
          request: { image: 'ghcr.io/acme/api', tag: '1.0.0', digest: null, source: 'https://ci.example/1' },
        },
        { kind: 'repositories', repositories: [repository, { forge: 'gitlab', path: 'a/b/c' }] },
      ];
      for (const [index, event] of events.entries()) {
        await inbox.record(delivery(`d${index}`, { event, name: `name-${index}\0'` }));
        expect(await inbox.find('github', `d${index}`)).toMatchObject({ event, name: `name-${index}\0'` });
      }
    });

    test('the same delivery twice is a duplicate and changes nothing', async () => {
      await inbox.record(delivery('d1'));
      expect(await inbox.record(delivery('d1', { name: 'other', receivedAt: 2_000 }))).toBe('duplicate');
      expect(await inbox.find('github', 'd1')).toMatchObject({ name: 'pull_request.opened', receivedAt: 1_000 });
      expect(await idsOf(inbox)).toEqual(['d1']);
    });

    test('the same delivery at the same moment is recorded once', async () => {
      const outcomes = await Promise.all([1, 2, 3].map(() => inbox.record(delivery('d1'))));
      expect(outcomes.toSorted()).toEqual(['duplicate', 'duplicate', 'recorded']);
    });

    test('an id is unique within its source only', async () => {
      expect(await inbox.record(delivery('d1', { source: 'github' }))).toBe('recorded');
      expect(await inbox.record(delivery('d1', { source: 'gitlab' }))).toBe('recorded');
      expect(await inbox.record(delivery('d1', { source: 'api' }))).toBe('recorded');
    });

    test('what was never recorded is not found', async () => {
      await inbox.record(delivery('d1'));
      expect(await inbox.find('gitlab', 'd1')).toBeNull();
      expect(await inbox.find('github', 'd')).toBeNull();
    });

    test('what waits comes oldest first, then in the order of recording', async () => {
      for (const [id, receivedAt] of [
        ['c', 3_000],
        ['z', 1_000],
        ['b', 2_000],
        ['a', 1_000],
      ] as const) {
        await inbox.record(delivery(id, { receivedAt }));
      }
      expect(await idsOf(inbox)).toEqual(['z', 'a', 'b', 'c']);
    });

    test('a settled delivery no longer waits, and its outcome stands', async () => {
      await inbox.record(delivery('d1'));
      await inbox.record(delivery('d2'));
      await inbox.settle('github', 'd1', 'pull request #7 was opened \0 …');
      expect(await idsOf(inbox)).toEqual(['d2']);
      expect(await inbox.find('github', 'd1')).toMatchObject({
        state: 'settled',
        outcome: 'pull request #7 was opened \0 …',
      });
      await inbox.settle('github', 'd1', 'a repetition says something else');
      expect(await inbox.find('github', 'd1')).toMatchObject({ outcome: 'pull request #7 was opened \0 …' });
    });

    test('a settled delivery is still a duplicate', async () => {
      await inbox.record(delivery('d1'));
      await inbox.settle('github', 'd1', 'done');
      expect(await inbox.record(delivery('d1'))).toBe('duplicate');
      expect(await idsOf(inbox)).toEqual([]);
    });

    test('the latest come newest first, as many as asked for, in the state asked for', async () => {
      for (const [id, receivedAt] of [
        ['a', 1_000],
        ['b', 3_000],
        ['c', 2_000],
        ['d', 2_000],
      ] as const) {
        await inbox.record(delivery(id, { receivedAt }));
      }
      await inbox.settle('github', 'c', 'done');
      const idsOfLatest = async (query: InboxQuery): Promise<string[]> =>
        (await inbox.latest(query)).map((entry) => entry.id);
      expect(await idsOfLatest({ most: 10 })).toEqual(['b', 'd', 'c', 'a']);
      expect(await idsOfLatest({ most: 2 })).toEqual(['b', 'd']);
      expect(await idsOfLatest({ most: 10, state: 'waiting' })).toEqual(['b', 'd', 'a']);
      expect(await idsOfLatest({ most: 10, state: 'settled' })).toEqual(['c']);
      expect((await inbox.latest({ most: 3 })).at(-1)).toMatchObject({ id: 'c', state: 'settled', outcome: 'done' });
    });

    test('a settled delivery can be made to wait again, in its old place; one that waits cannot', async () => {
      for (const [id, receivedAt] of [
        ['a', 1_000],
        ['b', 2_000],
      ] as const) {
        await inbox.record(delivery(id, { receivedAt }));
      }
      expect(await inbox.reopen('github', 'a')).toBe('unknown');
      await inbox.settle('github', 'a', 'done');
      expect(await inbox.reopen('gitlab', 'a')).toBe('unknown');
      expect(await inbox.reopen('github', 'a')).toBe('reopened');
      expect(await inbox.waiting()).toMatchObject([{ id: 'a', state: 'waiting', outcome: null }, { id: 'b' }]);
      expect(await inbox.forget(9_000)).toBe(0);
      await inbox.settle('github', 'a', 'done again');
      expect(await inbox.find('github', 'a')).toMatchObject({ state: 'settled', outcome: 'done again' });
    });

    test('settling what is not there changes nothing', async () => {
      await inbox.record(delivery('d1'));
      await inbox.settle('gitlab', 'd1', 'done');
      await inbox.settle('github', 'd2', 'done');
      expect(await idsOf(inbox)).toEqual(['d1']);
      expect(await inbox.find('github', 'd2')).toBeNull();
    });

    test('forgetting takes settled deliveries received before, and counts them', async () => {
      for (const [id, receivedAt] of [
        ['old-settled', 1_000],
        ['old-waiting', 1_000],
        ['new-settled', 2_000],
      ] as const) {
        await inbox.record(delivery(id, { receivedAt }));
        if (id.endsWith('settled')) await inbox.settle('github', id, 'done');
      }
      expect(await inbox.forget(2_000)).toBe(1);
      expect(await inbox.find('github', 'old-settled')).toBeNull();
      expect(await idsOf(inbox)).toEqual(['old-waiting']);
      expect(await inbox.find('github', 'new-settled')).not.toBeNull();
      expect(await inbox.forget(2_000)).toBe(0);
    });
  });
}

export interface CacheOptions {
  readonly limits: CacheLimits;
}

export function describeCache(
  name: string,
  open: (options?: CacheOptions) => StoreUnderTest<Cache> | Promise<StoreUnderTest<Cache>>,
): void {
  describe(`cache: ${name}`, () => {
    const opened: StoreUnderTest<Cache>[] = [];
    const cacheWith = async (options?: CacheOptions): Promise<Cache> => {
      const under = await open(options);
      opened.push(under);
      return under.port;
    };
    afterEach(async () => {
      for (const under of opened.splice(0)) await under.close();
    });

    test('what was not put is not there', async () => {
      expect(await (await cacheWith()).get('render:abc')).toBeNull();
    });

    test('what was put last is there', async () => {
      const cache = await cacheWith();
      await cache.put('k', 'one');
      await cache.put('k', 'two');
      await cache.put('empty', '');
      expect([await cache.get('k'), await cache.get('empty')]).toEqual(['two', '']);
    });

    test('any text comes back as it was', async () => {
      const cache = await cacheWith();
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'binary' }), async (value) => {
          await cache.put('k', value);
          expect(await cache.get('k')).toBe(value);
        }),
        { examples: [['\0'], ['a\0b'], ['🚢'], ['\ud83d']] },
      );
    });

    test('beyond its size it forgets what was put longest ago', async () => {
      const cache = await cacheWith({ limits: { values: 2, bytes: 1_000 } });
      await cache.put('a', '1');
      await cache.put('b', '2');
      await cache.put('a', '3');
      await cache.put('c', '4');
      expect([await cache.get('a'), await cache.get('b'), await cache.get('c')]).toEqual(['3', null, '4']);
    });

    test('beyond its size in bytes too, and what was put last stays however large it is', async () => {
      const cache = await cacheWith({ limits: { values: 100, bytes: 100 } });
      const there = async () => Promise.all(['a', 'b', 'c'].map(async (key) => (await cache.get(key))?.length ?? 0));
      await cache.put('a', 'x'.repeat(40));
      await cache.put('b', 'x'.repeat(40));
      // In the place of what was there, and not beside it.
      for (let count = 0; count < 5; count += 1) await cache.put('a', 'x'.repeat(40));
      expect(await there()).toEqual([40, 40, 0]);
      await cache.put('c', 'x'.repeat(40));
      expect(await there()).toEqual([40, 0, 40]);
      await cache.put('b', 'x'.repeat(500));
      expect(await there()).toEqual([0, 500, 0]);
      await cache.put('c', 'x'.repeat(40));
      expect(await there()).toEqual([0, 0, 40]);
      await cache.put('a', 'x'.repeat(40));
      expect(await there()).toEqual([40, 0, 40]);
    });

    test('what is lasting is pushed out by nothing', async () => {
      const cache = await cacheWith({ limits: { values: 2, bytes: 1_000 } });
      await cache.put('revision', '1', 'lasting');
      await cache.put('revision', '2\0', 'lasting');
      for (const key of ['a', 'b', 'c']) await cache.put(key, key);
      expect([await cache.get('revision'), await cache.get('a'), await cache.get('c')]).toEqual(['2\0', null, 'c']);
    });
  });
}
