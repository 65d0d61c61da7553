/**
 * Where a HelmRelease or an Application takes a chart from that is not in the repository.
 *
 * Worked example: `chart: {spec: {chart: redis, version: 1.2.3, sourceRef: {kind: HelmRepository, name: stable}}}`, with that HelmRepository
 * of `url: https://charts.example.test` among the same manifests, is redis 1.2.3 of `https://charts.example.test`.
 *
 * Only one version is one: what a range stands for changes without anybody's pull request.
 */
import { valid } from 'semver';
import { at, textAt, type ChartSource } from './chart-release.js';

/** `why`: what stands in the way, to go on after “since”. */
export type FoundChart = ChartSource | { readonly why: string };

/** `objects`: all of the same rendering, among which the source has to be. */
export function fluxChart(manifest: unknown, objects: readonly unknown[]): FoundChart {
  const chart = at(manifest, 'spec', 'chart', 'spec');
  const reference = at(manifest, 'spec', 'chartRef') ?? at(chart, 'sourceRef');
  const kind = textAt(reference, 'kind') ?? 'a source of unknown kind';
  if (kind !== 'HelmRepository' && kind !== 'OCIRepository') return { why: `charts are not fetched from ${kind}` };
  const name = textAt(reference, 'name') ?? '';
  const source = objects.find((each) => isSource(each, reference, manifest));
  if (source === undefined) return { why: `${kind}/${name} is not among the manifests of this target` };
  if (needsCredentials(source)) return { why: `${kind}/${name} needs credentials` };
  if (kind === 'OCIRepository') return ofRegistry(source);
  return exactly(textAt(source, 'spec', 'url'), textAt(chart, 'chart'), textAt(chart, 'version') ?? '*');
}

/** Its address has the chart's name, too. */
function ofRegistry(source: unknown): FoundChart {
  const [, repository = null, name = null] = /^(.*)\/([^/]+)$/.exec(textAt(source, 'spec', 'url') ?? '') ?? [];
  return exactly(repository, name, textAt(source, 'spec', 'ref', 'tag') ?? 'a digest or a range');
}

function needsCredentials(source: unknown): boolean {
  return ['secretRef', 'certSecretRef'].some((key) => at(source, 'spec', key) !== undefined);
}

/** `source`: one of an Application's. */
export function argoChart(source: unknown): FoundChart {
  const url = textAt(source, 'repoURL') ?? '';
  // Of registries Argo CD takes the address without a scheme.
  const repository = url.includes('://') ? url : `oci://${url}`;
  return exactly(repository, textAt(source, 'chart'), textAt(source, 'targetRevision') ?? '*');
}

function exactly(repository: string | null, name: string | null, version: string): FoundChart {
  if (repository === null) return { why: 'its source has no address' };
  if (name === null || !/^[\w][\w./-]*$/.test(name) || name.includes('..')) return { why: 'its name can’t be one' };
  if (!isOneVersion(version)) return { why: `only one version is fetched, and ${version} is not one` };
  return { repository, name, version };
}

function isSource(object: unknown, reference: unknown, manifest: unknown): boolean {
  const group = (textAt(object, 'apiVersion') ?? '').split('/')[0];
  if (group !== 'source.toolkit.fluxcd.io' || at(object, 'kind') !== at(reference, 'kind')) return false;
  const wanted = textAt(reference, 'namespace') ?? textAt(manifest, 'metadata', 'namespace');
  const namespace = textAt(object, 'metadata', 'namespace');
  const same = wanted === null || namespace === null || wanted === namespace;
  return same && textAt(object, 'metadata', 'name') === textAt(reference, 'name');
}

/** False for ranges, and for what merely can be read as a version. */
export function isOneVersion(version: string): boolean {
  return /^v?\d[\w.+-]*$/.test(version) && valid(version) !== null;
}
