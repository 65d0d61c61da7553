// Remote bases, where the server allows them: fetched before the build, and built without a network.
import { describe, expect, test } from 'vitest';
import { createKustomizeRenderer } from '../../../src/adapters/kustomize/create-kustomize-renderer.js';
import type { RemoteSources } from '../../../src/ports/remote-sources.js';
import type { RenderResult, RenderSource } from '../../../src/ports/renderer.js';
import { processes } from '../../contract/git-origin.js';
import { configMap, renderedText } from '../../contract/renderer-contract.js';
import { describeWithTool } from '../../tools/require-tool.js';
import { treeInMemory, type Texts, type TreeInMemory } from './trees-in-memory.js';

/** Repositories by `url@ref`, and files by address. */
interface Remote {
  readonly trees?: Readonly<Record<string, Texts>>;
  readonly files?: Readonly<Record<string, string>>;
}

const message = 'it is not among the places that this server allows (LOCKKEEPER_REMOTE_SOURCES)';

function sourcesOf({ trees = {}, files = {} }: Remote): RemoteSources & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    version: 'remote sources 1',
    tree: async ({ url, ref }) => {
      asked.push(`${url}@${ref}`);
      const found = trees[`${url}@${ref}`];
      if (found === undefined) return { kind: 'not-allowed', message };
      const { id, view, mirror } = treeInMemory(found);
      return { kind: 'fetched', commit: id, view, mirror };
    },
    file: async (url) => {
      asked.push(url);
      const found = files[url];
      return found === undefined
        ? { kind: 'failed', message: 'it is down' }
        : { kind: 'fetched', content: Buffer.from(found) };
    },
    chart: () => Promise.reject(new Error('not needed')),
  };
}

const bases = 'https://git.test/acme/bases.git';
const at = (path: string): string => `${bases}//${path}?ref=v1`;

function rendererWith(remote: Remote) {
  const remotes = sourcesOf(remote);
  const renderer = createKustomizeRenderer({ processes, remotes });
  const sourceOf = (tree: TreeInMemory): RenderSource => ({
    mirror: tree.mirror,
    tree: tree.id,
    directory: 'app',
    target: { app: 'api', env: 'dev' },
  });
  const render = (files: Texts | TreeInMemory): Promise<RenderResult> =>
    renderer.render(
      sourceOf('mirror' in files && 'view' in files ? (files as TreeInMemory) : treeInMemory(files as Texts)),
    );
  const reads = async (files: Texts): Promise<readonly string[]> => [
    ...((await renderer.reads?.(sourceOf(treeInMemory(files))))?.paths ?? []),
  ];
  return { remotes, render, reads };
}

