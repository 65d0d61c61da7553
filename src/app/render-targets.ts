/** Renders targets on both sides of a change, a few at a time, beside the lane. */
import type { Configuration } from '../core/configuration.js';
import type { Target } from '../core/environment/find-targets.js';
import type { TreeEntry } from '../core/forge-objects.js';
import type { Sha, TargetName } from '../core/ids.js';
import type { TargetRendering } from '../core/plan/compare.js';
import { detectRenderer, type RendererName } from '../core/plan/detect-renderer.js';
import { chartOf } from '../core/plan/helm/helm-inputs.js';
import { parseManifests, type Resource } from '../core/plan/manifests.js';
import type { HiddenPart, PlanProblem } from '../core/plan/plan.js';
import { unreachable } from '../core/unreachable.js';
import type { Mirror } from '../ports/repository.js';
import type { Renderer, RenderResult } from '../ports/renderer.js';
import type { App } from './app.js';

/** Rendering needs no forge. */
type PlanningApp = Pick<App, 'renderers' | 'fingerprint'>;

export interface Side {
  readonly name: 'before' | 'after';
  readonly tree: Sha;
}

export interface RenderedTarget {
  readonly rendering: TargetRendering | null;
  /** What the renderer says its result does not show: of the after side, or where there is none of the side before. */
  readonly notes: readonly HiddenPart[];
  readonly problems: readonly PlanProblem[];
}

export interface RenderRequest {
  readonly mirror: Mirror;
  readonly before: Sha;
  readonly after: Sha;
  readonly configuration: Pick<Configuration, 'render' | 'helm'>;
}

/** One result for each target, in their order. A target absent on one side has no resources there. */
export async function renderTargets(
  app: PlanningApp,
  request: RenderRequest,
  targets: readonly Target[],
): Promise<readonly RenderedTarget[]> {
  const results: RenderedTarget[] = [];
  const size = Math.max(1, app.renderers.parallel);
  for (let start = 0; start < targets.length; start += size) {
    const batch = targets.slice(start, start + size);
    results.push(...(await Promise.all(batch.map((target) => renderTarget(app, request, target)))));
  }
  return results;
}

async function renderTarget(app: PlanningApp, request: RenderRequest, target: Target): Promise<RenderedTarget> {
  const before = await renderSide(app, request, target, { name: 'before', tree: request.before });
  const after = await renderSide(app, request, target, { name: 'after', tree: request.after });
  const problems = [...before.problems, ...after.problems];
  if (problems.length > 0) return { rendering: null, notes: [], problems };
  const renderer = after.renderer ?? before.renderer ?? 'plain';
  return {
    rendering: {
      target: target.name,
      directory: target.directory,
      renderer,
      before: before.resources,
      after: after.resources,
    },
    notes: noteParts(target, after.renderer === null ? before.notes : after.notes),
    problems,
  };
}

/** Long or many notes must not crowd out the plan. */
const NOTES = { most: 50, longest: 300 } as const;

function noteParts(target: Target, notes: readonly string[]): readonly HiddenPart[] {
  const part = (what: string): HiddenPart => ({
    kind: 'note',
    target: target.name,
    count: 1,
    what: what.slice(0, NOTES.longest),
  });
  const shown = [...new Set(notes)].slice(0, NOTES.most).map(part);
  const more = new Set(notes).size - shown.length;
  return more > 0 ? [...shown, { ...part('and more notes'), count: more }] : shown;
}

interface RenderedSide {
  readonly renderer: string | null;
  readonly resources: readonly Resource[];
  readonly notes: readonly string[];
  readonly problems: readonly PlanProblem[];
}

async function renderSide(app: PlanningApp, request: RenderRequest, target: Target, side: Side): Promise<RenderedSide> {
  const entries = await request.mirror.entries(side.tree, target.directory);
  if (entries.length === 0) return { renderer: null, resources: [], notes: [], problems: [] };
  const { render, helm } = request.configuration;
  const name = await rendererOf(request, target, { tree: side.tree, entries });
  const renderer = rendererNamed(app.renderers.all, name);
  const result = await renderer.render({
    mirror: request.mirror,
    tree: side.tree,
    directory: target.directory,
    target: target.name,
    helm,
    ...(typeof render === 'object' ? { command: render.command } : {}),
  });
  return { renderer: name, ...toSide(app, result, { target: target.name, side: side.name }) };
}

function toSide(
  app: PlanningApp,
  result: RenderResult,
  at: { readonly target: TargetName; readonly side: Side['name'] },
): Omit<RenderedSide, 'renderer'> {
  switch (result.kind) {
    case 'rendered': {
      const { resources, problems } = parseManifests(result.streams, app.fingerprint);
      const { notes } = result;
      return {
        resources,
        notes,
        problems: problems.map((problem) => ({ kind: 'broken-manifest', ...at, problem }) as const),
      };
    }
    case 'failed': {
      const { file, message } = result;
      return { resources: [], notes: [], problems: [{ kind: 'render-failed', ...at, file, message }] };
    }
    case 'tool-missing': {
      const { tool, install } = result;
      const problem = { kind: 'tool-missing', target: at.target, tool, install } as const;
      return { resources: [], notes: [], problems: [problem] };
    }
    default:
      return unreachable(result);
  }
}

async function rendererOf(
  { mirror, configuration }: RenderRequest,
  target: Target,
  { tree, entries }: { readonly tree: Sha; readonly entries: readonly TreeEntry[] },
): Promise<RendererName> {
  const { render, helm } = configuration;
  if (typeof render === 'object') return 'command';
  if (render !== 'auto') return render;
  if (helm.chart === null) return detectRenderer(entries, target.directory);
  return detectRenderer(await mirror.entries(tree), target.directory, chartOf(target.name, target.directory, helm));
}

function rendererNamed(renderers: readonly Renderer[], name: string): Renderer {
  const renderer = renderers.find((each) => each.name === name);
  if (renderer === undefined) throw new Error(`No renderer ${name} was composed`);
  return renderer;
}
