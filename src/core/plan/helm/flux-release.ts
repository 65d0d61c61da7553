/**
 * A Flux HelmRelease whose chart is a path of a git repository.
 *
 * Worked example: `spec.chart.spec: {chart: ./charts/api, sourceRef: {kind: GitRepository}}` with `spec.values: {replicas: 3}` is the chart
 * `charts/api` with these values. Whose repository the source is, a manifest cannot tell: it is taken for this one if the chart is here.
 * https://fluxcd.io/flux/components/helm/helmreleases/
 */
import { joinPath } from '../../tree/join-path.js';
import { canonicalYaml, isRecord } from '../canonical.js';
import { at, textAt, textsAt, type Asked, type IsChart, type ReleaseValues } from './chart-release.js';
import { fluxPostRenderers } from './flux-post-renderers.js';
import { valuesFrom } from './flux-values.js';
import { fluxChart } from './remote-charts.js';

/** `objects`: all of the same rendering, for ConfigMaps and Secrets that hold values, and for where charts come from. */
export function fluxRelease(manifest: unknown, objects: readonly unknown[], isChart: IsChart): Asked {
  const called = `HelmRelease/${textAt(manifest, 'metadata', 'name') ?? ''}`;
  const chart = at(manifest, 'spec', 'chart', 'spec');
  const source = textAt(chart, 'sourceRef', 'kind');
  const path = textAt(chart, 'chart');
  if (source !== 'GitRepository' || path === null) return remote(manifest, objects, called);
  const directory = joinPath('', path);
  if (!isChart(directory))
    return {
      kind: 'elsewhere',
      note: `${called} takes its chart from ${path}, which is not in this repository: not rendered`,
    };
  const presence = at(chart, 'ignoreMissingValuesFiles') === true ? 'looked-for' : 'expected';
  const files = valuesFiles(chart).map((file) => ({ kind: 'file', path: joinPath('', file), presence }) as const);
  return { kind: 'release', ...release(manifest, objects, { called, directory, files }) };
}

function remote(manifest: unknown, objects: readonly unknown[], called: string): Asked {
  const chart = at(manifest, 'spec', 'chart', 'spec');
  const from =
    textAt(manifest, 'spec', 'chartRef', 'kind') ?? textAt(chart, 'sourceRef', 'kind') ?? 'an unknown source';
  const otherwise = `${called} takes its chart from ${from}: shown as the manifest it is, not rendered`;
  const found = fluxChart(manifest, objects);
  if ('why' in found) return { kind: 'elsewhere', note: `${otherwise}, since ${found.why}` };
  const asked = release(manifest, objects, { called, directory: '', files: [] });
  const unread =
    valuesFiles(chart).length === 0 ? [] : [`The valuesFiles of ${called} are not applied to what is shown`];
  return { kind: 'remote-release', chart: found, ...asked, notes: [...asked.notes, ...unread], otherwise };
}

function valuesFiles(chart: unknown): readonly string[] {
  return [...textsAt(chart, 'valuesFiles'), ...textsAt(chart, 'valuesFile')];
}

function release(
  manifest: unknown,
  objects: readonly unknown[],
  chart: { readonly called: string; readonly directory: string; readonly files: readonly ReleaseValues[] },
): Omit<Extract<Asked, { kind: 'release' }>, 'kind'> {
  const { called, directory, files } = chart;
  const from = valuesFrom(manifest, objects, called);
  const inline = at(manifest, 'spec', 'values');
  return {
    release: {
      chart: directory,
      release: releaseName(manifest),
      namespace: textAt(manifest, 'spec', 'targetNamespace') ?? textAt(manifest, 'metadata', 'namespace'),
      values: [...files, ...from.values, ...(isRecord(inline) ? [text(`spec.values of ${called}`, inline)] : [])],
      sets: from.sets,
      postRenderers: fluxPostRenderers(manifest),
      crds: textAt(manifest, 'spec', 'install', 'crds') === 'Skip' ? 'skipped' : 'included',
    },
    notes: from.notes,
  };
}

function releaseName(manifest: unknown): string {
  const name = textAt(manifest, 'metadata', 'name') ?? '';
  const target = textAt(manifest, 'spec', 'targetNamespace');
  return textAt(manifest, 'spec', 'releaseName') ?? (target === null ? name : `${target}-${name}`);
}

function text(name: string, value: unknown): ReleaseValues {
  return { kind: 'text', name, text: canonicalYaml(value) };
}
