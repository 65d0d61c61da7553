/** The helm renderer: `helm template` of a chart of the repository with the target's values. */
import type { Closure } from '../../core/plan/dependencies/closure.js';
import { CHART_FILE } from '../../core/plan/detect-renderer.js';
import { ALLOWING_SETTING } from '../../core/plan/remote/allowance.js';
import type { ChartRelease, ChartSource } from '../../core/plan/helm/chart-release.js';
import { HELM_BY_CONVENTION, helmInputs, type HelmInputs } from '../../core/plan/helm/helm-inputs.js';
import { findPlace, linksOn, type TreeView } from '../../core/tree/tree-view.js';
import type { Renderer, RenderResult, RenderSource } from '../../ports/renderer.js';
import { gatherChart } from './gather-chart.js';
import { findHelm, INSTALL } from './helm-tool.js';
import { failed, templateChart, templatePackedChart, type HelmOptions } from './template-chart.js';

export type { HelmOptions } from './template-chart.js';

/** Renders releases of charts that stand in the tree; looks for helm again while it is missing. */
export interface Helm {
  version(): Promise<string>;
  template(source: RenderSource, release: ChartRelease): Promise<RenderResult>;
  /** The same of a chart that is fetched. `not-allowed`: the server's settings don't allow that; `why` says so. */
  templateRemote(source: RenderSource, chart: ChartSource, release: ChartRelease): Promise<RenderResult | NotAllowed>;
}

export interface NotAllowed {
  readonly kind: 'not-allowed';
  readonly why: string;
}

const NOTHING_ALLOWED = `this server allows no remote sources (${ALLOWING_SETTING})`;

export function createHelm(options: HelmOptions): Helm {
  const { remotes } = options;
  let version: Promise<string | null> | null = null;
  const find = async (): Promise<string | null> => {
    const found = await (version ??= findHelm(options.processes));
    // It may be installed while we run.
    if (found === null) version = null;
    return found;
  };
  return {
    version: async () => [(await find()) ?? 'none', ...(remotes === undefined ? [] : [remotes.version])].join(', '),
    template: async ({ mirror, tree, signal }, release) => {
      if ((await find()) === null) return { kind: 'tool-missing', tool: 'helm', install: INSTALL };
      return templateChart(options, { mirror, view: await mirror.view(tree) }, release, signal);
    },
    templateRemote: async ({ mirror, tree, signal }, chart, release) => {
      if (remotes === undefined) return { kind: 'not-allowed', why: NOTHING_ALLOWED };
      if ((await find()) === null) return { kind: 'tool-missing', tool: 'helm', install: INSTALL };
      const fetched = await remotes.chart(chart);
      if (fetched.kind === 'not-allowed') return { kind: 'not-allowed', why: fetched.message };
      if (fetched.kind === 'failed') return failed(null, fetched.message);
      const { archive } = fetched;
      return templatePackedChart(options, { mirror, view: await mirror.view(tree) }, { archive, release }, signal);
    },
  };
}

export function createHelmRenderer(helm: Helm): Renderer {
  return {
    name: 'helm',
    version: () => helm.version(),
    render: (source) => render(helm, source),
    reads,
  };
}

async function render(helm: Helm, source: RenderSource): Promise<RenderResult> {
  const inputs = inputsOf(source);
  const problem = valuesProblem(await source.mirror.view(source.tree), source, inputs);
  if (problem !== null) return failed(source.directory, problem);
  const values = inputs.values.map((file) => ({ kind: 'file', ...file }) as const);
  return helm.template(source, { ...inputs, values });
}

function inputsOf({ target, directory, helm }: RenderSource): HelmInputs {
  return helmInputs(target, directory, helm ?? HELM_BY_CONVENTION);
}

/** A target of which nothing would be used must not look as if it were rendered. */
function valuesProblem(view: TreeView, { directory, helm }: RenderSource, inputs: HelmInputs): string | null {
  if (inputs.chart === directory || (helm?.values ?? null) !== null) return null;
  const own = inputs.values.filter(({ path }) => directory === '' || path.startsWith(`${directory}/`));
  if (own.some(({ path }) => findPlace(view, path).kind === 'file')) return null;
  const names = own.map(({ path }) => path.slice(directory.length + 1)).filter((name) => name.endsWith('.yaml'));
  return `The directory holds none of the values files that are looked for (${names.join(', ')}): name its own under helm.values in .lockkeeper.yaml`;
}

async function reads(source: RenderSource): Promise<Closure> {
  const view = await source.mirror.view(source.tree);
  const inputs = inputsOf(source);
  const values = inputs.values.map(({ path }) => path);
  const paths = new Set<string>([...values, ...values.flatMap((path) => linksOn(view, path))]);
  for (const path of values) {
    const place = findPlace(view, path);
    if (place.kind === 'file') paths.add(place.entry.path);
  }
  paths.add(`${inputs.chart}/${CHART_FILE}`);
  for (const link of linksOn(view, inputs.chart)) paths.add(link);
  const chart = findPlace(view, inputs.chart);
  if (chart.kind !== 'directory') return { paths, directories: new Set([source.directory]) };
  const gathered = await gatherChart({ mirror: source.mirror, view }, chart.path);
  // The target's own directory too: files of it may come to count by convention.
  return { paths, directories: new Set([...gathered.reads, source.directory]) };
}
