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

/** `objects`: all of the same rendering, for ConfigMaps and Secrets that hold values. */
export function fluxRelease(manifest: unknown, objects: readonly unknown[], isChart: IsChart): Asked {
  const name = textAt(manifest, 'metadata', 'name') ?? '';
  const called = `HelmRelease/${name}`;
  const chart = at(manifest, 'spec', 'chart', 'spec');
  const source = textAt(chart, 'sourceRef', 'kind');
  const path = textAt(chart, 'chart');
  if (source !== 'GitRepository' || path === null) {
    const from = textAt(manifest, 'spec', 'chartRef', 'kind') ?? source ?? 'an unknown source';
    return {
      kind: 'elsewhere',
      note: `${called} takes its chart from ${from}: shown as the manifest it is, not rendered`,
    };
  }
  const directory = joinPath('', path);
  if (!isChart(directory))
    return {
      kind: 'elsewhere',
      note: `${called} takes its chart from ${path}, which is not in this repository: not rendered`,
    };
  const namespace = textAt(manifest, 'spec', 'targetNamespace') ?? textAt(manifest, 'metadata', 'namespace');
  const from = valuesFrom(manifest, objects, called);
  const files = [...textsAt(chart, 'valuesFiles'), ...textsAt(chart, 'valuesFile')];
  const presence = at(chart, 'ignoreMissingValuesFiles') === true ? 'looked-for' : 'expected';
  const inline = at(manifest, 'spec', 'values');
  return {
    kind: 'release',
    release: {
      chart: directory,
      release: releaseName(manifest, name),
      namespace,
      values: [
        ...files.map((file) => ({ kind: 'file', path: joinPath('', file), presence }) as const),
        ...from.values,
        ...(isRecord(inline) ? [text(`spec.values of ${called}`, inline)] : []),
      ],
      sets: from.sets,
      postRenderers: fluxPostRenderers(manifest),
      crds: textAt(manifest, 'spec', 'install', 'crds') === 'Skip' ? 'skipped' : 'included',
    },
    notes: from.notes,
  };
}

function releaseName(manifest: unknown, name: string): string {
  const target = textAt(manifest, 'spec', 'targetNamespace');
  return textAt(manifest, 'spec', 'releaseName') ?? (target === null ? name : `${target}-${name}`);
}

function text(name: string, value: unknown): ReleaseValues {
  return { kind: 'text', name, text: canonicalYaml(value) };
}
