import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHelm } from '../../../src/adapters/helm/create-helm-renderer.js';
import { withVendoredCharts } from '../../../src/adapters/helm/with-vendored-charts.js';
import { createPostRenderer } from '../../../src/adapters/kustomize/create-post-renderer.js';
import { createPlainRenderer } from '../../../src/adapters/plain/create-plain-renderer.js';
import type { RemoteSources } from '../../../src/ports/remote-sources.js';
import type { RenderResult } from '../../../src/ports/renderer.js';
import { processes, type Planted } from '../../contract/git-origin.js';
import { renderedText, RenderWorld, type Files } from '../../contract/renderer-contract.js';
import { describeWithTool } from '../../tools/require-tool.js';
import { chartAt } from './charts.js';

const world = new RenderWorld();
beforeAll(() => world.start());
afterAll(() => world.close());

function renderWith(files: Files, remotes?: RemoteSources): Promise<RenderResult> {
  const helm = createHelm({ processes, temporaryDirectory: world.temporaryDirectory, remotes });
  const postRenderer = createPostRenderer({ processes, temporaryDirectory: world.temporaryDirectory });
  return world.render(withVendoredCharts(createPlainRenderer(), { helm, postRenderer }), files);
}

const helmRelease = (spec: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: api, namespace: web}\nspec:\n  ${spec.trim().replaceAll('\n', '\n  ')}\n`;
const application = (source: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: api}\nspec:\n  destination: {namespace: web}\n  source: ${source}\n`;
const ownChart = 'chart: {spec: {chart: ./charts/api, sourceRef: {kind: GitRepository, name: flux-system}}}\n';

/** As a registry has it. */
function packed(files: Readonly<Record<string, Planted>>): Uint8Array {
  const commit = world.origin.commit(files);
  const options = { env: { ...process.env, GIT_DIR: world.origin.directory } };
  return spawnSync('git', ['archive', '--format=tar.gz', commit], options).stdout;
}

/** Has `api` in each repository, and notes what is asked for. */
function chartsOf(archive: Uint8Array): RemoteSources & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    version: 'remote sources 1',
    tree: () => Promise.reject(new Error('not needed')),
    file: () => Promise.reject(new Error('not needed')),
    chart: async ({ repository, name, version }) => {
      asked.push(`${repository} ${name} ${version}`);
      if (repository.includes('down')) return { kind: 'failed', message: 'it is down' };
      if (name !== 'api') return { kind: 'not-allowed', message: `${repository}/${name} is not among them` };
      return { kind: 'fetched', archive, digest: 'sha256:0' };
    },
  };
}

const ociRepository = (url: string, more = ''): string =>
  `---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: r, namespace: web}\nspec: {url: "${url}"${more}}\n`;
const remoteChart = (version: string, name = 'api'): string =>
  `chart: {spec: {chart: ${name}, version: "${version}", sourceRef: {kind: HelmRepository, name: r}}}\n`;

describeWithTool('helm', 'charts that are fetched', () => {
  test('are rendered for a HelmRelease, an Application and as what a chart depends on', async () => {
    const remotes = chartsOf(packed(chartAt('api')));
    const release = helmRelease(`${remoteChart('0.1.0')}values: {level: from-release}`);
    const flux = await renderWith({ 'app/a.yaml': `${release}${ociRepository('oci://r.test/charts')}` }, remotes);
    expect(renderedText(flux)).toContain('name: api-settings\n  namespace: web\ndata:\n  level: "from-release"');
    const helm = 'helm: {valueFiles: [own.yaml, $values/shared.yaml]}';
    const asked = application(`{chart: api, repoURL: r.test/charts, targetRevision: 0.1.0, ${helm}}`);
    const argo = await renderWith({ 'app/a.yaml': asked, 'shared.yaml': 'level: shared\n' }, remotes);
    expect(renderedText(argo)).toContain('level: "shared"');
    expect(argo).toMatchObject({
      notes: ['Values files in the chart of Application/api are not applied to what is shown'],
    });
    const dependencies = (version: string): string =>
      `dependencies: [{name: api, version: "${version}", repository: "https://c.test/charts"}]\n`;
    const umbrella = {
      ...chartAt('charts/api', { chart: dependencies('>=0.1') }),
      'charts/api/Chart.lock': dependencies('0.1.0'),
    };
    const text = renderedText(await renderWith({ ...umbrella, 'app/a.yaml': helmRelease(ownChart) }, remotes));
    expect(text.match(/level: "from-chart"/g)).toHaveLength(2);
    expect(remotes.asked).toEqual([
      'oci://r.test/charts api 0.1.0',
      'oci://r.test/charts api 0.1.0',
      'https://c.test/charts api 0.1.0',
    ]);
  });

  test('fail the target when they can not be fetched, and are named where they may not', async () => {
    const remotes = chartsOf(new Uint8Array());
    const down = `${helmRelease(remoteChart('0.1.0'))}${ociRepository('oci://down.test/charts')}`;
    expect(await renderWith({ 'app/a.yaml': down }, remotes)).toMatchObject({
      kind: 'failed',
      message: 'release api: it is down',
    });
    const chart = 'dependencies: [{name: redis, version: 1.0.0, repository: "https://c.test"}]\n';
    const missing = { ...chartAt('charts/api', { chart }), 'app/a.yaml': helmRelease(ownChart) };
    expect(await renderWith(missing, remotes)).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(
        /depends on redis, .* commit its charts directory\. https:\/\/c\.test\/redis is not among them$/,
      ),
    });
  });
});

