import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTreeFetcher, type TreeFetcher } from '../../../src/adapters/git/tree-fetcher.js';
import { GitOrigin, processes, silentLog } from '../../contract/git-origin.js';

let origin: GitOrigin;
let fetcher: TreeFetcher;
let [first, second]: readonly string[] = [];
beforeAll(async () => {
  origin = await GitOrigin.make({ 'uploadpack.allowReachableSHA1InWant': 'true' });
  first = origin.commit({ 'api/kustomization.yaml': 'resources: []\n' });
  second = origin.commit({ 'api/kustomization.yaml': 'resources: [x.yaml]\n' }, { parents: [first] });
  origin.setRef('refs/heads/main', second);
  origin.setRef('refs/tags/v1', first);
  fetcher = createTreeFetcher({ dataDirectory: join(origin.folder, 'data'), processes, log: silentLog });
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

  test('is told from what is no repository', async () => {
    const gone = join(origin.folder, 'gone');
    expect(await fetch('v1', gone)).toEqual({
      kind: 'failed',
      message: expect.stringContaining(`${gone} could not be`),
    });
  });
});
