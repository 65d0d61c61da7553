// What mirrors do beyond their contract: what is fetched, when, and from a remote that fails.
import { execFileSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Unavailable } from '../../../src/core/problem.js';
import { failure, MirrorsUnderTest } from './mirrors-under-test.js';

let under: MirrorsUnderTest;
beforeEach(async () => {
  under = await MirrorsUnderTest.start();
});
afterEach(() => under.close());

describe('pull request heads', () => {
  test('of both forges come with a fetch, without being asked for', async () => {
    const head = under.origin.change(under.first, { 'b.yaml': 'b: 1\n' });
    under.origin.setRef('refs/pull/1/head', head);
    under.origin.setRef('refs/merge-requests/1/head', head);
    for (const forge of ['github', 'gitlab'] as const) {
      const mirror = await under.mirrors().of({ ...under.remote(), repository: { forge, path: 'acme/config' } });
      const before = under.server.requests.length;
      expect(await mirror.has(head)).toBe(true);
      expect(Buffer.from((await mirror.file(head, 'b.yaml')) ?? []).toString()).toBe('b: 1\n');
      expect(under.server.requests.length).toBe(before);
    }
  });
});

describe('a failing remote', () => {
  test('is unavailable, and the next try works', async () => {
    const made = under.mirrors();
    under.server.beforeAnswer = async () => ({ status: 503 });
    const error = await failure(made.of(under.remote()));
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).toContain('503');
    expect(await readdir(join(under.dataDirectory, 'mirrors', 'github'))).toEqual([]);
    under.server.beforeAnswer = async () => null;
    const mirror = await made.of(under.remote());
    under.server.beforeAnswer = async () => ({ status: 500 });
    expect(await failure(mirror.fetch())).toBeInstanceOf(Unavailable);
    expect(await mirror.branch('main')).toBe(under.first);
  });

  test('that does not answer is given up when we stop', async () => {
    const made = under.mirrors();
    const mirror = await made.of(under.remote());
    let reached = (): void => undefined;
    const asked = new Promise<void>((resolve) => (reached = resolve));
    under.server.beforeAnswer = () => {
      reached();
      return new Promise(() => undefined);
    };
    const fetching = failure(mirror.fetch());
    await asked;
    await made.close();
    expect(await fetching).toBeInstanceOf(Unavailable);
    expect(await failure(mirror.file(under.first, 'a.yaml'))).toBeInstanceOf(Unavailable);
    expect(await failure(mirror.fetch())).toBeInstanceOf(Unavailable);
  });
});

describe('fetches', () => {
  test('take turns, and each caller gets one that began after it asked', async () => {
    const mirror = await under.mirrors().of(under.remote());
    const [before, requests] = [under.fetches(), under.server.requests.length];
    let letGo = (): void => undefined;
    let reached = (): void => undefined;
    const asked = new Promise<void>((resolve) => (reached = resolve));
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    // The first fetch has asked for the branches but has no answer yet when the others come.
    under.server.beforeAnswer = async (path) => {
      if (!path.includes('git-upload-pack')) return null;
      reached();
      await gate;
      return null;
    };
    const one = mirror.fetch();
    await asked;
    const late = [mirror.fetch(), mirror.fetch(), mirror.fetch()];
    const second = under.origin.change(under.first, { 'a.yaml': 'a: 2\n' });
    expect(under.server.requests.length).toBe(requests + 1);
    letGo();
    await one;
    expect(under.fetches()).toBe(before);
    under.origin.setRef('refs/heads/main', second);
    await Promise.all(late);
    expect(under.fetches()).toBe(before + 1);
    expect(await mirror.branch('main')).toBe(second);
  });

  test('that find nothing new start no git, in a later process either', async () => {
    const mirror = await under.mirrors().of(under.remote());
    const before = under.commands.length;
    await mirror.fetch();
    expect(under.commands.slice(before)).toEqual([]);
    const later = await under.mirrors().of(under.remote());
    const opened = under.commands.length;
    await later.fetch();
    expect(under.commands.slice(opened)).toEqual([]);
    under.origin.setRef('refs/pull/1/head', under.first);
    await later.fetch();
    await later.fetch();
    expect(under.commands.slice(opened)).toEqual([expect.stringContaining(' fetch ')]);
  });

  test('find what was moved while one was under way and moved back after it', async () => {
    const mirror = await under.mirrors().of(under.remote());
    const second = under.origin.change(under.first, { 'a.yaml': 'a: 2\n' });
    under.origin.setRef('refs/heads/new', under.first);
    under.server.beforeAnswer = async (path) => {
      if (path.includes('info/refs')) under.origin.setRef('refs/heads/main', second);
      return null;
    };
    await mirror.fetch();
    expect(await mirror.branch('main')).toBe(second);
    under.server.beforeAnswer = async () => null;
    under.origin.setRef('refs/heads/main', under.first);
    await mirror.fetch();
    expect(await mirror.branch('main')).toBe(under.first);
  });

  test('a failing one fails for those who shared it only', async () => {
    const mirror = await under.mirrors().of(under.remote());
    // The question for the refs, and git's own.
    let left = 2;
    under.server.beforeAnswer = async () => (left-- > 0 ? { status: 500 } : null);
    const results = await Promise.allSettled([mirror.fetch(), mirror.fetch(), mirror.fetch()]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });

  test('opening is shared', async () => {
    const made = under.mirrors();
    const [one, two] = await Promise.all([made.of(under.remote()), made.of(under.remote())]);
    expect(one).toBe(two);
    expect(under.fetches()).toBe(1);
  });
});

test('a branch is found where git has packed it, and a newer one of its own stands above', async () => {
  const mirror = await under.mirrors().of(under.remote());
  const file = join(under.directory, 'refs', 'heads', 'main');
  execFileSync('git', [`--git-dir=${under.directory}`, 'pack-refs', '--all', '--prune']);
  await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
  expect([await mirror.branch('main'), await mirror.branch('ain'), await mirror.branch('other')]).toEqual([
    under.first,
    null,
    null,
  ]);
  await writeFile(file, `${'a'.repeat(40)}\n`);
  expect(await mirror.branch('main')).toBe('a'.repeat(40));
});
