/** A chart of a chart repository over https: found in its index, which also holds its digest. https://helm.sh/docs/topics/chart_repository/ */
import { listAt, textAt, textsAt, type ChartSource } from '../../core/plan/helm/chart-release.js';
import { readRecord } from '../../core/yaml/read-record.js';
import type { Fetched, RemoteChart } from '../../ports/remote-sources.js';
import { allowedGet, type AllowedGetOptions } from './allowed-get.js';
import { checkedChart, LARGEST_CHART, registryChart } from './registry-chart.js';

/** Those of large repositories are a few MB. */
const LARGEST_INDEX = 32 * 1024 * 1024;

export async function repositoryChart(options: AllowedGetOptions, source: ChartSource): Promise<Fetched<RemoteChart>> {
  const repository = source.repository.replace(/\/+$/, '');
  const called = `${source.name} ${source.version} of ${repository}`;
  const got = await allowedGet(options, { url: `${repository}/index.yaml`, headers: {}, maxBytes: LARGEST_INDEX });
  if (got.kind !== 'answered') return got;
  if (got.status !== 200)
    return failed(`${repository} is no chart repository: index.yaml came with status ${got.status}`);
  const entry = entryOf(new TextDecoder().decode(got.body), source);
  if (entry === null) return failed(`${repository} has no chart ${source.name} of version ${source.version}`);
  const [place] = textsAt(entry, 'urls');
  if (place !== undefined && /^oci:\/\//i.test(place)) return registryChart(options, ociSource(place, source));
  if (place === undefined || !URL.canParse(place, `${repository}/`))
    return failed(`${called} has no address in the index`);
  const archive = await allowedGet(options, {
    url: new URL(place, `${repository}/`).href,
    headers: {},
    maxBytes: LARGEST_CHART,
  });
  if (archive.kind !== 'answered') return archive;
  if (archive.status !== 200) return failed(`${called} could not be fetched: it came with status ${archive.status}`);
  const digest = textAt(entry, 'digest')?.replace(/^sha256:/, '');
  if (digest === undefined) return failed(`${called} has no digest in the index: what came could be anything`);
  return checkedChart(archive.body, `sha256:${digest}`, called);
}

function entryOf(text: string, { name, version }: ChartSource): unknown {
  const index = readRecord(sectionOf(text, name));
  return listAt(index, name).find((each) => plain(textAt(each, 'version')) === plain(version)) ?? null;
}

/**
 * The lines of one chart: an index has tens of thousands of others, and reading them all as YAML takes many seconds. Indexes are written by
 * helm, one key a line. Empty where there is no such chart.
 */
function sectionOf(text: string, name: string): string {
  const lines = text.split('\n');
  const entries = lines.indexOf('entries:');
  const start = lines.findIndex((line, at) => at > entries && /^ +[^\s-]/.test(line) && keyOf(line) === name);
  if (entries === -1 || start === -1) return '';
  const indent = /^ */.exec(lines[start] ?? '')?.[0].length ?? 0;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex(
    (line) => line.trim() !== '' && !line.startsWith(' '.repeat(indent + 1)) && !isItem(line, indent),
  );
  const section = [lines[start] ?? '', ...(end === -1 ? rest : rest.slice(0, end))];
  return section.map((line) => line.slice(indent)).join('\n');
}

function keyOf(line: string): string {
  return line
    .trim()
    .replace(/:$/, '')
    .replaceAll(/^["']|["']$/g, '');
}

/** Lists stand below their key with or without more indent. */
function isItem(line: string, indent: number): boolean {
  return line.startsWith(`${' '.repeat(indent)}-`);
}

/** `v1.2.3` and `1.2.3` are one version. */
function plain(version: string | null): string | null {
  return version?.replace(/^v/, '') ?? null;
}

/** `oci://host/charts/name:version`. */
function ociSource(place: string, { name, version }: ChartSource): ChartSource {
  const [, repository = '', named = name, tag = version] = /^(.*)\/([^/:]+)(?::([^/]+))?$/.exec(place) ?? [];
  return { repository, name: named, version: tag };
}

function failed(message: string): Fetched<RemoteChart> & { readonly kind: 'failed' } {
  return { kind: 'failed', message };
}
