/** Reads with ETags, on both forges: what has not changed is not sent again, what has changed is never hidden. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryCache } from '../../src/adapters/memory/memory-cache.js';
import { githubTokenKeeping } from '../adapters/github/github-harness.js';
import { seed, type ForgeWorld } from './forge-harness.js';
import { gitlabKeeping } from './gitlab-harness.js';

describe.each([
  ['github', githubTokenKeeping],
  ['gitlab', gitlabKeeping],
] as const)('conditional reads: %s', (_name, keeping) => {
  let answers: MemoryCache;
  let world: ForgeWorld;
  let head: string;
  let number: number;
  const statuses: number[] = [];
  const note = (message: unknown): void =>
    void statuses.push((message as { readonly response: { readonly statusCode: number } }).response.statusCode);

  beforeEach(async () => {
    answers = new MemoryCache();
    world = await keeping(answers).start();
    head = await world.push('alice', 'work', { 'work.txt': 'work\n' });
    number = await world.openPullRequest('alice', { head: 'work' });
    subscribe('undici:request:headers', note);
  });
  afterEach(async () => {
    unsubscribe('undici:request:headers', note);
    await world.close();
  });

  /** What `read` resolves to, and with which statuses the forge answered. */
  async function seen<T>(read: () => Promise<T>): Promise<{ readonly value: T; readonly statuses: readonly number[] }> {
    statuses.length = 0;
    const value = await read();
    return { value, statuses: [...statuses] };
  }

  const reads = () =>
    ({
      'the pull request': () => world.forge.pullRequests.read(world.repository, number),
      'open pull requests': () => world.forge.pullRequests.listOpen(world.repository),
      reviews: () => world.forge.pullRequests.reviews(world.repository, number),
      comments: () => world.forge.comments.list(world.repository, number),
      checks: () => world.forge.checks.list(world.repository, head),
      'required checks': () => world.forge.checks.required(world.repository, seed.defaultBranch),
      permission: () => world.forge.people.permission(world.repository, 'dan'),
    }) as const;

  it('what has not changed is not sent again, and reads the same', async () => {
    // Whether it can be merged is computed for the first who asks.
    await world.forge.pullRequests.read(world.repository, number);
    for (const [name, read] of Object.entries(reads())) {
      const first = await seen<unknown>(read);
      const second = await seen<unknown>(read);
      expect([name, second.value]).toEqual([name, first.value]);
      expect([name, first.statuses.includes(200), second.statuses.includes(304)]).toEqual([name, true, true]);
      expect([name, second.statuses.filter((status) => status === 200)]).toEqual([name, []]);
    }
  });

  it('each change shows at the next read', async () => {
    const changes: Readonly<Record<keyof ReturnType<typeof reads>, () => Promise<unknown>>> = {
      'the pull request': async () => {
        head = await world.push('bob', 'work', { 'work.txt': 'other\n' });
      },
      'open pull requests': async () => {
        await world.push('alice', 'second', { 'second.txt': 'second\n' });
        await world.openPullRequest('alice', { head: 'second' });
      },
      reviews: () => world.review('bob', number, 'approved'),
      comments: () => world.comment('bob', number, 'Why?'),
      checks: () => world.reportCheck(head, 'ci/build', 'success'),
      'required checks': async () => world.protect(seed.defaultBranch, { requiredChecks: ['ci/build'] }),
      permission: async () => world.setPermission('dan', 'write'),
    };
    for (const [name, read] of Object.entries(reads())) {
      const before = await read();
      await read();
      await changes[name as keyof typeof changes]();
      expect([name, await reads()[name as keyof typeof changes]()]).not.toEqual([name, before]);
    }
  });

  it('a page that is full does not hide the one that comes to be after it', async () => {
    for (let count = 0; count < 100; count += 1) await world.comment('bob', number, `Comment ${count}`);
    const list = () => world.forge.comments.list(world.repository, number);
    expect(await list()).toHaveLength(100);
    expect(await list()).toHaveLength(100);
    await world.comment('bob', number, 'One more');
    expect((await list()).at(-1)?.body).toBe('One more');
    // Two pages now, the first of which is full and says so.
    expect(await list()).toHaveLength(101);
    await world.comment('bob', number, 'And another');
    expect((await list()).at(-1)?.body).toBe('And another');
  });

  it('what is gone is gone', async () => {
    const read = () => world.forge.repositories.facts(world.repository);
    expect(await read()).not.toBeNull();
    const kept = await seen(read);
    expect(kept.statuses).toEqual([304]);
    await world.close();
    // The same question under the same name: nothing answers, and nothing that was kept stands in for it.
    await expect(read()).rejects.toMatchObject({ name: 'Unavailable' });
    world = await keeping(answers).start();
  });
});
