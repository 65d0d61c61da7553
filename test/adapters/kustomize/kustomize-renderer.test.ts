// What the kustomize renderer makes, and how it runs the tool.
import { createServer } from 'node:http';
import { writeFile, mkdir, chmod } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKustomizeRenderer } from '../../../src/adapters/kustomize/create-kustomize-renderer.js';
import { createProcesses } from '../../../src/adapters/process/create-processes.js';
import type { ProcessRequest, Processes } from '../../../src/ports/processes.js';
import type { RenderResult } from '../../../src/ports/renderer.js';
import { processes } from '../../contract/git-origin.js';
import { configMap, renderedText, RenderWorld, type Files } from '../../contract/renderer-contract.js';
import { describeWithTool } from '../../tools/require-tool.js';
import { base, overlay, renderIn, type Choices } from './render-in.js';

const world = new RenderWorld();
beforeAll(() => world.start());
afterAll(() => world.close());

const renderWith = (files: Files, options: Choices = {}): Promise<RenderResult> => renderIn(world, files, options);

/** A program on a PATH of its own that stands for kustomize; it sees what the real one would. */
async function pretend(name: string, body: string): Promise<Processes> {
  const folder = join(world.temporaryDirectory, `bin-${name}`);
  await mkdir(folder, { recursive: true });
  const script = `#!/bin/sh\nif [ "$1" = version ]; then echo v9.9.9; exit; fi\n${body}\n`;
  await writeFile(join(folder, 'kustomize'), script);
  await chmod(join(folder, 'kustomize'), 0o755);
  return createProcesses({ path: `${folder}:/bin:/usr/bin` });
}

