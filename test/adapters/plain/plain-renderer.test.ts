import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPlainRenderer } from '../../../src/adapters/plain/create-plain-renderer.js';
import { configMap, RenderWorld } from '../../contract/renderer-contract.js';

describe('the plain renderer', () => {
  const world = new RenderWorld();
  const renderer = createPlainRenderer();
  beforeAll(() => world.start());
  afterAll(() => world.close());

  test('takes YAML and JSON at any depth, each file as it is, in byte order', async () => {
    const result = await world.render(renderer, {
      'app/b.yml': 'not: a manifest\n',
      'app/a.yaml': '# a\n---\n# b\n',
      'app/deep/er/c.json': '{}',
      'app/README.md': 'no',
      'app/.lockkeeper.yaml': 'version: 1\n',
      'app/yaml': 'no',
      'app2/d.yaml': 'no',
    });
    expect(result).toEqual({
      kind: 'rendered',
      notes: [],
      streams: [
        { name: 'app/a.yaml', text: '# a\n---\n# b\n' },
        { name: 'app/b.yml', text: 'not: a manifest\n' },
        { name: 'app/deep/er/c.json', text: '{}' },
      ],
    });
  });

  test('renders nothing from nothing', async () => {
    expect(await world.render(renderer, { 'other/a.yaml': 'a' })).toEqual({ kind: 'rendered', streams: [], notes: [] });
  });

  test('follows links to files elsewhere in the repository, through linked directories', async () => {
    const result = await world.render(renderer, {
      'app/a.yaml': { mode: '120000', content: '../linked/x.yaml' },
      linked: { mode: '120000', content: 'shared' },
      'shared/x.yaml': configMap('shared'),
    });
    expect(result).toEqual({
      kind: 'rendered',
      streams: [{ name: 'app/a.yaml', text: configMap('shared') }],
      notes: [],
    });
  });

  test.each([
    ['nothing.yaml', 'leads to no file'],
    ['a.yaml', 'leads to no file'],
    ['../app', 'leads to no file'],
    ['../../x.yaml', 'leads out of the repository'],
    ['/x.yaml', 'leads out of the repository'],
  ])('refuses a link to %s', async (content, words) => {
    const result = await world.render(renderer, { 'app/a.yaml': { mode: '120000', content }, 'app/b.yaml': 'b: 1' });
    expect(result).toEqual({ kind: 'failed', file: 'app/a.yaml', message: `The symbolic link ${words}` });
  });

  test.each([
    ['bytes that are no UTF-8', Uint8Array.from([0x61, 0xff])],
    ['NUL', 'a: \0'],
  ])('fails for %s and names the file', async (_what, content) => {
    const result = await world.render(renderer, { 'app/a.yaml': 'a: 1\n', 'app/b.yaml': content });
    expect(result).toEqual({ kind: 'failed', file: 'app/b.yaml', line: 1, message: 'The file is not UTF-8 text' });
  });

  test('holds its limits', async () => {
    const small = createPlainRenderer({ files: 2, fileBytes: 10, totalBytes: 15 });
    const words = async (files: Record<string, string>) => {
      const result = await world.render(small, files);
      return result.kind === 'failed' ? `${result.file}: ${result.message}` : result.kind;
    };
    expect(await words({ 'app/a.yaml': '0123456789', 'app/b.yaml': '01234' })).toBe('rendered');
    expect(await words({ 'app/a.yaml': '01234567890' })).toBe('app/a.yaml: The file is larger than 10 bytes');
    expect(await words({ 'app/a.yaml': '0123456789', 'app/b.yaml': '012345' })).toBe(
      'app/b.yaml: The manifests are larger than 15 bytes together',
    );
    expect(await words({ 'app/a.yaml': '', 'app/b.yaml': '', 'app/c.yaml': '' })).toBe(
      'app: There are 3 manifest files, more than 2',
    );
  });
});
