import { mkdir, readdir, utimes } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTreeFetcher, type TreeFetcher } from '../../../src/adapters/git/tree-fetcher.js';
import { GitOrigin, processes, silentLog } from '../../contract/git-origin.js';

let origin: GitOrigin;
let fetcher: TreeFetcher;
const now = Date.parse('2026-03-01T00:00:00Z');
let [first, second]: readonly string[] = [];
beforeAll(async () => {
  origin = await GitOrigin.make({ 'uploadpack.allowReachableSHA1InWant': 'true' });
  first = origin.commit({ 'api/kustomization.yaml': 'resources: []\n' });
  second = origin.commit({ 'api/kustomization.yaml': 'resources: [x.yaml]\n' }, { parents: [first] });
  origin.setRef('refs/heads/main', second);
  origin.setRef('refs/tags/v1', first);
  fetcher = createTreeFetcher({
    dataDirectory: join(origin.folder, 'data'),
    processes,
    now: () => now,
    log: silentLog,
  });
});
afterAll(async () => {
  await fetcher.close();
  await origin.remove();
});

const fetch = (ref: string, url = origin.directory) => fetcher.fetch({ url, ref, connectTo: null });

describe('a repository of others', () => {
  test('is read at a tag, also once that has moved, and at a commit', async () => {
    const at = await fetch('v1');
    expect(at).toMatchObject({ kind: 'fetched', commit: first });
    if (at.kind !== 'fetched') return;
    const sha = at.view.entries.get('api/kustomization.yaml')?.sha ?? '';
    expect(String(Buffer.from((await at.mirror.blobs([sha])).get(sha) ?? []))).toBe('resources: []\n');
    origin.setRef('refs/tags/v1', second ?? '');
    expect(await fetch('v1')).toMatchObject({ commit: second });
    expect(await fetch(first ?? '')).toMatchObject({ commit: first });
  });

  test.each([
    ['main', /has no tag main: only tags and whole ids of commits are fetched, since a branch moves$/],
    ['v9', /has no tag v9/],
    ['0000000000000000000000000000000000000001', /could not be fetched: /],
  ])('is not read at %s', async (ref, message) => {
    expect(await fetch(ref)).toEqual({ kind: 'failed', message: expect.stringMatching(message) });
  });

  test('is asked for at the address that is named, whatever its host’s name leads to, and nowhere else', async () => {
    const hosts: string[] = [];
    const server = createServer(({ headers, url = '' }, response) => {
      hosts.push(headers.host ?? '');
      if (url.startsWith('/moved')) response.writeHead(302, { location: `http://127.0.0.1:1${url}` }).end();
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const ask = (path: string, connectTo = `git.invalid:${port}:127.0.0.1`) =>
      fetcher.fetch({ url: `http://git.invalid:${port}/${path}`, ref: 'v1', connectTo });
    try {
      const moved = `http://git.invalid:${port}/moved has moved: name the address that it is at now`;
      expect(await ask('moved')).toEqual({ kind: 'failed', message: moved });
      expect(await ask('private')).toMatchObject({ message: expect.stringContaining('asks for credentials') });
      expect(new Set(hosts)).toEqual(new Set([`git.invalid:${port}`]));
      const asked = hosts.length;
      expect(await ask('x', `git.invalid:${port}:127.0.0.2`)).toMatchObject({ kind: 'failed' });
      expect(hosts.length).toBe(asked);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test('is told from what is no repository', async () => {
    const gone = join(origin.folder, 'gone');
    expect(await fetch('v1', gone)).toEqual({
      kind: 'failed',
      message: expect.stringContaining(`${gone} could not be`),
    });
  });

  test('is forgotten once it was not asked for in thirty days', async () => {
    const dataDirectory = join(origin.folder, 'long');
    const days = (count: number) => now + count * 24 * 60 * 60_000;
    const start = async (at: number) => {
      const started = createTreeFetcher({ dataDirectory, processes, now: () => at, log: silentLog });
      const asked = await started.fetch({ url: origin.directory, ref: 'v1', connectTo: null });
      await started.close();
      expect(asked).toMatchObject({ kind: 'fetched' });
      return (await readdir(join(dataDirectory, 'sources'))).toSorted();
    };
    const [used = ''] = await start(days(0));
    const left = join(dataDirectory, 'sources', 'left.git');
    await mkdir(left);
    await utimes(left, new Date(days(0)), new Date(days(0)));
    expect(await start(days(29))).toEqual([used, 'left.git'].toSorted());
    expect(await start(days(31))).toEqual([used]);
  });
});
