/**
 * A Flux HelmRelease whose chart is a path of a git repository.
 *
 * Worked example: `spec.chart.spec: {chart: ./charts/api, sourceRef: {kind: GitRepository}}` with `spec.values: {replicas: 3}` is the chart
 * `charts/api` with these values. Whose repository the source is, a manifest cannot tell: it is taken for this one if the chart is here.
 * https://fluxcd.io/flux/components/helm/helmreleases/
 */
import { joinPath } from '../../tree/join-path.js';
import { canonicalYaml, isRecord } from '../canonical.js';
import { at, listAt, textAt, textsAt, type Asked, type IsChart, type ReleaseValues } from './chart-release.js';
import { maskedTexts } from './masked-texts.js';
import { readRecord } from '../../yaml/read-record.js';

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
      crds: textAt(manifest, 'spec', 'install', 'crds') === 'Skip' ? 'skipped' : 'included',
    },
    notes: [...from.notes, ...unshown(manifest, called)],
  };
}

function releaseName(manifest: unknown, name: string): string {
  const target = textAt(manifest, 'spec', 'targetNamespace');
  return textAt(manifest, 'spec', 'releaseName') ?? (target === null ? name : `${target}-${name}`);
}

function unshown(manifest: unknown, called: string): readonly string[] {
  return listAt(manifest, 'spec', 'postRenderers').length > 0
    ? [`The postRenderers of ${called} are not applied to what is shown`]
    : [];
}

function text(name: string, value: unknown): ReleaseValues {
  return { kind: 'text', name, text: canonicalYaml(value) };
}

interface ValuesFrom {
  readonly values: readonly ReleaseValues[];
  readonly notes: readonly string[];
}

function valuesFrom(manifest: unknown, objects: readonly unknown[], called: string): ValuesFrom {
  const values: ReleaseValues[] = [];
  const notes: string[] = [];
  for (const reference of listAt(manifest, 'spec', 'valuesFrom')) {
    const [kind, name] = [textAt(reference, 'kind') ?? '', textAt(reference, 'name') ?? ''];
    const holder = objects.find((each) => isNamed(each, kind, name, manifest));
    const held = holder === undefined ? null : valuesIn(holder, textAt(reference, 'valuesKey') ?? 'values.yaml');
    if (held === null || textAt(reference, 'targetPath') !== null)
      notes.push(`Values of ${called} from ${kind}/${name} are not applied to what is shown`);
    else values.push(text(`${kind}/${name}`, held));
  }
  return { values, notes };
}

function isNamed(object: unknown, kind: string, name: string, like: unknown): boolean {
  const namespace = textAt(object, 'metadata', 'namespace');
  const wanted = textAt(like, 'metadata', 'namespace');
  const same = namespace === null || wanted === null || namespace === wanted;
  return same && at(object, 'kind') === kind && textAt(object, 'metadata', 'name') === name;
}

/** Texts of a Secret are masked: a template may put them where nobody looks for a secret. */
function valuesIn(holder: unknown, key: string): Readonly<Record<string, unknown>> | null {
  const plain = textAt(holder, at(holder, 'kind') === 'Secret' ? 'stringData' : 'data', key);
  const value = plain === null ? null : readRecord(plain);
  return value === null || at(holder, 'kind') !== 'Secret' ? value : maskedTexts(value);
}
