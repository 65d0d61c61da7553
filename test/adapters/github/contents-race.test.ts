/** People push while the bot commits: the lock is asked right before each write, so a test can push just there. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { grantLaneLock, type LaneLock } from '../../../src/ports/lane-lock.js';
import type { CommitRequest } from '../../../src/ports/contents.js';
import { seed, type ForgeWorld } from '../../contract/forge-harness.js';
import { githubApp } from './github-harness.js';

let world: ForgeWorld;
let base: string;
let first: string;
beforeEach(async () => {
  world = await githubApp.start();
  base = (await world.head(seed.defaultBranch)) ?? '';
  first = await world.push('alice', 'work', { 'a.txt': '1\n' });
});
afterEach(() => world.close());

/** Somebody pushes when the lock is asked for the nth time. */
function interrupted(nth: number): { readonly lock: LaneLock; pushed(): string } {
  let asked = 0;
  let pushed = '';
  const lock = grantLaneLock('lane', 1, async () => {
    asked += 1;
    if (asked === nth) pushed = await world.push('bob', 'work', { 'a.txt': 'by a person\n' });
    return true;
  });
  return {
    lock,
    pushed() {
      expect(pushed).toMatch(/^[0-9a-f]{40}$/);
      return pushed;
    },
  };
}

const change = (parent: string): CommitRequest => ({
  repository: world.repository,
  branch: 'work',
  expected: first,
  parent,
  message: 'Promote api',
  changes: [{ kind: 'write', path: 'a.txt', content: Buffer.from('2\n'), mode: '100644', blob: null }],
});

it.each([
  ['before the tree', 1],
  ['before the commit', 2],
  ['before the branch moves', 3],
])('a push %s is neither overwritten nor built upon', async (_name, nth) => {
  for (const parent of [() => first, () => base]) {
    const race = interrupted(nth);
    const outcome = await world.forge.contents.commit(race.lock, change(parent()));
    expect(outcome).toEqual({ kind: 'branch-moved', actual: race.pushed() });
    expect(await world.head('work')).toBe(race.pushed());
    first = race.pushed();
  }
});

it('a push right before a deletion keeps the branch', async () => {
  const race = interrupted(1);
  await world.forge.contents.deleteBranch(race.lock, world.repository, { name: 'work', expected: first });
  expect(await world.head('work')).toBe(race.pushed());
});

it('a branch that somebody makes meanwhile is theirs', async () => {
  const lock = grantLaneLock('lane', 1, async () => {
    if ((await world.head('new')) === null) await world.push('bob', 'new', { 'b.txt': 'by a person\n' });
    return true;
  });
  const outcome = await world.forge.contents.commit(lock, { ...change(base), branch: 'new', expected: null });
  expect(outcome).toEqual({ kind: 'branch-moved', actual: await world.head('new') });
});
