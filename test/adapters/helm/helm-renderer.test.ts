import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHelm, createHelmRenderer } from '../../../src/adapters/helm/create-helm-renderer.js';
import { createProcesses } from '../../../src/adapters/process/create-processes.js';
import { touches } from '../../../src/core/plan/dependencies/closure.js';
import { HELM_BY_CONVENTION } from '../../../src/core/plan/helm/helm-inputs.js';
import type { Processes } from '../../../src/ports/processes.js';
import type { RenderResult, RenderSource } from '../../../src/ports/renderer.js';
import { processes } from '../../contract/git-origin.js';
import { renderedText, RenderWorld, type Files } from '../../contract/renderer-contract.js';
import { describeWithTool } from '../../tools/require-tool.js';
import { chartAt } from './charts.js';

const world = new RenderWorld();
beforeAll(() => world.start());
afterAll(() => world.close());

interface With {
  readonly source?: Partial<RenderSource>;
  readonly processes?: Processes;
  readonly outputBytes?: number;
}

function renderWith(files: Files, options: With = {}): Promise<RenderResult> {
  const { temporaryDirectory } = world;
  const helm = createHelm({
    processes: options.processes ?? processes,
    temporaryDirectory,
    limits: { milliseconds: 30_000, outputBytes: options.outputBytes ?? 1_000_000 },
  });
  return world.render(createHelmRenderer(helm), files, options.source ?? {});
}

const shared = { helm: { ...HELM_BY_CONVENTION, chart: 'charts/{app}' }, directory: 'envs/dev/api' };

