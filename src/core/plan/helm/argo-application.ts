/**
 * An Argo CD Application whose chart is a path of a git repository.
 *
 * Worked example: `source: {path: charts/api, helm: {valueFiles: [values-prod.yaml, /shared.yaml], parameters: [{name: a, value: b}]}}` is
 * the chart `charts/api` with its own `values-prod.yaml`, the repository's `shared.yaml` and `--set a=b`.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/helm/
 */
import { joinPath } from '../../tree/join-path.js';
import { canonicalYaml, isRecord } from '../canonical.js';
import {
  at,
  listAt,
  textAt,
  textsAt,
  type Asked,
  type IsChart,
  type ReleaseValues,
  type SetValue,
} from './chart-release.js';
import { argoChart } from './remote-charts.js';

/** One for each of its sources. */
export function argoReleases(manifest: unknown, isChart: IsChart): readonly Asked[] {
  const called = `Application/${textAt(manifest, 'metadata', 'name') ?? ''}`;
  const single = at(manifest, 'spec', 'source');
  const sources = single === undefined ? listAt(manifest, 'spec', 'sources') : [single];
  return sources.map((source) => {
    if (textAt(source, 'chart') !== null) return remote(manifest, source, called);
    const path = textAt(source, 'path');
    if (path === null) return { kind: 'nothing' };
    if (isChart(joinPath('', path))) return release(manifest, source, called);
    if (!isRecord(at(source, 'helm'))) return { kind: 'nothing' };
    return {
      kind: 'elsewhere',
      note: `${called} takes its chart from ${path}, which is not in this repository: not rendered`,
    };
  });
}

function remote(manifest: unknown, source: unknown, called: string): Asked {
  const from = textAt(source, 'repoURL') === null ? 'a repository' : 'a chart repository';
  const otherwise = `${called} takes its chart ${textAt(source, 'chart') ?? ''} from ${from}: shown as the manifest it is, not rendered`;
  const found = argoChart(source);
  if ('why' in found) return { kind: 'elsewhere', note: `${otherwise}, since ${found.why}` };
  const { release: whole, notes } = release(manifest, source, called);
  // Its own files are not here; those of other sources, `$name/…`, are taken for this repository's.
  const declared = textsAt(at(source, 'helm'), 'valueFiles');
  const own = declared.filter((file) => !file.startsWith('$') && !/^[a-z][a-z0-9+.-]*:\/\//i.test(file));
  const referred = new Set(declared.filter((file) => file.startsWith('$')).map((file) => placeOf('', file)));
  const values = whole.values.filter((each) => each.kind === 'text' || referred.has(each.path));
  const unread = own.length === 0 ? [] : [`Values files in the chart of ${called} are not applied to what is shown`];
  return {
    kind: 'remote-release',
    chart: found,
    release: { ...whole, chart: '', values },
    notes: [...notes, ...unread],
    otherwise,
  };
}

function release(manifest: unknown, source: unknown, called: string): Extract<Asked, { kind: 'release' }> {
  const helm = at(source, 'helm');
  const chart = joinPath('', textAt(source, 'path') ?? '');
  const presence = at(helm, 'ignoreMissingValueFiles') === true ? 'looked-for' : 'expected';
  const remote = textsAt(helm, 'valueFiles').filter((file) => /^[a-z][a-z0-9+.-]*:\/\//i.test(file));
  const files = textsAt(helm, 'valueFiles').filter((file) => !remote.includes(file));
  return {
    kind: 'release',
    release: {
      chart,
      release: textAt(helm, 'releaseName') ?? textAt(manifest, 'metadata', 'name') ?? '',
      namespace: textAt(helm, 'namespace') ?? textAt(manifest, 'spec', 'destination', 'namespace'),
      values: [
        ...files.map((file) => ({ kind: 'file', path: placeOf(chart, file), presence }) as const),
        ...inlineValues(helm, called),
      ],
      sets: parameters(helm),
      crds: at(helm, 'skipCrds') === true ? 'skipped' : 'included',
    },
    notes: [
      ...remote.map(() => `${called} takes values from an address, which are not applied to what is shown`),
      ...(listAt(helm, 'fileParameters').length > 0
        ? [`The fileParameters of ${called} are not applied to what is shown`]
        : []),
    ],
  };
}

/** From the chart; with `/` or `$name/` in front, from the top of a repository, which is taken for this one. */
function placeOf(chart: string, file: string): string {
  if (file.startsWith('/')) return joinPath('', file);
  const referred = /^\$[^/]+\/(.*)$/s.exec(file)?.[1];
  return referred === undefined ? joinPath(chart, file) : joinPath('', referred);
}

/** `valuesObject` takes precedence over `values`, as it does for Argo CD. */
function inlineValues(helm: unknown, called: string): readonly ReleaseValues[] {
  const object = at(helm, 'valuesObject');
  const text = isRecord(object) ? canonicalYaml(object) : textAt(helm, 'values');
  return text === null ? [] : [{ kind: 'text', name: `values of ${called}`, text }];
}

/** Argo CD escapes commas so that a value stays one. */
function parameters(helm: unknown): readonly SetValue[] {
  return listAt(helm, 'parameters').flatMap((each) => {
    const [name, value] = [textAt(each, 'name'), at(each, 'value')];
    if (name === null || !['string', 'number', 'boolean'].includes(typeof value)) return [];
    const escaped = String(value).replaceAll(/(?<!\\),/g, '\\,');
    return [{ as: at(each, 'forceString') === true ? 'text' : 'value', assignment: `${name}=${escaped}` } as const];
  });
}
