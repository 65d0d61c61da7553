import { describe, expect, it } from 'vitest';
import type { TreeEntry } from '../../forge-objects.js';
import { filesBelow, viewTree, type TreeView } from '../../tree/tree-view.js';
import { affectedTargets } from '../affected.js';
import { closureDigest, touches } from './closure.js';
import { declaredFor, matchInputs } from './declared-inputs.js';
import { readConfiguration, readKustomization } from './read-references.js';
import { traceBuild, type BuildTrace } from './trace-build.js';

type Files = Readonly<Record<string, string>>;

/** `-> target` is a symbolic link. A blob's id is its text. */
function viewOf(files: Files): TreeView {
  const entries = Object.entries(files).map(([path, text]): TreeEntry => ({
    path,
    sha: text,
    mode: text.startsWith('-> ') ? '120000' : '100644',
  }));
  const links = Object.entries(files).filter(([, text]) => text.startsWith('-> '));
  return viewTree(entries, new Map(links.map(([path, text]) => [path, text.slice(3)])));
}

function trace(files: Files, directory = 'apps/api/dev'): Promise<BuildTrace> {
  return traceBuild(viewOf(files), directory, async (text, as) =>
    as === 'kustomization' ? readKustomization(text) : readConfiguration(text),
  );
}

async function touched(files: Files, path: string): Promise<boolean> {
  return touches((await trace(files)).closure, path);
}

const tree = {
  'apps/api/dev/kustomization.yaml': 'resources: [../base]\npatches: [{path: replicas.yaml}]\n',
  'apps/api/dev/replicas.yaml': 'r',
  'apps/api/base/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'apps/api/base/deployment.yaml': 'd',
  'apps/api/base/README.md': 'note',
  'apps/web/base/kustomization.yaml': 'resources: []\n',
};

describe('what a build reads', () => {
  it('is what its kustomizations name, and the names that they could have', async () => {
    const { closure, roots, refusal } = await trace(tree);
    expect(refusal).toBeNull();
    expect(roots).toEqual(['apps/api/dev', 'apps/api/base']);
    expect([...closure.directories]).toEqual([]);
    expect([...closure.paths].sort()).toEqual([
      'apps/api/base/Kustomization',
      'apps/api/base/deployment.yaml',
      'apps/api/base/kustomization.yaml',
      'apps/api/base/kustomization.yml',
      'apps/api/dev/Kustomization',
      'apps/api/dev/kustomization.yaml',
      'apps/api/dev/kustomization.yml',
      'apps/api/dev/replicas.yaml',
    ]);
  });

  it.each([
    'resources: [f]',
    'bases: [f]',
    'components: [f]',
    'patches: [{path: f}]',
    'patchesStrategicMerge: [f]',
    'patchesJson6902: [{path: f, target: {}}]',
    'configMapGenerator: [{name: a, files: [f]}]',
    'configMapGenerator: [{name: a, files: ["key=f"]}]',
    'secretGenerator: [{name: a, envs: [f]}]',
    'secretGenerator: [{name: a, env: f}]',
    'crds: [f]',
    'configurations: [f]',
    'openapi: {path: f}',
    'replacements: [{path: f}]',
    'generators: [f]',
    'transformers: [f]',
    'validators: [f]',
    'RESOURCES: [f]',
    'x: &x [f]\nresources: *x',
  ])('is named by %j', async (text) => {
    const files = { ...tree, 'apps/api/dev/kustomization.yaml': text.replaceAll(/\bf\b/g, '../../../shared/f') };
    expect(await touched(files, 'shared/f')).toBe(true);
    expect(await touched({ ...files, 'shared/f': 'here' }, 'shared/f')).toBe(true);
    const inIt = { ...files, 'shared/f/kustomization.yaml': 'resources: [x.yaml]\n', 'shared/f/x.yaml': '' };
    expect(await touched(inIt, 'shared/f/x.yaml')).toBe(true);
    expect(await touched(inIt, 'shared/g')).toBe(false);
  });

  it('is the paths in the configuration of a transformer, in the file or in place', async () => {
    const patch = 'kind: PatchTransformer\npath: ../../../shared/patch.yaml\n';
    const inFile = {
      ...tree,
      'apps/api/dev/kustomization.yaml': 'transformers: [t.yaml]\n',
      'apps/api/dev/t.yaml': patch,
    };
    expect(await touched(inFile, 'shared/patch.yaml')).toBe(true);
    const inPlace = { ...tree, 'apps/api/dev/kustomization.yaml': `transformers: [${JSON.stringify(patch)}]\n` };
    expect(await touched(inPlace, 'shared/patch.yaml')).toBe(true);
  });

  it.each(['transformers: [t.yaml]', 'generators: [t.yaml]', 'fieldOfTomorrow: [x.yaml]'])(
    'is the whole directory where %j may read anything in it',
    async (text) => {
      const files = { ...tree, 'apps/api/dev/kustomization.yaml': text };
      expect(await touched(files, 'apps/api/dev/any/thing')).toBe(true);
      expect(await touched(files, 'apps/api/base/deployment.yaml')).toBe(false);
    },
  );

  it('is found through symbolic links, which belong to it', async () => {
    const files = {
      'apps/api/dev/kustomization.yaml': 'resources: [base]\n',
      'apps/api/dev/base': '-> ../../../shared/base',
      'shared/base': '-> v1',
      'shared/v1/kustomization.yaml': 'resources: [a.yaml]\n',
      'shared/v1/a.yaml': '-> ../a.yaml',
      'shared/a.yaml': 'a',
    };
    for (const path of ['apps/api/dev/base', 'shared/base', 'shared/v1/a.yaml', 'shared/a.yaml'])
      expect([path, await touched(files, path)]).toEqual([path, true]);
  });

  it('is touched by what takes the place of something that was looked for', async () => {
    const files = { ...tree, 'apps/api/dev/kustomization.yaml': 'resources: [../missing]\n' };
    expect(await touched(files, 'apps/api/missing/kustomization.yaml')).toBe(true);
    expect(await touched(files, 'apps/api/missing2/kustomization.yaml')).toBe(false);
  });

  it('reads bases that name each other in a ring once each', async () => {
    const ring = {
      'apps/api/dev/kustomization.yaml': 'resources: [../a]\n',
      'apps/api/a/kustomization.yaml': 'resources: [../b]\n',
      'apps/api/b/kustomization.yaml': 'resources: [../a, ../dev]\n',
    };
    expect((await trace(ring)).roots).toEqual(['apps/api/dev', 'apps/api/a', 'apps/api/b']);
  });

  it('ends at what is refused', async () => {
    const files = { ...tree, 'apps/api/base/kustomization.yaml': 'resources: [../../../../x]\n' };
    const { refusal, closure } = await trace(files);
    expect(refusal).toEqual({
      file: 'apps/api/base/kustomization.yaml',
      message: 'line 1: ../../../../x leads out of the repository',
    });
    expect(touches(closure, 'apps/api/base/kustomization.yaml')).toBe(true);
  });
});

