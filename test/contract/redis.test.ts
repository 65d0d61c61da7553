/** Redis as work queue, inbox and cache: the suites that memory and SQLite pass, and what is particular to it. */
import { afterAll, beforeAll } from 'vitest';
import { BullmqWorkQueue } from '../../src/adapters/bullmq/bullmq-work-queue.js';
import { countJobs } from '../../src/adapters/bullmq/count-jobs.js';
import { RedisCache } from '../../src/adapters/bullmq/redis-cache.js';
import { RedisInbox } from '../../src/adapters/bullmq/redis-inbox.js';
import { ManualClock } from '../../src/adapters/memory/testing/manual-clock.js';
import { RedisServer } from '../tools/redis-server.js';
import { describeWithTool } from '../tools/require-tool.js';
import { describeJobCounts } from './job-counts.js';
import { RedisUnderTest } from './redis-under-test.js';
import { describeCache, describeInbox } from './store-contract.js';
import { describeWorkQueue } from './work-queue-contract.js';

const LEASE = 50;

describeWithTool('redis-server', 'Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.close());

  describeWorkQueue('BullMQ on Redis, every worker with a connection of its own', async () => {
    const clock = new ManualClock();
    const redis = new RedisUnderTest(server.url);
    const stores = [await redis.connect(), await redis.connect()] as const;
    let workers = 0;
    return {
      clock,
      lease: LEASE,
      randomRuns: 40,
      worker: () => new BullmqWorkQueue(stores[workers++ % 2 === 0 ? 0 : 1], { clock, lease: LEASE }),
      close: () => redis.close(),
    };
  });

  describeJobCounts('Redis', async () => {
    const clock = new ManualClock();
    const redis = new RedisUnderTest(server.url);
    const queue = new BullmqWorkQueue(await redis.connect(), { clock });
    return { clock, queue, counts: () => countJobs(queue), close: () => redis.close() };
  });

  describeInbox('Redis', async () => {
    const redis = new RedisUnderTest(server.url);
    const store = await redis.connect();
    const queue = new BullmqWorkQueue(store);
    return { port: new RedisInbox(store, queue), queue, close: () => redis.close() };
  });

  describeCache('Redis', async (options) => {
    const redis = new RedisUnderTest(server.url);
    return { port: new RedisCache(await redis.connect(), options?.limits), close: () => redis.close() };
  });

  describeCache('Redis, of answers', async (options) => {
    const redis = new RedisUnderTest(server.url);
    return { port: new RedisCache(await redis.connect(), options?.limits, 'answer'), close: () => redis.close() };
  });
});
