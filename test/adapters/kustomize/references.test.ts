// What a kustomization may refer to: nothing that is fetched, and nothing outside of the repository.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Processes } from '../../../src/ports/processes.js';
import { RenderWorld } from '../../contract/renderer-contract.js';
import { base, renderIn } from './render-in.js';

const world = new RenderWorld();
beforeAll(() => world.start());
afterAll(() => world.close());

describe('what a kustomization refers to', () => {
  const refusing: Processes = {
    run: async (request) =>
      request.arguments[0] === 'version'
        ? { kind: 'ended', status: 0, stdout: Buffer.from('v5.0.0'), stderr: '' }
        : { kind: 'ended', status: 0, stdout: Buffer.from('ran'), stderr: '' },
    start: () => {
      throw new Error('not needed');
    },
  };
  const kustomization = (text: string) =>
    renderIn(world, { ...base, 'apps/api/envs/dev/kustomization.yaml': text }, { processes: refusing });

  test.each([
    'resources: ["https://example.test/x.yaml"]',
    'resources: [github.com/acme/bases//api?ref=v1]',
    'resources: ["git@github.com:acme/bases.git"]',
    'resources: ["ssh://git@example.test/acme/bases"]',
    'resources: ["git::https://example.test/acme/bases"]',
    'resources: ["file:///etc"]',
    'resources: ["gh:acme/bases"]',
    'resources: ["host.test/acme/bases.git"]',
    'resources: ["acme/bases?ref=v1"]',
    'Resources: [" https://example.test/x.yaml"]',
    'bases: ["https://example.test/x"]',
    'components: ["https://example.test/x"]',
    'configurations: ["https://example.test/x"]',
    'crds: ["https://example.test/x"]',
    'generators: ["https://example.test/x"]',
    'patchesStrategicMerge: ["https://example.test/x"]',
    'patches: [{path: "https://example.test/x"}]',
    'replacements: [{path: "https://example.test/x"}]',
    'openapi: {path: "https://example.test/x"}',
    'configMapGenerator: [{name: a, files: ["key=https://example.test/x"]}]',
    'secretGenerator: [{name: a, envs: ["https://example.test/x"]}]',
    'x: &x ["https://example.test/x"]\nresources: *x',
    'x: &x {resources: ["https://example.test/x"]}\n<<: *x',
    'crds: [a.yaml]\n"resources": ["https://example.test/x"]',
  ])('is not fetched: %s', async (text) => {
    expect(await kustomization(`# a comment\n${text}\n`)).toEqual({
      kind: 'failed',
      file: 'apps/api/envs/dev/kustomization.yaml',
      message: expect.stringMatching(
        /^line [23]: .* is not fetched: this server allows no remote sources \(LOCKKEEPER_REMOTE_SOURCES\), and rendering has no network\. Copy it into the repository$/,
      ),
    });
  });

  test.each([
    ['resources: [/etc]', 'line 1: /etc leads out of the repository'],
    ['resources: [../../../../../etc]', 'line 1: ../../../../../etc leads out of the repository'],
    ['patches: [{path: ../../../../../etc/passwd}]', 'line 1: ../../../../../etc/passwd leads out of the repository'],
    [
      'helmCharts: [{name: x, repo: "https://example.test"}]',
      expect.stringMatching(
        /^line 1: helm charts in a kustomization are not rendered: .*LOCKKEEPER_RENDER_COMMANDS\)$/,
      ),
    ],
    ['resources: []\n---\nresources: ["https://example.test"]', 'line 1: a kustomization is one YAML document'],
    ['resources: []\nresources: ["https://example.test"]', 'line 2: Map keys must be unique'],
    ['resources: [', expect.stringMatching(/^line \d: /)],
  ])('%j is refused', async (text, message) => {
    expect(await kustomization(text)).toEqual({
      kind: 'failed',
      file: 'apps/api/envs/dev/kustomization.yaml',
      message,
    });
  });

  test('is read in bases too, and names the file that says it', async () => {
    const files = {
      'apps/api/envs/dev/kustomization.yaml': 'resources: [../../base]\n',
      'apps/api/base/Kustomization': 'resources:\n- a.yaml\n- https://bob:hunter2@example.test/x?token=hunter3\n',
    };
    const result = await renderIn(world, files, { processes: refusing });
    expect(result).toMatchObject({ kind: 'failed', file: 'apps/api/base/Kustomization' });
    expect(result.kind === 'failed' && result.message).toMatch(/^line 3: https:\/\/example\.test\/x is not fetched/);
  });

  test.each([
    'commonAnnotations: {docs: "https://example.test"}',
    'configMapGenerator: [{name: a, literals: ["URL=https://example.test?ref=1"]}]',
    'images: [{name: github.com/acme/api, newName: ghcr.io/acme/api}]',
    'patches: [{patch: "- op: add\\n  path: /x\\n  value: https://example.test\\n"}]',
    'resources: [../../base, ../../base]',
    '',
  ])('may be text that only looks remote: %s', async (text) => {
    expect(await kustomization(text)).toMatchObject({ kind: 'rendered' });
  });
});