describe('the digest of a closure', () => {
  const digestOf = async (files: Files): Promise<string> =>
    closureDigest((await trace(files)).closure, viewOf(files), new Map());

  it('changes with what is read, and with nothing else', async () => {
    const before = await digestOf(tree);
    for (const path of ['apps/api/base/deployment.yaml', 'apps/api/dev/replicas.yaml'])
      expect(await digestOf({ ...tree, [path]: 'changed' })).not.toBe(before);
    expect(await digestOf({ ...tree, 'apps/api/base/Kustomization': '' })).not.toBe(before);
    expect(await digestOf({ ...tree, 'apps/api/base/README.md': 'changed', 'apps/api/dev/x': 'new' })).toBe(before);
  });

  it('changes with everything below a directory that counts as a whole', async () => {
    const files = { ...tree, 'apps/api/dev/kustomization.yaml': 'fieldOfTomorrow: x\n' };
    expect(await digestOf({ ...files, 'apps/api/dev/deep/x': '' })).not.toBe(await digestOf(files));
    expect(await digestOf({ ...files, 'apps/api/devx': '' })).toBe(await digestOf(files));
  });
});

describe('declared inputs', () => {
  const view = viewOf({ 'shared/a.yaml': '', 'shared/.b/c.yaml': '', 'other/d.yaml': '' });
  const inputs = matchInputs(
    [
      { files: ['shared/**'], applications: null, environments: ['prod'] },
      { files: ['other/*'], applications: ['web'], environments: null },
    ],
    view,
  );

  it.each([
    [{ app: 'api', env: 'prod' }, ['shared/.b/c.yaml', 'shared/a.yaml']],
    [{ app: 'api', env: 'dev' }, []],
    [{ app: 'web', env: 'dev' }, ['other/d.yaml']],
  ])('of %j are %j', (name, paths) => {
    const closure = declaredFor(name, inputs);
    expect([...closure.paths].sort()).toEqual(paths);
    const target = { name, directory: 'x' };
    for (const path of view.paths)
      expect(affectedTargets([path], [target], () => [closure]).targets.length === 1).toBe(paths.includes(path));
  });
});

describe('filesBelow', () => {
  it('finds what lies below, not beside', () => {
    const view = viewOf({ 'a/b': '', 'a/c/d': '', 'a.b': '', a0: '', 'ab/c': '', b: '' });
    expect(filesBelow(view, 'a').map(({ path }) => path)).toEqual(['a/b', 'a/c/d']);
    expect(filesBelow(view, '').length).toBe(6);
    expect(filesBelow(view, 'c')).toEqual([]);
  });
});