describeWithTool('helm', 'charts that manifests ask for', () => {
  test('a HelmRelease is followed by what its chart makes', async () => {
    const release = helmRelease(`${ownChart}values: {level: from-release}`);
    const result = await renderWith({ ...chartAt('charts/api'), 'app/release.yaml': release });
    const text = renderedText(result);
    expect(text).toContain('kind: HelmRelease');
    expect(text).toContain('name: api-settings\n  namespace: web\ndata:\n  level: "from-release"');
    expect(result).toMatchObject({ notes: [], streams: [{ name: 'app/release.yaml' }, { name: 'api' }] });
  });

  test('values come from ConfigMaps, and from Secrets without their texts', async () => {
    const from = (kind: string): string => helmRelease(`${ownChart}valuesFrom: [{kind: ${kind}, name: v}]`);
    const holder = (kind: string, field: string): string =>
      `apiVersion: v1\nkind: ${kind}\nmetadata: {name: v, namespace: web}\n${field}: {values.yaml: "level: hunter2"}\n`;
    const files = (kind: string, field: string): Files => ({
      ...chartAt('charts/api'),
      'app/release.yaml': `${from(kind)}---\n${holder(kind, field)}`,
    });
    expect(renderedText(await renderWith(files('ConfigMap', 'data')))).toContain('level: "hunter2"');
    expect(renderedText(await renderWith(files('Secret', 'stringData')))).toContain('level: "masked"');
    const missing = await renderWith({ ...chartAt('charts/api'), 'app/release.yaml': from('ConfigMap') });
    expect(missing).toMatchObject({
      notes: ['Values of HelmRelease/api from ConfigMap/v are not applied to what is shown'],
    });
  });

  test('an Application is followed by what its chart makes', async () => {
    const helm = 'helm: {valueFiles: [values-dev.yaml, /shared.yaml], parameters: [{name: level, value: "a,b"}]}';
    const files = {
      ...chartAt('charts/api'),
      'charts/api/values-dev.yaml': 'level: x\n',
      'shared.yaml': 'level: shared\n',
    };
    const asked = (source: string): Promise<RenderResult> =>
      renderWith({ ...files, 'app/a.yaml': application(source) });
    expect(renderedText(await asked(`{path: charts/api, repoURL: x, ${helm}}`))).toContain('level: "a,b"');
    expect(renderedText(await asked('{path: charts/api, helm: {valueFiles: [/shared.yaml]}}'))).toContain(
      'level: "shared"',
    );
    expect(await asked('{path: charts/api, helm: {valueFiles: [missing.yaml]}}')).toMatchObject({
      kind: 'failed',
      file: 'charts/api/missing.yaml',
      message: 'release api: The values file is not there',
    });
  });

  test('a chart that may not be fetched is left as its manifest, with a note that names the setting', async () => {
    const manifest = `${helmRelease(remoteChart('1.0.0'))}${ociRepository('oci://r.test')}`;
    expect(await renderWith({ 'app/a.yaml': manifest })).toMatchObject({
      streams: [{ text: manifest }],
      notes: [
        'HelmRelease/api takes its chart from HelmRepository: shown as the manifest it is, not rendered, since this server allows no remote sources (LOCKKEEPER_REMOTE_SOURCES)',
      ],
    });
  });

  test('a chart that does not template fails the target', async () => {
    const files = chartAt('charts/api', { template: '{{ fail "no" }}' });
    expect(await renderWith({ ...files, 'app/a.yaml': helmRelease(ownChart) })).toMatchObject({
      kind: 'failed',
      file: 'charts/api/templates/settings.yaml',
    });
  });
});
