import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHelm } from '../../../src/adapters/helm/create-helm-renderer.js';
import { withVendoredCharts } from '../../../src/adapters/helm/with-vendored-charts.js';
import { createPostRenderer } from '../../../src/adapters/kustomize/create-post-renderer.js';
import { createPlainRenderer } from '../../../src/adapters/plain/create-plain-renderer.js';
import type { RenderResult } from '../../../src/ports/renderer.js';
import { processes } from '../../contract/git-origin.js';
import { renderedText, RenderWorld, type Files } from '../../contract/renderer-contract.js';
import { describeWithTool } from '../../tools/require-tool.js';
import { chartAt } from './charts.js';

const world = new RenderWorld();
beforeAll(() => world.start());
afterAll(() => world.close());

function renderWith(files: Files): Promise<RenderResult> {
  const helm = createHelm({ processes, temporaryDirectory: world.temporaryDirectory });
  const postRenderer = createPostRenderer({ processes, temporaryDirectory: world.temporaryDirectory });
  return world.render(withVendoredCharts(createPlainRenderer(), { helm, postRenderer }), files);
}

const helmRelease = (spec: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: api, namespace: web}\nspec:\n  ${spec.trim().replaceAll('\n', '\n  ')}\n`;
const application = (source: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: api}\nspec:\n  destination: {namespace: web}\n  source: ${source}\n`;
const ownChart = 'chart: {spec: {chart: ./charts/api, sourceRef: {kind: GitRepository, name: flux-system}}}\n';

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

  test.each([
    helmRelease('chart: {spec: {chart: redis, sourceRef: {kind: HelmRepository, name: r}}}'),
    helmRelease('chart: {spec: {chart: ./charts/gone, sourceRef: {kind: GitRepository, name: r}}}'),
    application('{chart: redis, repoURL: "https://example.test"}'),
  ])('a chart from elsewhere is left as its manifest, with a note: %#', async (manifest) => {
    const result = await renderWith({ ...chartAt('charts/api'), 'app/a.yaml': manifest });
    expect(result).toMatchObject({ streams: [{ text: manifest }], notes: [expect.stringContaining('not rendered')] });
  });

  test('a chart that does not template fails the target', async () => {
    const files = chartAt('charts/api', { template: '{{ fail "no" }}' });
    expect(await renderWith({ ...files, 'app/a.yaml': helmRelease(ownChart) })).toMatchObject({
      kind: 'failed',
      file: 'charts/api/templates/settings.yaml',
    });
  });
});