describeWithTool('kustomize', 'the kustomize renderer', () => {
  test('builds an overlay on its base, components and generated config maps', async () => {
    const result = await renderWith({
      ...base,
      'apps/api/envs/dev/kustomization.yaml': overlay(
        'components: [../../../../components/labels]\nconfigMapGenerator:\n- name: settings\n  files: [app.conf]\n',
      ),
      'apps/api/envs/dev/app.conf': 'level=debug\n',
      'components/labels/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {from: component}\n',
    });
    const text = renderedText(result);
    expect(text).toContain('image: api:1.2.3');
    expect(text).toContain('from: component');
    expect(text).toContain('level=debug');
  });

  test('reaches a base through a link, and a repository of one kustomization at its top', async () => {
    const linked = await renderWith({
      ...base,
      'apps/api/envs/dev/kustomization.yaml': 'resources: [../base]\n',
      'apps/api/envs/base': { mode: '120000', content: '../base' },
    });
    expect(renderedText(linked)).toContain('image: api:1');
    const top = await renderWith(
      { Kustomization: 'resources: [a.yaml]\n', 'a.yaml': configMap('top') },
      { directory: '' },
    );
    expect(renderedText(top)).toContain('name: top');
  });

  test('gives the tool’s own words without our directory', async () => {
    const result = await renderWith({ 'apps/api/envs/dev/kustomization.yaml': 'resources: [missing.yaml]\n' });
    if (result.kind !== 'failed') throw new Error('not failed');
    expect(result.message).toContain('missing.yaml');
    expect(result.message).toContain('apps/api/envs/dev');
    expect(result.message).not.toContain(world.temporaryDirectory);
    expect(result.message).not.toContain('lockkeeper-kustomize');
  });

  test('loads nothing over the network from resources that a generator makes up', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(configMap('fetched'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.yaml`;
    const patch = `apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: p}\npath: ${url}\n`;
    const indirect = {
      ...base,
      'apps/api/envs/dev/kustomization.yaml': overlay('transformers: [../../transformers]\n'),
      'apps/api/transformers/kustomization.yaml': 'resources: [patch.yaml]\n',
      'apps/api/transformers/patch.yaml': patch,
    };
    const inline = {
      ...base,
      'apps/api/envs/dev/kustomization.yaml': overlay(
        `transformers:\n- |-\n  ${patch.trim().replaceAll('\n', '\n  ')}\n`,
      ),
    };
    for (const files of [indirect, inline])
      expect(await renderWith(files)).toMatchObject({
        kind: 'failed',
        message: expect.stringContaining('is not fetched'),
      });
    expect(asked).toEqual([]);
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('the run of the tool', () => {
  const files = { ...base, 'apps/api/envs/dev/kustomization.yaml': overlay(), 'other/x.yaml': 'x: 1\n' };

  test('gets what the build reaches, and nothing of our environment', async () => {
    const body = 'cat >/dev/null; env | sort; pwd; find . -type f | sort';
    const text = renderedText(await renderWith(files, { processes: await pretend('look', body) }));
    expect(text).toContain('./apps/api/base/deployment.yaml');
    expect(text).not.toContain('other/x.yaml');
    const names = [...text.matchAll(/^(\w+)=/gm)].map((match) => match[1]?.toUpperCase());
    const expected =
      'ALL_PROXY GIT_ALLOW_PROTOCOL GOGC GOMEMLIMIT HOME HTTPS_PROXY HTTP_PROXY KUBECONFIG LC_ALL PATH PWD TMPDIR XDG_CONFIG_HOME';
    expect(
      [...new Set(names)].filter((name) => name !== 'OLDPWD' && name !== '_' && name !== 'SHLVL').toSorted(),
    ).toEqual(expected.split(' '));
    expect(/^HOME=(.*)$/m.exec(text)?.[1]).toContain('lockkeeper-kustomize-');
  });

  /** Where the tool does not say what it was at, it is the build as a whole. */
  const whole = { file: 'apps/api/envs/dev/kustomization.yaml', line: null };

  test('is ended after its time, with all it started, and leaves nothing behind', async () => {
    const renderer = createKustomizeRenderer({
      processes: await pretend('slow', 'sleep 600 & sleep 600'),
      temporaryDirectory: world.temporaryDirectory,
      limits: { milliseconds: 300, outputBytes: 1000 },
    });
    const result = await world.render(renderer, files, 'apps/api/envs/dev');
    expect(result).toEqual({ kind: 'failed', ...whole, message: 'kustomize took too long and was ended' });
    expect(await world.leftovers()).toEqual([]);
  });

  test('is ended when it prints too much', async () => {
    const renderer = createKustomizeRenderer({
      processes: await pretend('loud', 'yes'),
      temporaryDirectory: world.temporaryDirectory,
      limits: { milliseconds: 20_000, outputBytes: 1000 },
    });
    const result = await world.render(renderer, files, 'apps/api/envs/dev');
    expect(result).toEqual({ kind: 'failed', ...whole, message: 'kustomize printed too much and was ended' });
  });

  test('writes nothing that a tree made by hand would put elsewhere', async () => {
    const { origin, mirror } = world;
    const raw = (mode: string, name: string, sha: string): string =>
      origin.git(
        ['hash-object', '-w', '-t', 'tree', '--literally', '--stdin'],
        Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(sha, 'hex')]),
      );
    for (const name of ['..', '.git', '.GIT']) {
      const evil = raw('40000', name, raw('100644', 'evil.yaml', origin.blob('evil: 1\n')));
      const commit = origin.commitTree(raw('40000', 'app', evil));
      expect(await mirror.has(commit)).toBe(true);
      const renderer = createKustomizeRenderer({
        processes: await pretend('idle', ''),
        temporaryDirectory: world.temporaryDirectory,
      });
      const target = { app: 'api', env: 'dev' };
      const result = await renderer.render({ mirror, tree: await mirror.treeOf(commit), directory: 'app', target });
      expect(result).toEqual({
        kind: 'failed',
        file: `app/${name}/evil.yaml`,
        message: 'The path has a part that no file system should be given',
      });
    }
  });

  test('has its message capped', async () => {
    const result = await renderWith(files, { processes: await pretend('long', 'yes no | head -c 9000 >&2; exit 1') });
    expect(result.kind === 'failed' && result.message.length).toBe(4_000);
  });

  test('is looked for again when it was missing', async () => {
    const folder = join(world.temporaryDirectory, 'empty');
    await mkdir(folder, { recursive: true });
    const renderer = createKustomizeRenderer({ processes: createProcesses({ path: folder }) });
    expect(await renderer.version()).toBe('none');
    expect(await world.render(renderer, files, 'apps/api/envs/dev')).toMatchObject({
      kind: 'tool-missing',
      tool: 'kustomize',
      install: expect.stringContaining('go install'),
    });
    await writeFile(join(folder, 'kustomize'), '#!/bin/sh\necho v1.2.3\n', { mode: 0o755 });
    expect(await renderer.version()).toBe('kustomize v1.2.3');
  });

  test('prefers kustomize over kubectl', async () => {
    const asked: string[] = [];
    const recording: Processes = {
      ...processes,
      run: async (request: ProcessRequest) => {
        asked.push(request.program);
        if (request.program === 'kubectl')
          return {
            kind: 'ended',
            status: 0,
            stdout: Buffer.from('Client Version: v1.32.4\nKustomize Version: v5.5.0\n'),
            stderr: '',
          };
        return { kind: 'not-found' };
      },
    };
    expect(await createKustomizeRenderer({ processes: recording }).version()).toBe('kubectl kustomize v5.5.0');
    expect(asked).toEqual(['kustomize', 'kubectl']);
    expect(await createKustomizeRenderer({ processes: await pretend('first', '') }).version()).toBe('kustomize v9.9.9');
  });
});
