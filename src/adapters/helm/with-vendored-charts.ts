/**
 * A renderer whose HelmReleases and Applications are followed by what their charts make, where the chart stands in the same repository.
 *
 * The manifests that ask for it stay: they too are deployed.
 */
import { WHOLE_REPOSITORY, type Closure } from '../../core/plan/dependencies/closure.js';
import { CHART_FILE } from '../../core/plan/detect-renderer.js';
import type { Asked, ChartRelease } from '../../core/plan/helm/chart-release.js';
import { findReleases, mayAskForCharts } from '../../core/plan/helm/find-releases.js';
import { filesBelow, findPlace, type TreeView } from '../../core/tree/tree-view.js';
import type { ManifestStream, PostRenderer, Renderer, RenderResult, RenderSource } from '../../ports/renderer.js';
import { LARGEST_FILE } from '../tree/materialise.js';
import type { Helm, NotAllowed } from './create-helm-renderer.js';
import { postRendered } from './post-rendered.js';

/** One target that asks for more is not one release any more. */
const MOST_RELEASES = 100;

/** What renders charts, and what changes what they made. */
export interface ChartTools {
  readonly helm: Helm;
  readonly postRenderer: PostRenderer;
}

export function withVendoredCharts(inner: Renderer, tools: ChartTools): Renderer {
  const { helm, postRenderer } = tools;
  return {
    name: inner.name,
    version: async () => (await Promise.all([inner, helm, postRenderer].map((each) => each.version()))).join(', '),
    render: async (source) => {
      const result = await inner.render(source);
      return result.kind === 'rendered' ? withCharts(tools, source, result) : result;
    },
    reads: (source) => reads(inner, source),
  };
}

type Rendered = Extract<RenderResult, { kind: 'rendered' }>;

async function withCharts(tools: ChartTools, source: RenderSource, rendered: Rendered): Promise<RenderResult> {
  if (!rendered.streams.some(({ text }) => mayAskForCharts(text))) return rendered;
  const view = await source.mirror.view(source.tree);
  const asked = findReleases(
    rendered.streams.map(({ text }) => text),
    (directory) => isChart(view, directory),
  );
  const streams: ManifestStream[] = [...rendered.streams];
  const notes = [...rendered.notes];
  let releases = 0;
  for (const each of asked) {
    if (each.kind === 'nothing') continue;
    if (each.kind === 'elsewhere') {
      notes.push(each.note);
      continue;
    }
    releases += 1;
    if (releases > MOST_RELEASES) return tooMany(source);
    const made = await release(tools, source, each);
    if (made.kind === 'not-allowed') {
      notes.push(`${each.kind === 'remote-release' ? each.otherwise : ''}, since ${made.why}`);
      continue;
    }
    if (made.kind !== 'rendered') return named(made, each.release);
    streams.push(...made.streams);
    notes.push(...each.notes, ...made.notes);
  }
  return { kind: 'rendered', streams, notes };
}

async function release(
  { helm, postRenderer }: ChartTools,
  source: RenderSource,
  asked: Extract<Asked, { kind: 'release' | 'remote-release' }>,
): Promise<RenderResult | NotAllowed> {
  const made =
    asked.kind === 'release'
      ? await helm.template(source, asked.release)
      : await helm.templateRemote(source, asked.chart, asked.release);
  if (made.kind !== 'rendered') return made;
  const { postRenderers = [] } = asked.release;
  return postRendered(postRenderer, made, { postRenderers, signal: source.signal });
}

function isChart(view: TreeView, directory: string): boolean {
  const place = findPlace(view, directory);
  if (place.kind !== 'directory') return false;
  return findPlace(view, place.path === '' ? CHART_FILE : `${place.path}/${CHART_FILE}`).kind === 'file';
}

function tooMany({ directory }: RenderSource): RenderResult {
  const message = `The target asks for more than ${MOST_RELEASES} releases of charts in this repository`;
  return { kind: 'failed', file: directory, message };
}

function named(result: Exclude<RenderResult, Rendered>, { release }: ChartRelease): RenderResult {
  return result.kind === 'failed' ? { ...result, message: `release ${release}: ${result.message}` } : result;
}

/** Where a chart may be asked for, everything: which chart it is, only rendering tells. */
async function reads(inner: Renderer, source: RenderSource): Promise<Closure> {
  if (inner.reads === undefined) return WHOLE_REPOSITORY;
  const closure = await inner.reads(source);
  const view = await source.mirror.view(source.tree);
  if (!hasCharts(view)) return closure;
  const files = new Set<string>();
  for (const path of closure.paths) {
    const place = findPlace(view, path);
    if (place.kind === 'file') files.add(place.entry.sha);
  }
  for (const directory of closure.directories)
    for (const { mode, sha } of filesBelow(view, directory)) if (mode !== '120000' && mode !== '160000') files.add(sha);
  const blobs = await source.mirror.blobs([...files], { maxBytes: LARGEST_FILE });
  for (const bytes of blobs.values())
    if (mayAskForCharts(Buffer.from(bytes).toString('latin1'))) return WHOLE_REPOSITORY;
  return closure;
}

const chartsOf = new WeakMap<TreeView, boolean>();

/** Without a chart in the whole repository there is none to ask for. Remembered: it is asked for each target. */
function hasCharts(view: TreeView): boolean {
  const known = chartsOf.get(view);
  if (known !== undefined) return known;
  const found = view.paths.some((path) => path === CHART_FILE || path.endsWith(`/${CHART_FILE}`));
  chartsOf.set(view, found);
  return found;
}
