/** What is particular to the SQLite file: what else may lie in its place, who else may have it open, and what a kill leaves. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/memory/testing/manual-clock.js';
import { countJobs } from '../../src/adapters/sqlite/count-jobs.js';
import { openSqliteStore, STORE_FILE } from '../../src/adapters/sqlite/open-sqlite-store.js';
import { SqliteCache } from '../../src/adapters/sqlite/sqlite-cache.js';
import { MIGRATIONS } from '../../src/adapters/sqlite/sqlite-schema.js';
import { SqliteWorkQueue } from '../../src/adapters/sqlite/sqlite-work-queue.js';
import { Unavailable } from '../../src/core/problem.js';
import type { Delivery } from '../../src/ports/store.js';
import { describeJobCounts } from './job-counts.js';
import { subject } from './numbered-subject.js';
import { inboxAndQueue, TemporaryStore } from './temporary-store.js';

const delivery = (id: string): Delivery => ({
  id,
  source: 'github',
  name: 'push',
  receivedAt: 1,
  event: { kind: 'repositories', repositories: [] },
});

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describeJobCounts('SQLite', async () => {
  const clock = new ManualClock();
  const folder = new TemporaryStore();
  const store = folder.connect();
  const { queue } = inboxAndQueue(store, clock);
  return { clock, queue, counts: async () => countJobs(store, clock.now()), close: () => folder.remove() };
});

describe('lockkeeper.sqlite', () => {
  let folder: TemporaryStore;
  let file: string;
  beforeEach(() => {
    folder = new TemporaryStore();
    file = join(folder.directory, STORE_FILE);
  });
  afterEach(() => folder.remove());

  test('a data directory that is missing is made, with those above it', () => {
    const directory = join(folder.directory, 'a', 'b');
    const opened = openSqliteStore({ directory });
    expect(opened.kind).toBe('opened');
    if (opened.kind === 'opened') opened.store.close();
    expect(readFileSync(join(directory, STORE_FILE)).subarray(0, 15).toString()).toBe('SQLite format 3');
  });

  test('a data directory that cannot be made is named', () => {
    writeFileSync(join(folder.directory, 'file'), '');
    const directory = join(folder.directory, 'file', 'data');
    const opened = openSqliteStore({ directory });
    expect(opened.kind === 'unusable' && opened.message).toContain(`The data directory ${directory} cannot be made:`);
  });

  test('a directory in the place of the file is named', () => {
    mkdirSync(file);
    const opened = openSqliteStore({ directory: folder.directory });
    expect(opened.kind === 'unusable' && opened.message).toContain(`${file} cannot be opened:`);
  });

  test('a file that is no database is named, and left as it is', () => {
    const content = 'dear diary, '.repeat(1_000);
    writeFileSync(file, content);
    expect(openSqliteStore({ directory: folder.directory })).toEqual({
      kind: 'unusable',
      message: `${file} is not an SQLite database. Move it away, or set another DATA_DIR.`,
    });
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  test("another program's database is refused, and left as it is", () => {
    const theirs = new Database(file);
    theirs.exec('CREATE TABLE recipes (name TEXT)');
    theirs.close();
    const before = readFileSync(file);
    expect(openSqliteStore({ directory: folder.directory })).toEqual({
      kind: 'unusable',
      message: `${file} belongs to another program. Set another DATA_DIR.`,
    });
    expect(readFileSync(file)).toEqual(before);
  });

  test('the file of a newer version is refused', () => {
    folder.connect().execute(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    const opened = openSqliteStore({ directory: folder.directory });
    expect(opened.kind === 'unusable' && opened.message).toContain(`${file} was written by a newer Lockkeeper (schema`);
  });

  test('a migration that fails leaves nothing behind', () => {
    const store = folder.connect();
    expect(() =>
      store.transaction(() => {
        store.execute('CREATE TABLE half (a TEXT); PRAGMA user_version = 99');
        store.execute('CREATE TABLE deliveries (a TEXT)');
      }),
    ).toThrow('already exists');
    expect(store.row(`SELECT count(*) AS n FROM sqlite_schema WHERE name = 'half'`)?.integer('n')).toBe(0);
    expect(store.row('PRAGMA user_version')?.integer('user_version')).toBe(MIGRATIONS.length);
  });

  test('a commit is flushed to the disk before it is answered', () => {
    const store = folder.connect();
    expect(store.row('PRAGMA journal_mode')?.text('journal_mode')).toBe('wal');
    expect(store.row('PRAGMA synchronous')?.integer('synchronous')).toBe(2);
  });

  test('everything is still there after closing and opening again', async () => {
    const clock = new ManualClock();
    const store = folder.connect();
    await inboxAndQueue(store).inbox.record(delivery('d1'));
    await new SqliteCache(store).put('k', 'v');
    const before = new SqliteWorkQueue(store, { clock, lease: 50 });
    await before.enqueue({ lane: 'a', key: 'claimed', subject: subject(1) });
    const lost = await before.claim();
    await before.enqueue({ lane: 'a', key: 'waiting', subject: subject(2) });
    folder.disconnect();

    const again = folder.connect();
    expect(await inboxAndQueue(again).inbox.record(delivery('d1'))).toBe('duplicate');
    expect(await new SqliteCache(again).get('k')).toBe('v');
    const queue = new SqliteWorkQueue(again, { clock, lease: 50 });
    expect(await queue.claim()).toBeNull();
    clock.advance(50);
    const claim = await queue.claim();
    expect([claim?.key, claim?.attempt]).toEqual(['claimed', 2]);
    expect(claim?.lock.fence).toBeGreaterThan(lost?.lock.fence ?? Infinity);
  });

  test('a file that another process keeps locked is unavailable for now: nothing is lost, and it works afterwards', async () => {
    const inbox = inboxAndQueue(folder.connect(20)).inbox;
    const other = folder.connect();
    other.execute('BEGIN IMMEDIATE');
    const error = await failure(inbox.record(delivery('d1')));
    expect(error).toBeInstanceOf(Unavailable);
    expect((error as Error).message).toBe(`${file}: database is locked`);
    other.execute('COMMIT');
    expect(await inbox.record(delivery('d1'))).toBe('recorded');
  });

  test('an idle worker asks without the write lock', async () => {
    const queue = new SqliteWorkQueue(folder.connect(20), { clock: new ManualClock() });
    folder.connect().execute('BEGIN IMMEDIATE');
    expect(await queue.claim()).toBeNull();
  });

  test('a full disk is said in its own words, and what was there stays', async () => {
    const store = folder.connect();
    const inbox = inboxAndQueue(store).inbox;
    const queue = new SqliteWorkQueue(store, { clock: new ManualClock() });
    const cache = new SqliteCache(store);
    await inbox.record(delivery('before'));
    await queue.enqueue({ lane: 'a', key: '1', subject: subject(1) });
    await cache.put('k', 'small');
    const claim = await queue.claim();
    // The nearest thing to a full disk that needs no disk: SQLite answers both with SQLITE_FULL.
    store.execute(`PRAGMA max_page_count = ${store.row('PRAGMA page_count')?.integer('page_count')}`);

    const large = { ...delivery('large'), name: 'x'.repeat(100_000) };
    for (const work of [
      () => inbox.record(large),
      () => cache.put('k', 'x'.repeat(100_000)),
      async () => claim && queue.bury(claim, 'x'.repeat(100_000)),
    ]) {
      const error = await failure(work());
      expect(error).toBeInstanceOf(Unavailable);
      expect((error as Error).message).toBe(`${file}: database or disk is full`);
    }
    expect(await inbox.find('github', 'large')).toBeNull();
    expect(await cache.get('k')).toBe('small');
    expect(await claim?.lock.stillHeld()).toBe(true);

    store.execute('PRAGMA max_page_count = 1000000');
    expect((await inbox.waiting()).map((entry) => entry.id)).toEqual(['before']);
    expect(await inbox.record(large)).toBe('recorded');
  });

  test('a file that has become read-only is unavailable for now', async () => {
    const store = folder.connect();
    const { inbox, queue } = inboxAndQueue(store);
    await queue.enqueue({ lane: 'a', key: '1', subject: subject(1) });
    // As where a disk with errors is mounted anew, to be read only: SQLite answers both with SQLITE_READONLY.
    store.execute('PRAGMA query_only = ON');
    for (const work of [() => inbox.record(delivery('d1')), () => queue.claim()])
      expect(await failure(work())).toBeInstanceOf(Unavailable);
    store.execute('PRAGMA query_only = OFF');
    expect(await inbox.record(delivery('d1'))).toBe('recorded');
    expect(await queue.claim()).not.toBeNull();
  });

  test('what was asked for before closing is kept', async () => {
    const store = folder.connect();
    const recorded = inboxAndQueue(store).inbox.record(delivery('d1'));
    store.close();
    expect(await recorded).toBe('recorded');
    expect(await inboxAndQueue(folder.connect()).inbox.find('github', 'd1')).not.toBeNull();
  });

  test('probing tells whether the file can be written', () => {
    const store = folder.connect(20);
    store.probe(1);
    const other = folder.connect();
    other.execute('BEGIN IMMEDIATE');
    expect(() => store.probe(2)).toThrow(Unavailable);
  });

  test('closing twice is closing once', () => {
    const store = folder.connect();
    store.close();
    store.close();
    expect(() => store.row('SELECT 1')).toThrow('not open');
  });

  test('a finished read does not keep the file as it was then', async () => {
    const [one, two] = [inboxAndQueue(folder.connect()).inbox, inboxAndQueue(folder.connect()).inbox];
    for (const id of ['d1', 'd2', 'd3']) {
      await one.record(delivery(id));
      expect((await two.waiting()).at(-1)?.id).toBe(id);
      expect(await two.find('github', id)).not.toBeNull();
    }
  });
});
