/** Renders targets on both sides of a change, a few at a time, beside the lane. */
import type { Target } from '../core/environment/find-targets.js';
import type { Sha } from '../core/ids.js';
import type { TargetRendering } from '../core/plan/compare.js';
import { detectRenderer } from '../core/plan/detect-renderer.js';
import { parseManifests, type Resource } from '../core/plan/manifests.js';
import type { PlanProblem } from '../core/plan/plan.js';
import { unreachable } from '../core/unreachable.js';
import type { Mirror } from '../ports/repository.js';
import type { Renderer } from '../ports/renderer.js';
import type { App } from './app.js';

/** Rendering needs no forge. */
type PlanningApp = Pick<App, 'renderers' | 'fingerprint'>;

export interface Side {
  readonly name: 'before' | 'after';
  readonly tree: Sha;
}

export interface RenderedTarget {
  readonly rendering: TargetRendering | null;
  readonly problems: readonly PlanProblem[];
}

export interface RenderRequest {
  readonly mirror: Mirror;
  readonly before: Sha;
  readonly after: Sha;
  readonly render: 'auto' | 'plain' | 'kustomize';
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
  if (problems.length > 0) return { rendering: null, problems };
  const renderer = after.renderer ?? before.renderer ?? 'plain';
  return {
    rendering: {
      target: target.name,
      directory: target.directory,
      renderer,
      before: before.resources,
      after: after.resources,
    },
    problems,
  };
}

interface RenderedSide {
  readonly renderer: string | null;
  readonly resources: readonly Resource[];
  readonly problems: readonly PlanProblem[];
}

async function renderSide(app: PlanningApp, request: RenderRequest, target: Target, side: Side): Promise<RenderedSide> {
  const entries = await request.mirror.entries(side.tree, target.directory);
  if (entries.length === 0) return { renderer: null, resources: [], problems: [] };
  const name = request.render === 'auto' ? detectRenderer(entries, target.directory) : request.render;
  const renderer = rendererNamed(app.renderers.all, name);
  const result = await renderer.render({ mirror: request.mirror, tree: side.tree, directory: target.directory });
  switch (result.kind) {
    case 'rendered': {
      const { resources, problems } = parseManifests(result.streams, app.fingerprint);
      return {
        renderer: name,
        resources,
        problems: problems.map(
          (problem) => ({ kind: 'broken-manifest', target: target.name, side: side.name, problem }) as const,
        ),
      };
    }
    case 'failed': {
      const { file, message } = result;
      return {
        renderer: name,
        resources: [],
        problems: [{ kind: 'render-failed', target: target.name, side: side.name, file, message }],
      };
    }
    case 'tool-missing': {
      const { tool, install } = result;
      return {
        renderer: name,
        resources: [],
        problems: [{ kind: 'tool-missing', target: target.name, tool, install }],
      };
    }
    default:
      return unreachable(result);
  }
}

function rendererNamed(renderers: readonly Renderer[], name: string): Renderer {
  const renderer = renderers.find((each) => each.name === name);
  if (renderer === undefined) throw new Error(`No renderer ${name} was composed`);
  return renderer;
}
