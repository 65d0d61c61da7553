// Mirrors that were left broken, locked or in many pieces.
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Unavailable } from '../../../src/core/problem.js';
import { failure, MirrorsUnderTest, secret } from './mirrors-under-test.js';

let under: MirrorsUnderTest;
beforeEach(async () => {
  under = await MirrorsUnderTest.start();
});
afterEach(() => under.close());

describe('repairs', () => {
  test('a clone that was killed is made again, and what it left is removed', async () => {
    await mkdir(join(under.directory, 'objects'), { recursive: true });
    await mkdir(`${under.directory}.new-abc`, { recursive: true });
    const mirror = await under.mirrors().of(under.remote());
    expect(await mirror.branch('main')).toBe(under.first);
    expect(await readdir(join(under.dataDirectory, 'mirrors', 'github'))).toEqual(['acme%2Fconfig.git']);
  });

  test('a mirror that lost its objects is made again when it is opened', async () => {
    await under.mirrors().of(under.remote());
    await rm(join(under.directory, 'objects', 'pack'), { recursive: true });
    const mirror = await under.mirrors().of(under.remote());
    expect(Buffer.from((await mirror.file(under.first, 'a.yaml')) ?? []).toString()).toBe('a: 1\n');
    expect(under.lines.join('\n')).toContain('made anew');
  });

  test('a mirror that breaks while it is open is made again by the next fetch', async () => {
    const mirror = await under.mirrors().of(under.remote());
    await rm(join(under.directory, 'objects', 'pack'), { recursive: true });
    await mirror.fetch();
    expect(Buffer.from((await mirror.file(under.first, 'a.yaml')) ?? []).toString()).toBe('a: 1\n');
  });

  test('an old lock file is removed, a fresh one respected', async () => {
    await under.mirrors().of(under.remote());
    const lock = join(under.directory, 'packed-refs.lock');
    const branchLock = join(under.directory, 'refs', 'heads', 'main.lock');
    await mkdir(join(under.directory, 'refs', 'heads'), { recursive: true });
    await writeFile(lock, '');
    await writeFile(branchLock, '');
    const old = new Date(Date.now() - 3_600_000);
    await utimes(lock, old, old);
    const mirror = await under.mirrors().of(under.remote());
    const names = await readdir(under.directory, { recursive: true });
    expect(names.filter((name) => name.endsWith('.lock'))).toEqual(['refs/heads/main.lock']);
    under.origin.setRef('refs/heads/main', under.origin.change(under.first, { 'a.yaml': 'a: 2\n' }));
    expect(await failure(mirror.fetch())).toBeInstanceOf(Unavailable);
    await rm(branchLock);
    await mirror.fetch();
  });

  test('many packs become one, and everything is still there', async () => {
    const mirror = await under.mirrors().of(under.remote(async () => secret, under.origin.directory));
    let tip = under.first;
    const tree = under.origin.git(['rev-parse', `${under.first}^{tree}`]);
    for (let round = 0; round < 51; round += 1) {
      tip = under.origin.commitTree(tree, { parents: [tip] });
      under.origin.setRef('refs/heads/main', tip);
      await mirror.fetch();
    }
    // The next fetch begins after the packs were made one.
    await mirror.fetch();
    const packs = (await readdir(join(under.directory, 'objects', 'pack'))).filter((name) => name.endsWith('.pack'));
    expect(packs.length).toBeLessThan(10);
    expect(Buffer.from((await mirror.file(tip, 'a.yaml')) ?? []).toString()).toBe('a: 1\n');
    expect((await mirror.file(under.first, 'large.bin'))?.length).toBe(1024 * 1024 + 1);
    expect(await mirror.log({ from: under.first, to: tip, paths: [], limit: 100, walk: 'first-parents' })).toHaveLength(
      51,
    );
  });
});
