/** What makes a target's manifests on one side of a change, and all that this reads. */
import type { Configuration } from '../../core/configuration.js';
import type { Target } from '../../core/environment/find-targets.js';
import type { Sha } from '../../core/ids.js';
import { isBelow } from '../../core/plan/affected.js';
import { touches, union, WHOLE_REPOSITORY, type Closure } from '../../core/plan/dependencies/closure.js';
import { declaredFor, matchInputs, type DeclaredInputs } from '../../core/plan/dependencies/declared-inputs.js';
import { CHART_FILE, detectRenderer, type RendererName } from '../../core/plan/detect-renderer.js';
import { chartOf } from '../../core/plan/helm/helm-inputs.js';
import { filesBelow, type TreeView } from '../../core/tree/tree-view.js';
import type { Renderer, RenderSource } from '../../ports/renderer.js';
import type { Mirror } from '../../ports/repository.js';

/** One side of a change, read once for all targets. */
export interface SideReading {
  readonly mirror: Mirror;
  readonly tree: Sha;
  readonly view: TreeView;
  readonly configuration: SideConfiguration;
  readonly declared: readonly DeclaredInputs[];
  /** Of directories, as they become known. */
  readonly digests: Map<string, string>;
  /** Of renderers, asked once: a tool does not change while a plan is made. */
  readonly versions: Map<Renderer, Promise<string>>;
  /** Ends rendering: its result is no longer wanted. */
  readonly signal: AbortSignal | undefined;
}

type SideConfiguration = Pick<Configuration, 'render' | 'helm' | 'inputs'>;

export interface TargetInputs {
  readonly side: SideReading;
  readonly renderer: Renderer;
  readonly source: RenderSource;
  /** What the renderer reads. */
  readonly read: Closure;
  /** The same with what the configuration declares. */
  readonly closure: Closure;
}

export async function readSide(
  request: {
    readonly mirror: Mirror;
    readonly configuration: SideConfiguration;
    readonly signal?: AbortSignal | undefined;
  },
  tree: Sha,
): Promise<SideReading> {
  const { mirror, configuration, signal } = request;
  const view = await mirror.view(tree);
  const declared = matchInputs(configuration.inputs, view);
  return { mirror, tree, view, configuration, declared, digests: new Map(), versions: new Map(), signal };
}

/** The other side, and what differs from it. */
interface OtherSide {
  readonly inputs: TargetInputs | null;
  readonly changedPaths: readonly string[];
}

/** Null for a target that is not there on this side. What reads nothing that differs from the other side reads the same as there. */
export async function gatherInputs(
  renderers: readonly Renderer[],
  side: SideReading,
  ...[target, other]: [target: Target, other?: OtherSide]
): Promise<TargetInputs | null> {
  const name = rendererOf(side, target);
  if (name === null) return null;
  const renderer = renderers.find((each) => each.name === name);
  if (renderer === undefined) throw new Error(`No renderer ${name} was composed`);
  const source = sourceOf(side, target);
  const read = readAsThere(renderer, target, other) ?? (await renderer.reads?.(source)) ?? WHOLE_REPOSITORY;
  return { side, renderer, source, read, closure: union([read, declaredFor(target.name, side.declared)]) };
}

function readAsThere(renderer: Renderer, { directory }: Target, other: OtherSide | undefined): Closure | null {
  if (other?.inputs?.renderer !== renderer) return null;
  const { read } = other.inputs;
  return other.changedPaths.some((path) => isBelow(path, directory) || touches(read, path)) ? null : read;
}

function sourceOf({ mirror, tree, configuration, signal }: SideReading, target: Target): RenderSource {
  const { render, helm } = configuration;
  return {
    mirror,
    tree,
    directory: target.directory,
    target: target.name,
    helm,
    ...(typeof render === 'object' ? { command: render.command } : {}),
    ...(signal === undefined ? {} : { signal }),
  };
}

function rendererOf({ view, configuration }: SideReading, { name, directory }: Target): RendererName | null {
  const entries = filesBelow(view, directory);
  if (entries.length === 0) return null;
  const { render, helm } = configuration;
  if (typeof render === 'object') return 'command';
  if (render !== 'auto') return render;
  if (helm.chart === null) return detectRenderer(entries, directory);
  const chart = chartOf(name, directory, helm);
  const chartFile = view.entries.get(`${chart}/${CHART_FILE}`);
  return detectRenderer(chartFile === undefined ? entries : [...entries, chartFile], directory, chart);
}
