/** What is frozen survives the store; what was tampered with counts as frozen. */
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { MemoryCache } from '../../src/adapters/memory/memory-cache.js';
import type { App } from '../../src/app/app.js';
import { readFreezes, writeFreezes } from '../../src/app/command/freeze-book.js';
import type { ConfiguredRepository } from '../../src/app/pull-request/gather-repository.js';
import type { Freeze, FreezeDoubt } from '../../src/core/standing/freeze.js';
import type { CommitRequest } from '../../src/ports/contents.js';
import { grantLaneLock } from '../../src/ports/lane-lock.js';

const FREEZE: Freeze = { env: 'prod', by: 'alice', at: 1, until: null, reason: 'audit' };
const BRANCH = 'lockkeeper/state';

/** One repository with the file of each commit, and the bot of one process with its store. */
class Place {
  readonly commits: CommitRequest[] = [];
  readonly files: (string | null)[] = [];
  head: number | null = null;
  cache = new MemoryCache();

  app(path = 'acme/config'): { app: App; repository: ConfiguredRepository } {
    const sign = (text: string): string => createHmac('sha256', 'key').update(text).digest('base64url');
    const mirror = {
      branch: async (name: string) => (name === BRANCH && this.head !== null ? String(this.head) : null),
      file: async (tree: string) => {
        const file = this.files[Number(tree)] ?? null;
        return file === null ? null : new TextEncoder().encode(file);
      },
      fetch: async () => undefined,
    };
    const commit = async (_lock: unknown, request: CommitRequest) => {
      this.commits.push(request);
      const [change] = request.changes;
      this.files.push(change?.kind === 'write' ? new TextDecoder().decode(change.content) : null);
      this.head = this.files.length - 1;
      return { kind: 'committed', commit: String(this.head) };
    };
    const repository = { repository: { forge: 'github', path }, tip: 'tip', mirror, forge: { contents: { commit } } };
    return {
      app: { cache: this.cache, sign } as unknown as App,
      repository: repository as unknown as ConfiguredRepository,
    };
  }

  async read(path?: string): Promise<unknown> {
    const { app, repository } = this.app(path);
    return readFreezes(app, repository);
  }

  async write(...freezes: readonly Freeze[]): Promise<void> {
    const { app, repository } = this.app();
    const lock = grantLaneLock('lane', 1, async () => true);
    await writeFreezes(app, lock, repository, { freezes, change: { kind: 'frozen', env: 'prod' } });
  }
}

test('nothing is frozen where nothing was ever written', async () => {
  expect(await new Place().read()).toEqual({ kind: 'read', freezes: [] });
});

test('is read as it was written, by a bot that has lost its store too', async () => {
  const place = new Place();
  await place.write(FREEZE);
  expect(await place.read()).toEqual({ kind: 'read', freezes: [FREEZE] });
  place.cache = new MemoryCache();
  expect(await place.read()).toEqual({ kind: 'read', freezes: [FREEZE] });
  expect(place.commits).toMatchObject([{ branch: BRANCH, expected: null, parent: 'tip' }]);
  await place.write();
  expect(place.commits[1]).toMatchObject({ expected: '0', parent: '0' });
  expect(await place.read()).toEqual({ kind: 'read', freezes: [] });
});

test.each<[string, FreezeDoubt, (place: Place) => void]>([
  ['edited', 'not-as-signed', (place) => place.files.push((place.files[1] ?? '').replace('prod', 'test'))],
  ['no JSON', 'not-as-signed', (place) => place.files.push('{')],
  ['null', 'not-as-signed', (place) => place.files.push('null')],
  ['deleted', 'deleted', (place) => place.files.push(null)],
  ['an older one', 'put-back', (place) => place.files.push(place.files[0] ?? null)],
])('a file that is %s counts as everything being frozen, until it is written anew', async (_, why, tamper) => {
  const place = new Place();
  await place.write(FREEZE);
  await place.write(FREEZE, { ...FREEZE, env: 'dev' });
  tamper(place);
  place.head = place.files.length - 1;
  expect(await place.read()).toEqual({ kind: 'unreadable', why });
  await place.write(FREEZE);
  expect(await place.read()).toEqual({ kind: 'read', freezes: [FREEZE] });
});

test('a branch that was deleted, and a file signed for another repository, do not count', async () => {
  const place = new Place();
  await place.write(FREEZE);
  expect(await place.read('acme/other')).toEqual({ kind: 'unreadable', why: 'not-as-signed' });
  place.head = null;
  expect(await place.read()).toEqual({ kind: 'unreadable', why: 'deleted' });
});

test('a deleted branch still counts as tampered with after the bot has kept much else', async () => {
  const place = new Place();
  place.cache = new MemoryCache({ values: 3, bytes: 1_000_000 });
  await place.write(FREEZE);
  await place.read();
  for (const key of ['a', 'b', 'c', 'd']) await place.cache.put(key, key);
  place.head = null;
  expect(await place.read()).toEqual({ kind: 'unreadable', why: 'deleted' });
});
