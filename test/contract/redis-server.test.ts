/** What is particular to Redis: who is let in, what it could lose, processes and connections that end, and Redis that ends. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BullmqWorkQueue } from '../../src/adapters/bullmq/bullmq-work-queue.js';
import { LaneBell } from '../../src/adapters/bullmq/lane-bell.js';
import { openRedisStore, type OpenedRedis } from '../../src/adapters/bullmq/open-redis-store.js';
import { RedisInbox } from '../../src/adapters/bullmq/redis-inbox.js';
import { RedisTurns } from '../../src/adapters/bullmq/redis-turns.js';
import { ManualClock } from '../../src/adapters/memory/testing/manual-clock.js';
import { Unavailable } from '../../src/core/problem.js';
import { RedisServer } from '../tools/redis-server.js';
import { describeWithTool } from '../tools/require-tool.js';
import { subject } from './numbered-subject.js';
import { RedisUnderTest } from './redis-under-test.js';

const delivery = (id: string) =>
  ({ id, source: 'github', name: 'push', receivedAt: 1, event: { kind: 'repositories', repositories: [] } }) as const;

const silence = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silence,
};

describeWithTool('redis-server', 'a Redis of our own', () => {
  const ending: (() => void | Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).toReversed()) await end();
  });

  async function startServer(...more: readonly string[]): Promise<RedisServer> {
    const server = await RedisServer.start(more);
    ending.push(() => server.close());
    return server;
  }

  async function open(url: string): Promise<OpenedRedis> {
    const opened = await openRedisStore({ url, prefix: 'lockkeeper' });
    if (opened.kind === 'opened') ending.push(() => opened.store.close());
    return opened;
  }

  describe('opening it', () => {
    test('one that keeps what it is given is opened without a word', async () => {
      const server = await startServer('--maxmemory-policy', 'noeviction');
      expect(await open(server.url)).toMatchObject({ kind: 'opened', warnings: [] });
    });

    test('one that would lose what it is given is said to', async () => {
      const server = await startServer('--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru');
      const opened = await open(server.url);
      expect(opened).toMatchObject({
        kind: 'opened',
        warnings: [
          expect.stringContaining('“appendonly yes”'),
          expect.stringContaining('maxmemory-policy allkeys-lru'),
        ],
      });
    });

    test('a password is needed, and never shown', async () => {
      const server = await startServer('--requirepass', 'sesame-42');
      const address = `Redis at redis://127.0.0.1:${server.port}`;
      const withPassword = (password: string) => open(server.url.replace('://', `://:${password}@`));
      expect(await withPassword('sesame-42')).toMatchObject({ kind: 'opened' });
      const [none, wrong] = [await open(server.url), await withPassword('sesame-43')];
      expect(none).toMatchObject({ kind: 'unusable', message: expect.stringContaining(`${address}: NOAUTH`) });
      expect(wrong).toMatchObject({ kind: 'unusable', message: expect.stringContaining(`${address}: WRONGPASS`) });
      expect(JSON.stringify([none, wrong])).not.toContain('sesame');
    });

    test('one that is not there is named', async () => {
      const server = await RedisServer.start();
      await server.close();
      expect(await open(server.url)).toEqual({
        kind: 'unusable',
        message: `Redis at ${server.url}: connect ECONNREFUSED 127.0.0.1:${server.port}. REDIS_URL says where it is: is it running, and can it be reached from here?`,
      });
    });
  });

  describe('when something ends', () => {
    let server: RedisServer;
    let redis: RedisUnderTest;
    beforeEach(async () => {
      server = await startServer();
      redis = new RedisUnderTest(server.url);
      ending.push(() => redis.close());
    });

    test('what was recorded, enqueued, claimed and buried is there after Redis was killed, and fences go on', async () => {
      const store = await redis.connect();
      const queue = new BullmqWorkQueue(store);
      const inbox = new RedisInbox(store, queue);
      await inbox.record(delivery('d1'));
      for (const key of ['buried', 'claimed', 'waits']) await queue.enqueue({ lane: key, key, subject: subject(1) });
      const buried = await queue.claim();
      if (buried) await queue.bury(buried, 'why');
      const claimed = await queue.claim();

      await server.kill();
      await expect(inbox.record(delivery('d2'))).rejects.toBeInstanceOf(Unavailable);
      await expect(claimed?.lock.stillHeld()).rejects.toBeInstanceOf(Unavailable);
      await server.restart();

      expect(await inbox.record(delivery('d1'))).toBe('duplicate');
      expect(await inbox.find('github', 'd2')).toBeNull();
      expect(await claimed?.lock.stillHeld()).toBe(true);
      expect(claimed && (await queue.extend(claimed))).toBe('done');
      expect((await queue.dead()).map(({ key }) => key)).toEqual(['buried']);
      const next = await queue.claim();
      expect(next?.key).toBe('waits');
      expect(next?.lock.fence).toBeGreaterThan(claimed?.lock.fence ?? Infinity);
    });

    test('nothing that was said to be enqueued is lost while Redis is killed again and again under load', async () => {
      const store = await redis.connect();
      const queue = new BullmqWorkQueue(store);
      const said = new Set<string>();
      const done = new Set<string>();
      let phase: 'load' | 'over' = 'load';
      const enqueueAll = async (): Promise<void> => {
        for (let number = 0; phase === 'load'; number += 1) {
          const key = String(number);
          const answer = queue.enqueue({ lane: `lane-${number % 5}`, key, subject: subject(number) });
          await answer.then(() => said.add(key)).catch(unlessUnavailable);
        }
      };
      const workAll = async (): Promise<void> => {
        while (phase === 'load') await workOnce().catch(unlessUnavailable);
      };
      const workOnce = async (): Promise<'worked' | 'idle'> => {
        const claim = await queue.claim();
        if (claim === null) return 'idle';
        done.add(claim.key);
        await queue.finish(claim);
        return 'worked';
      };
      const load = Promise.all([enqueueAll(), workAll()]);
      for (const target of [300, 600, 900]) {
        while (said.size < target) await pause(5);
        await server.kill();
        await server.restart();
      }
      phase = 'over';
      await load;
      // Claims whose answer was lost in a kill bear the name of a connection that is gone.
      while ((await queue.nextDue()) !== null) {
        await queue.lapseAbandoned(0);
        if ((await workOnce()) === 'idle') await pause(5);
      }
      expect([...said].filter((key) => !done.has(key))).toEqual([]);
    });

    test('claims of a connection that is gone lapse soon, those of one that is alive do not', async () => {
      const [gone, alive] = [await redis.connect(), await redis.connect()];
      const [first, second] = [new BullmqWorkQueue(gone), new BullmqWorkQueue(alive)];
      await first.enqueue({ lane: 'a', key: '1', subject: subject(1) });
      await first.enqueue({ lane: 'b', key: '1', subject: subject(2) });
      await first.claim();
      const kept = await second.claim();
      expect(await second.lapseAbandoned(0)).toBe(0);
      gone.close();
      await expect.poll(() => second.lapseAbandoned(0)).toBe(1);
      const again = await second.claim();
      expect([again?.lane, again?.attempt]).toEqual(['a', 2]);
      expect(await kept?.lock.stillHeld()).toBe(true);
    });

    test('a job that Redis has dropped, for it may drop keys, is lost alone: nothing else stops', async () => {
      const store = await redis.connect();
      const clock = new ManualClock();
      const queue = new BullmqWorkQueue(store, { clock, lease: 50 });
      const enqueue = (lane: string, key: string) => queue.enqueue({ lane, key, subject: subject(1) });
      const drop = (number: number) => store.send('DEL', `${store.prefix}:job:${String(number).padStart(16, '0')}`);
      for (const key of ['1', '2', '3', '4']) await enqueue('a', key);
      await Promise.all([drop(1), drop(3)]);
      await enqueue('a', '3');
      const claim = await queue.claim();
      expect([claim?.key, claim && (await queue.finish(claim))]).toEqual(['2', 'done']);
      await enqueue('a', '1');

      const lost = await queue.claim();
      expect(lost?.key).toBe('4');
      await drop(4);
      expect([await lost?.lock.stillHeld(), lost && (await queue.finish(lost))]).toEqual([false, 'lost']);
      expect(await queue.claim()).toBeNull();
      clock.advance(50);
      const third = await queue.claim();
      expect([third?.key, third && (await queue.bury(third, 'once'))]).toEqual(['3', 'done']);
      await drop(Number(third?.id));
      expect(await queue.dead()).toEqual([]);
      expect((await queue.claim())?.key).toBe('1');
    });

    test('the bell wakes another process’s listener, at once and at a later time', async () => {
      const bells = [new LaneBell(redis.location, silence), new LaneBell(redis.location, silence)] as const;
      for (const bell of bells) ending.push(() => bell.close());
      const [here, there] = [
        new BullmqWorkQueue(await redis.connect(), { bell: bells[0] }),
        new BullmqWorkQueue(await redis.connect(), { bell: bells[1] }),
      ];
      let calls = 0;
      there.onWork(() => void (calls += 1));
      await here.enqueue({ lane: 'a', key: '1', subject: subject(1) });
      await expect.poll(() => calls, { timeout: 5_000 }).toBe(1);
      await here.enqueue({ lane: 'b', key: '1', subject: subject(1), notBefore: Date.now() + 300 });
      expect(calls).toBe(1);
      await expect.poll(() => calls, { timeout: 5_000 }).toBe(2);
    });

    test('of several processes one takes a turn, until its time has come again', async () => {
      const turns = [new RedisTurns(await redis.connect()), new RedisTurns(await redis.connect())] as const;
      const takeBoth = (interval: number) => Promise.all(turns.map((each) => each.take('sweep', interval)));
      expect((await takeBoth(60_000)).toSorted()).toEqual(['done-lately', 'taken']);
      expect(await takeBoth(60_000)).toEqual(['done-lately', 'done-lately']);
      expect(await turns[0].take('other', 60_000)).toBe('taken');
      expect(await turns[1].take('sweep', 0)).toBe('taken');
    });
  });
});

function unlessUnavailable(error: unknown): void {
  if (!(error instanceof Unavailable)) throw error;
}
