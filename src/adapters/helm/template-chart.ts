/** One run of `helm template` on a chart of the tree. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CHART_FILE } from '../../core/plan/detect-renderer.js';
import type { ChartRelease, ReleaseValues } from '../../core/plan/helm/chart-release.js';
import { findPlace } from '../../core/tree/tree-view.js';
import type { Processes } from '../../ports/processes.js';
import type { RemoteSources } from '../../ports/remote-sources.js';
import type { RenderResult } from '../../ports/renderer.js';
import { LARGEST_FILE, materialise } from '../tree/materialise.js';
import { runTool, type ToolLimits } from '../tree/run-tool.js';
import { inWorkPlace, INPUTS, type WorkPlace } from '../tree/work-place.js';
import { gatherChart, type GatheredChart, type RepositoryTree } from './gather-chart.js';
import { helmEnvironment, INSTALL } from './helm-tool.js';
import { writeRemoteDependencies } from './remote-dependencies.js';

export interface HelmOptions {
  readonly processes: Processes;
  /** What charts may be fetched from; nowhere when absent. */
  readonly remotes?: RemoteSources | undefined;
  /** Where directories are made and removed again; the system's own place when absent. */
  readonly temporaryDirectory?: string;
  readonly limits?: ToolLimits;
}

/** What a release and a namespace may be called; also keeps what a tree names from being taken for an option. */
const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** The stream is named after the release. */
export async function templateChart(
  options: HelmOptions,
  tree: RepositoryTree,
  release: ChartRelease,
  signal: AbortSignal | undefined,
): Promise<RenderResult> {
  const place = findPlace(tree.view, release.chart);
  if (place.kind === 'outside') return failed(null, `The chart ${release.chart} leads out of the repository`);
  const chart = place.kind === 'directory' ? place.path : release.chart;
  const chartFile = `${chart === '' ? '' : `${chart}/`}${CHART_FILE}`;
  if (place.kind !== 'directory' || findPlace(tree.view, chartFile).kind !== 'file')
    return failed(
      chartFile,
      `There is no chart in ${release.chart || 'the top of the repository'}: ${CHART_FILE} is missing`,
    );
  const misnamed = nameProblem(release);
  if (misnamed !== null) return failed(chartFile, misnamed);
  const values = await readValues(tree, release.values);
  if (values.kind === 'failed') return values;
  const gathered = await gatherChart(tree, chart);
  return inWorkPlace({ tool: 'helm', temporaryDirectory: options.temporaryDirectory }, async (work) => {
    const written = await materialise(tree.mirror, tree.view, gathered.reads, work.tree);
    if (written.kind === 'refused') return failed(written.file, written.message);
    await linkDependencies(gathered, work);
    const fetched = await writeRemoteDependencies(options.remotes, gathered.remote, work);
    if (fetched.kind === 'failed') return failed(chartFile, fetched.message);
    const ran = await run(options, { work, chart, release, values: values.values, signal });
    const result =
      ran.kind === 'failed' && fetched.hint !== null ? { ...ran, message: `${ran.message}${fetched.hint}` } : ran;
    return result.kind === 'rendered' ? { ...result, notes: leftOutNotes(written.leftOut) } : result;
  });
}

/** A chart as it was fetched, packed. */
export async function templatePackedChart(
  options: HelmOptions,
  tree: RepositoryTree,
  { archive, release }: { readonly archive: Uint8Array; readonly release: ChartRelease },
  signal: AbortSignal | undefined,
): Promise<RenderResult> {
  const misnamed = nameProblem(release);
  if (misnamed !== null) return failed(null, misnamed);
  const values = await readValues(tree, release.values);
  if (values.kind === 'failed') return values;
  return inWorkPlace({ tool: 'helm', temporaryDirectory: options.temporaryDirectory }, async (work) => {
    await writeFile(join(work.inputs, PACKED), archive);
    return run(options, { work, chart: null, release, values: values.values, signal });
  });
}

/** Of a chart that is not in the repository, among the inputs. */
const PACKED = 'chart.tgz';

function nameProblem({ release, namespace }: ChartRelease): string | null {
  const wrong = [release, namespace ?? 'default'].find((name) => !NAME.test(name) || name.length > 63);
  if (wrong === undefined) return null;
  return `“${wrong.slice(0, 80)}” can’t be the name of a release or namespace: set helm.release or helm.namespace in .lockkeeper.yaml`;
}

interface ValuesText {
  readonly name: string;
  readonly content: Uint8Array | string;
}

