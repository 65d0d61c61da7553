/**
 * What helm needs of the tree to render a chart: its directory, where links in it lead, and the charts it depends on by `file://`.
 *
 * Helm looks for dependencies in the chart's `charts/` only; filling that from the network or from beside it is the work of
 * `helm dependency update`. The part of it that needs no network, charts of the same repository, is done here by links.
 */
import { posix } from 'node:path';
import { isRecord } from '../../core/plan/canonical.js';
import { CHART_FILE } from '../../core/plan/detect-renderer.js';
import { listAt, textAt, type ChartSource } from '../../core/plan/helm/chart-release.js';
import { isOneVersion } from '../../core/plan/helm/remote-charts.js';
import { readRecord } from '../../core/yaml/read-record.js';
import { filesBelow, findPlace, type TreeView } from '../../core/tree/tree-view.js';
import type { Mirror } from '../../ports/repository.js';
import { LARGEST_FILE } from '../tree/materialise.js';

export interface GatheredChart {
  /** Directories and files of the tree. */
  readonly reads: readonly string[];
  /** Links to make, `to` from the directory that `at` is in. */
  readonly links: readonly { readonly at: string; readonly to: string }[];
  /** Charts that the repository does not hold, and the directories that they belong into. */
  readonly remote: readonly RemoteDependency[];
}

export interface RemoteDependency extends ChartSource {
  readonly into: string;
}

export interface RepositoryTree {
  readonly mirror: Mirror;
  readonly view: TreeView;
}

/** Charts that depend on each other beyond this are no release. */
const MOST_CHARTS = 100;

/** `chart`: a directory as it really lies. Never fails: what is wrong with a chart is helm's to say. */
export async function gatherChart(tree: RepositoryTree, chart: string): Promise<GatheredChart> {
  const reads = new Set<string>();
  const links: { at: string; to: string }[] = [];
  const remote: RemoteDependency[] = [];
  const waiting = [chart];
  for (let at = waiting.pop(); at !== undefined && reads.size < MOST_CHARTS; at = waiting.pop()) {
    if (reads.has(at)) continue;
    reads.add(at);
    waiting.push(...linkedPlaces(tree.view, at));
    const place = posix.join(at, 'charts');
    const { local, elsewhere } = await dependenciesOf(tree, at);
    remote.push(
      ...elsewhere.filter(({ name }) => !isVendored(tree.view, place, name)).map((each) => ({ ...each, into: place })),
    );
    for (const dependency of local) {
      waiting.push(dependency.directory);
      if (isVendored(tree.view, place, dependency.name)) continue;
      links.push({ at: posix.join(place, dependency.name), to: posix.relative(place, dependency.directory) });
    }
  }
  return { reads: [...reads], links, remote };
}

function linkedPlaces(view: TreeView, directory: string): readonly string[] {
  if (view.links.size === 0) return [];
  return filesBelow(view, directory).flatMap((entry) => {
    if (entry.mode !== '120000') return [];
    const place = findPlace(view, entry.path);
    if (place.kind === 'directory') return [place.path];
    return place.kind === 'file' ? [place.entry.path] : [];
  });
}

interface LocalDependency {
  /** Safe as one part of a path. */
  readonly name: string;
  readonly directory: string;
}

interface Dependencies {
  readonly local: readonly LocalDependency[];
  readonly elsewhere: readonly ChartSource[];
}

async function dependenciesOf(tree: RepositoryTree, chart: string): Promise<Dependencies> {
  const local: LocalDependency[] = [];
  const elsewhere: ChartSource[] = [];
  for (const [file, lock] of [
    [CHART_FILE, 'Chart.lock'],
    ['requirements.yaml', 'requirements.lock'],
  ] as const) {
    const declared = listAt(await readFile(tree, posix.join(chart, file)), 'dependencies');
    if (declared.length === 0) continue;
    const locked = listAt(await readFile(tree, posix.join(chart, lock)), 'dependencies');
    for (const each of declared) {
      const here = isRecord(each) ? localDependency(tree.view, chart, each) : null;
      if (here !== null) local.push(here);
      else elsewhere.push(...remoteDependency(each, locked));
    }
  }
  return { local, elsewhere };
}

/** None where it is not told which one version: helm says then that it is missing. */
function remoteDependency(declared: unknown, locked: readonly unknown[]): readonly ChartSource[] {
  const [name, repository] = [textAt(declared, 'name'), textAt(declared, 'repository')];
  if (name === null || repository === null || !/^[A-Za-z0-9][\w.-]*$/.test(name)) return [];
  const lock = locked.find((each) => textAt(each, 'name') === name && textAt(each, 'repository') === repository);
  const version = textAt(lock, 'version') ?? textAt(declared, 'version') ?? '';
  return /^(https|oci):\/\//i.test(repository) && isOneVersion(version) ? [{ repository, name, version }] : [];
}

function localDependency(
  view: TreeView,
  chart: string,
  { name, repository }: Readonly<Record<string, unknown>>,
): LocalDependency | null {
  if (typeof name !== 'string' || typeof repository !== 'string' || !/^[A-Za-z0-9][\w.-]*$/.test(name)) return null;
  if (!repository.startsWith('file://')) return null;
  const place = findPlace(view, posix.join(chart, repository.slice('file://'.length)));
  // A chart below what it depends on would hold itself.
  if (place.kind !== 'directory' || `${chart}/`.startsWith(place.path === '' ? '' : `${place.path}/`)) return null;
  return { name, directory: place.path };
}

/** As a directory or as a packed chart. */
function isVendored(view: TreeView, charts: string, name: string): boolean {
  if (findPlace(view, posix.join(charts, name)).kind !== 'nowhere') return true;
  return filesBelow(view, charts).some(({ path }) => {
    const file = path.slice(charts.length + 1);
    return file.startsWith(`${name}-`) && file.endsWith('.tgz') && !file.includes('/');
  });
}

async function readFile(
  { mirror, view }: RepositoryTree,
  path: string,
): Promise<Readonly<Record<string, unknown>> | null> {
  const place = findPlace(view, path);
  if (place.kind !== 'file') return null;
  const bytes = (await mirror.blobs([place.entry.sha], { maxBytes: LARGEST_FILE })).get(place.entry.sha);
  return bytes === undefined ? null : readRecord(new TextDecoder().decode(bytes));
}