describeWithTool('kustomize', 'remote bases', () => {
  test('are built with what they name themselves, links and files too', async () => {
    const { render } = rendererWith({
      trees: {
        [`${bases}@v1`]: {
          'api/kustomization.yaml': `resources: [../common, own.yaml, "https://a.test/crds.yaml", "${bases}//deep?ref=v2"]\n`,
          'api/own.yaml': '-> real/own.yaml',
          'api/real/own.yaml': configMap('own'),
          'common/kustomization.yaml': 'resources: [common.yaml]\n',
          'common/common.yaml': configMap('common'),
        },
        [`${bases}@v2`]: { 'deep/kustomization.yaml': 'resources: [deep.yaml]\n', 'deep/deep.yaml': configMap('deep') },
      },
      files: { 'https://a.test/crds.yaml': configMap('fetched') },
    });
    const kustomization = `# a comment\nresources:\n- "${at('api')}" # here\n- local.yaml\n- &x https://a.test/more.yaml\nnamePrefix: dev-\n`;
    const more = rendererWith({ files: { 'https://a.test/more.yaml': configMap('more') } });
    const whole = {
      'app/kustomization.yaml': kustomization.replace(/- &x.*\n/, ''),
      'app/local.yaml': configMap('local'),
    };
    const names = (result: RenderResult) => [...renderedText(result).matchAll(/name: (\S+)/g)].map(([, name]) => name);
    expect(names(await render(whole)).toSorted()).toEqual([
      'dev-common',
      'dev-deep',
      'dev-fetched',
      'dev-local',
      'dev-own',
    ]);
    const single = {
      'app/kustomization.yaml': kustomization.replace(/- "http.*\n/, ''),
      'app/local.yaml': configMap('local'),
    };
    expect(names(await more.render(single))).toEqual(['dev-local', 'dev-more']);
  });
});

describeWithTool('kustomize', 'what kustomize says of a remote base', () => {
  test('names where it came from', async () => {
    const { render } = rendererWith({
      trees: { [`${bases}@v1`]: { 'api/kustomization.yaml': 'resources: [gone.yaml]\n' } },
    });
    expect(await render({ 'app/kustomization.yaml': `resources: ["${at('api')}"]\n` })).toMatchObject({
      kind: 'failed',
      file: `${bases}@v1/api/kustomization.yaml`,
      line: 1,
      message: expect.not.stringContaining('lockkeeper-fetched'),
    });
  });
});

describe('a remote base', () => {
  const resources = (...each: readonly string[]): Texts => ({
    'app/kustomization.yaml': `resources: ${JSON.stringify(each)}\n`,
    'secret.yaml': configMap('secret'),
  });

  test('is part of what is read, by its commit, and asked for once for two mentions', async () => {
    const trees = { 'api/kustomization.yaml': 'resources: [a.yaml]\n', 'api/a.yaml': configMap('a') };
    const { reads, remotes } = rendererWith({ trees: { [`${bases}@v1`]: trees } });
    const read = (await reads(resources(at('api'), at('api')))).filter((path) => path.startsWith('.'));
    const names = ['Kustomization', 'a.yaml', 'kustomization.yaml', 'kustomization.yml'];
    expect(read.toSorted()).toEqual(names.map((name) => `.lockkeeper-fetched/${treeInMemory(trees).id}/api/${name}`));
    expect(remotes.asked).toEqual([`${bases}@v1`]);
  });

  test('that leads out of its repository is refused', async () => {
    const reaching = async (path: string, link = 'x'): Promise<RenderResult> =>
      rendererWith({
        trees: {
          [`${bases}@v1`]: {
            'api/kustomization.yaml': `resources: [${path}]\n`,
            'api/link.yaml': `-> ${link}`,
          },
        },
      }).render(resources(at('api')));
    for (const path of ['../../../secret.yaml', '../../../app', '/etc'])
      expect(await reaching(path)).toMatchObject({
        kind: 'failed',
        file: `${bases}@v1/api/kustomization.yaml`,
        message: `line 1: ${path} leads out of the repository`,
      });
    expect(await reaching('link.yaml', '../../../secret.yaml')).toMatchObject({ kind: 'failed' });
  });

  test.each([
    [[at('gone')], `${bases}//gone names a directory that is not there at v1`],
    [[`${bases}//api`], `${bases}//api names no revision: add ?ref= with a tag or the whole id of a commit`],
    [[`${bases}//api?ref=v9`], `${bases}//api is not fetched: ${message}`],
    [['https://a.test/x.yaml?token=1'], 'https://a.test/x.yaml is not fetched: it is down'],
    [['git@git.test:acme/bases.git?ref=v1'], 'git@git.test:acme/bases.git is not fetched: only https addresses are'],
  ])('%j is refused', async (each, why) => {
    const { render } = rendererWith({ trees: { [`${bases}@v1`]: { 'api/kustomization.yaml': '' } } });
    expect(await render(resources(...each))).toEqual({
      kind: 'failed',
      file: 'app/kustomization.yaml',
      message: `line 1: ${why}`,
    });
  });

  test.each([
    ['patches: [{path: "https://a.test/x.yaml"}]', 'is not fetched: only resources, bases and components are'],
    ['resources:\n- >-\n  https://a.test/x.yaml\n', 'is not fetched: write it on one line'],
  ])('is not fetched where it stands in %j', async (text, why) => {
    const { render, remotes } = rendererWith({ files: { 'https://a.test/x.yaml': configMap('x') } });
    expect(await render({ 'app/kustomization.yaml': text })).toMatchObject({ message: expect.stringContaining(why) });
    expect(remotes.asked).toEqual([]);
  });

  test('that names others without end is refused', async () => {
    const trees = Object.fromEntries(
      Array.from({ length: 12 }, (_each, n) => [
        `${bases}@v${n}`,
        { 'api/kustomization.yaml': `resources: ["${bases}//api?ref=v${n + 1}"]\n` },
      ]),
    );
    const { render } = rendererWith({ trees });
    expect(await render(resources(`${bases}//api?ref=v0`))).toMatchObject({
      message: 'Remote bases name others more than 10 deep',
    });
  });

  test('is tried again where it could not be fetched, in the same tree', async () => {
    const files: Record<string, string> = {};
    const { render, remotes } = rendererWith({ files });
    const tree = treeInMemory(resources('https://a.test/x.yaml'));
    expect(await render(tree)).toMatchObject({ kind: 'failed' });
    files['https://a.test/x.yaml'] = 'patches: {';
    await render(tree);
    expect(remotes.asked.length).toBe(2);
  });
});