async function readValues(
  { mirror, view }: RepositoryTree,
  values: readonly ReleaseValues[],
): Promise<{ readonly kind: 'values'; readonly values: readonly ValuesText[] } | Failure> {
  const found: ValuesText[] = [];
  for (const each of values) {
    if (each.kind === 'text') {
      found.push({ name: each.name, content: each.text });
      continue;
    }
    const place = findPlace(view, each.path);
    if (place.kind === 'outside') return failed(each.path, 'The values file leads out of the repository');
    if (place.kind !== 'file') {
      if (each.presence === 'looked-for') continue;
      return failed(each.path, 'The values file is not there');
    }
    const content = (await mirror.blobs([place.entry.sha], { maxBytes: LARGEST_FILE })).get(place.entry.sha);
    if (content === undefined) return failed(each.path, `The values file is larger than ${LARGEST_FILE} bytes`);
    found.push({ name: each.path, content });
  }
  return { kind: 'values', values: found };
}

async function linkDependencies({ links }: GatheredChart, { tree }: WorkPlace): Promise<void> {
  for (const { at, to } of links) {
    await mkdir(dirname(join(tree, at)), { recursive: true });
    await symlink(to, join(tree, at));
  }
}

interface Run {
  readonly work: WorkPlace;
  /** A directory of the tree; null: the packed one. */
  readonly chart: string | null;
  readonly release: ChartRelease;
  readonly values: readonly ValuesText[];
  readonly signal: AbortSignal | undefined;
}

async function run(
  { processes, limits }: HelmOptions,
  { work, chart, release, values, signal }: Run,
): Promise<RenderResult> {
  // By names of our own: helm splits what it is told at commas and fetches what looks like an address.
  for (const [index, { content }] of values.entries()) await writeFile(join(work.inputs, `${index}.yaml`), content);
  const outcome = await runTool({
    processes,
    place: work,
    tool: 'helm',
    program: 'helm',
    arguments: [
      'template',
      release.release,
      chart === null ? `${INPUTS}/${PACKED}` : chart === '' ? '.' : `./${chart}`,
      `--namespace=${release.namespace ?? 'default'}`,
      release.crds === 'skipped' ? '--skip-crds' : '--include-crds',
      '--skip-tests',
      ...values.map((_each, index) => `--values=${INPUTS}/${index}.yaml`),
      ...(release.sets ?? []).map(({ as, assignment }) => `--set${as === 'text' ? '-string' : ''}=${assignment}`),
    ],
    environment: helmEnvironment(work),
    limits,
    signal,
  });
  switch (outcome.kind) {
    case 'printed':
      return { kind: 'rendered', streams: [{ name: release.release, text: outcome.text }], notes: [] };
    case 'missing':
      return { kind: 'tool-missing', tool: 'helm', install: INSTALL };
    case 'failed':
      return inOurWords(outcome.message, chart ?? '', values);
  }
}

function leftOutNotes(leftOut: readonly string[]): readonly string[] {
  return leftOut.map((path) => `${path} is larger than ${LARGEST_FILE} bytes and was not given to helm`);
}

/** Helm calls files by the chart's name and values by our own names. */
function inOurWords(message: string, chart: string, values: readonly ValuesText[]): Failure {
  const words = message
    .replaceAll(/\.\.\/inputs\/(\d+)\.yaml/g, (own, index: string) => values[Number(index)]?.name ?? own)
    .replace(/^Error: /, '')
    .replace(/\n+Use --debug flag to render out invalid YAML$/, '');
  const missing = /missing in charts\/ directory: (.*)/.exec(words)?.[1];
  const prefix = chart === '' ? '' : `${chart}/`;
  if (missing !== undefined) {
    const how = `run \`helm dependency update ${chart || '.'}\` and commit its charts directory`;
    return failed(
      `${prefix}${CHART_FILE}`,
      `The chart depends on ${missing}, which the repository does not hold; rendering has no network: ${how}`,
    );
  }
  const inChart = /(?:^|[\s(])[\w.-]+\/((?:templates|crds|charts)\/[^\s:()]+)/.exec(words)?.[1];
  const inValues = values.find(({ name }) => words.includes(name))?.name;
  return failed(inChart === undefined ? (inValues ?? null) : `${prefix}${inChart}`, words);
}

type Failure = Extract<RenderResult, { kind: 'failed' }>;

export function failed(file: string | null, message: string): Failure {
  return { kind: 'failed', file, message };
}
