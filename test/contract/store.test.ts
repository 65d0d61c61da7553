import { expect, test } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system-clock.js';
import { MemoryCache } from '../../src/adapters/memory/memory-cache.js';
import { MemoryInbox } from '../../src/adapters/memory/memory-inbox.js';
import { MemoryWorkQueue } from '../../src/adapters/memory/memory-work-queue.js';
import { SqliteCache } from '../../src/adapters/sqlite/sqlite-cache.js';
import { describeCache, describeInbox } from './store-contract.js';
import { commitAside, inboxAndQueue, TemporaryStore } from './temporary-store.js';

describeInbox('memory', () => {
  const queue = new MemoryWorkQueue({ clock: systemClock });
  return { port: new MemoryInbox(queue), queue, close: () => undefined };
});

describeInbox('SQLite', () => {
  const folder = new TemporaryStore();
  const { inbox, queue } = inboxAndQueue(folder.connect());
  return { port: inbox, queue, close: () => folder.remove() };
});

describeInbox('SQLite, committing aside', async () => {
  const folder = new TemporaryStore();
  const { inbox, queue } = inboxAndQueue(await commitAside(folder.connect()));
  return { port: inbox, queue, close: () => folder.remove() };
});

describeCache('memory', (options) => ({ port: new MemoryCache(options?.limits), close: () => undefined }));

describeCache('SQLite', (options) => {
  const folder = new TemporaryStore();
  return { port: new SqliteCache(folder.connect(), options?.limits), close: () => folder.remove() };
});

describeCache('SQLite, of answers', (options) => {
  const folder = new TemporaryStore();
  return { port: new SqliteCache(folder.connect(), options?.limits, 'answers'), close: () => folder.remove() };
});

test('what forges answered pushes nothing else out', async () => {
  const folder = new TemporaryStore();
  const store = folder.connect();
  const one = { values: 1, bytes: 1_000 };
  const [cache, answers] = [new SqliteCache(store, one), new SqliteCache(store, one, 'answers')];
  await cache.put('k', 'plan');
  await answers.put('k', 'answer');
  await answers.put('other', 'answer');
  expect([await cache.get('k'), await answers.get('k')]).toEqual(['plan', null]);
  folder.remove();
});