describeWithTool('helm', 'the helm renderer', () => {
  test('renders a chart with the values of the environment, over those of the chart', async () => {
    expect(renderedText(await renderWith(chartAt('app')))).toContain('level: "from-chart"');
    const result = await renderWith({ ...chartAt('app'), 'app/values-dev.yaml': 'level: from-dev\n' });
    expect(renderedText(result)).toContain('level: "from-dev"');
    expect(renderedText(result)).toContain('name: api-settings\n  namespace: default');
    expect(result.kind === 'rendered' && result.streams.map(({ name }) => name)).toEqual(['api']);
  });

  test('renders a directory of values by a shared chart', async () => {
    const files = { ...chartAt('charts/api'), 'envs/dev/api/values.yaml': 'level: from-target\n' };
    expect(renderedText(await renderWith(files, { source: shared }))).toContain('level: "from-target"');
  });

  test('takes values, release and namespace as the configuration says', async () => {
    const files = {
      ...chartAt('charts/api'),
      'envs/dev/api/a,b.yaml': 'level: from-target\n',
      'shared/dev.yaml': 'level: from-shared\n',
    };
    const helm = {
      chart: '../../../charts/api',
      values: ['a,b.yaml', '/shared/{env}.yaml'],
      release: '{app}-{env}',
      namespace: 'team-{app}',
    };
    const text = renderedText(await renderWith(files, { source: { ...shared, helm } }));
    expect(text).toContain('name: api-dev-settings\n  namespace: team-api');
    expect(text).toContain('level: "from-shared"');
  });

  test('refuses a directory of which nothing would be used', async () => {
    const files = { ...chartAt('charts/api'), 'envs/dev/api/other.yaml': 'level: x\n' };
    expect(await renderWith(files, { source: shared })).toMatchObject({
      kind: 'failed',
      file: 'envs/dev/api',
      message: expect.stringContaining('helm.values'),
    });
  });

  test.each([
    ['missing.yaml', 'The values file is not there'],
    ['/../../etc/passwd', 'The values file leads out of the repository'],
  ])('fails for the values file %s', async (value, message) => {
    const helm = { ...HELM_BY_CONVENTION, values: [value] };
    expect(await renderWith(chartAt('app'), { source: { helm } })).toMatchObject({ kind: 'failed', message });
  });

  test('names the template that does not render, and none of our directories', async () => {
    const result = await renderWith(chartAt('app', { template: 'a: {{ .Values.a.b.c }}\n' }));
    expect(result).toMatchObject({ kind: 'failed', file: 'app/templates/settings.yaml' });
    expect(JSON.stringify(result)).not.toContain(world.temporaryDirectory);
    expect(await world.leftovers()).toEqual([]);
  });

  test('names the values file that is broken', async () => {
    const result = await renderWith({ ...chartAt('app'), 'app/values-dev.yaml': 'a: [\n' });
    expect(result).toMatchObject({ kind: 'failed', file: 'app/values-dev.yaml' });
    expect(JSON.stringify(result)).not.toContain('inputs/');
  });

  test('says how to add a dependency that is missing', async () => {
    const chart = 'dependencies: [{name: redis, version: "1", repository: "https://example.test"}]\n';
    expect(await renderWith(chartAt('app', { chart }))).toMatchObject({
      kind: 'failed',
      file: 'app/Chart.yaml',
      message: expect.stringMatching(/depends on redis.*`helm dependency update app`/),
    });
  });

  test('takes dependencies by file:// from the repository', async () => {
    const chart = 'dependencies: [{name: api, version: "0.1.0", repository: "file://../lib"}]\n';
    const own = chartAt('app', { chart, template: 'kind: Own\n' });
    const files = {
      ...own,
      ...chartAt('lib'),
      'app/Chart.yaml': `apiVersion: v2\nname: app\nversion: 0.1.0\n${chart}`,
    };
    expect(renderedText(await renderWith(files))).toContain('name: api-settings');
    const commit = world.origin.commit(files);
    await world.mirror.has(commit);
    const source = { mirror: world.mirror, tree: await world.mirror.treeOf(commit), directory: 'app' };
    const renderer = createHelmRenderer(createHelm({ processes }));
    const closure = await renderer.reads?.({ ...source, target: { app: 'api', env: 'dev' } });
    if (closure === undefined) throw new Error('no closure');
    const asked = ['lib/templates/settings.yaml', 'app/values-dev.yaml', 'app/values.yaml', 'other/x.yaml'];
    expect(asked.map((path) => touches(closure, path))).toEqual([true, true, true, false]);
  });

  test('survives hostile charts', async () => {
    const levels = Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(9)}]`);
    const bomb = `a0: &a0 [x,x,x]\n${levels.join('\n')}\n`;
    expect((await renderWith(chartAt('app', { chart: bomb }))).kind).toBe('failed');
    expect((await renderWith({ ...chartAt('app'), 'app/values-dev.yaml': bomb })).kind).toBe('failed');
    const loud = chartAt('app', {
      template: '{{ range until 100000 }}\n# xxxxxxxxxxxxxxxxxxxxxxxxxxx\n{{ end }}\na: b\n',
    });
    expect(await renderWith(loud, { outputBytes: 10_000 })).toMatchObject({
      message: 'helm printed too much and was ended',
    });
    expect(await renderWith(chartAt('app'), { source: { target: { app: '--debug', env: 'dev' } } })).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('can’t be the name of a release'),
    });
    expect(await world.leftovers()).toEqual([]);
  });

  test('looks nothing up and reads nothing of this machine', async () => {
    const probe = 'x: {{ lookup "v1" "Namespace" "" "" | toJson }}\ny: {{ .Files.Get "/etc/hostname" | quote }}\n';
    expect(renderedText(await renderWith(chartAt('app', { template: probe })))).toContain('x: {}\ny: ""');
  });
});

describe('the run of helm', () => {
  async function pretend(name: string, body: string): Promise<Processes> {
    const folder = join(world.temporaryDirectory, `bin-${name}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'helm'), `#!/bin/sh\nif [ "$1" = version ]; then echo v3.99.0; exit; fi\n${body}\n`);
    await chmod(join(folder, 'helm'), 0o755);
    return createProcesses({ path: `${folder}:/bin:/usr/bin` });
  }

  test('gets an empty home of its own and no plugins', async () => {
    const found = await renderWith(chartAt('app'), { processes: await pretend('look', 'env; echo "args $*"') });
    const text = renderedText(found);
    for (const name of ['HELM_PLUGINS', 'HELM_CACHE_HOME', 'HELM_REPOSITORY_CONFIG', 'HOME'])
      expect(new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1]).toContain('lockkeeper-helm-');
    expect(text).toContain('args template api ./app --namespace=default --include-crds --skip-tests');
  });

  test('is a missing tool where there is none', async () => {
    expect(await renderWith(chartAt('app'), { processes: createProcesses({ path: '/nonexistent' }) })).toEqual({
      kind: 'tool-missing',
      tool: 'helm',
      install: expect.stringContaining('go install'),
    });
  });

  test('is ended when its result is no longer wanted', async () => {
    const controller = new AbortController();
    const going = renderWith(chartAt('app'), {
      processes: await pretend('slow', 'sleep 600'),
      source: { signal: controller.signal },
    });
    controller.abort();
    expect(await going).toMatchObject({ kind: 'failed', message: expect.stringContaining('no longer wanted') });
  });
});
