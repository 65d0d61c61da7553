/** Renders targets on both sides of a change, a few at a time, beside the lane. */
import type { Target } from '../../core/environment/find-targets.js';
import type { TargetName } from '../../core/ids.js';
import type { TargetRendering } from '../../core/plan/compare.js';
import { parseManifests, type Resource } from '../../core/plan/manifests.js';
import type { HiddenPart, PlanProblem } from '../../core/plan/plan.js';
import { unreachable } from '../../core/unreachable.js';
import type { RenderResult } from '../../ports/renderer.js';
import { MENDED_NOTE, MORE_NOTES } from '../../text/plan-notes.js';
import type { PlanningApp } from '../app.js';
import { renderThroughCache } from './rendering-cache.js';
import type { TargetInputs } from './target-inputs.js';

/** A target with what it is made of on both sides; null where it is not there. */
export interface TargetSides {
  readonly target: Target;
  readonly before: TargetInputs | null;
  readonly after: TargetInputs | null;
}

interface RenderedTarget {
  readonly rendering: TargetRendering | null;
  /** What the renderer says its result does not show: of the after side, or where there is none of the side before. */
  readonly notes: readonly HiddenPart[];
  readonly problems: readonly PlanProblem[];
}

/** For each that is rendered, so many are prepared or compared: tools wait for nobody. How many tools run at once is the sandbox's affair. */
const AHEAD = 2;

/** Told how many targets of how many are rendered. */
export type Progress = (done: number, total: number) => void;

/** One result for each target, in their order; when `signal` ends it, of those that were begun. */
export async function renderTargets(
  app: PlanningApp,
  targets: readonly TargetSides[],
  signal?: AbortSignal,
  progress?: Progress,
): Promise<readonly RenderedTarget[]> {
  const results: RenderedTarget[] = [];
  let done = 0;
  progress?.(done, targets.length);
  const waiting = targets.entries();
  const render = async (): Promise<void> => {
    // Shared by all that render: each takes the next that nobody has.
    for (const [index, target] of waiting) {
      if (signal?.aborted === true) return;
      results[index] = await renderTarget(app, target);
      done += 1;
      progress?.(done, targets.length);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, app.renderers.parallel) * AHEAD }, render));
  return results.filter((each) => each !== undefined);
}

/** A target absent on one side has no resources there. */
async function renderTarget(app: PlanningApp, { target, ...sides }: TargetSides): Promise<RenderedTarget> {
  const [before, after] = await Promise.all([
    renderSide(app, sides.before, { target: target.name, side: 'before' }),
    renderSide(app, sides.after, { target: target.name, side: 'after' }),
  ]);
  const mended = isMended(before, after);
  const problems = mended ? [] : distinct([...before.problems, ...after.problems]);
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
    notes: noteParts(target, [
      ...(mended ? [MENDED_NOTE] : []),
      ...(after.renderer === null ? before.notes : after.notes),
    ]),
    problems,
  };
}

/** What is broken on the target branch and right with the change must not be held against the change. */
function isMended(before: RenderedSide, after: RenderedSide): boolean {
  const broken = before.problems.length > 0 && before.problems.every(({ kind }) => kind !== 'tool-missing');
  return broken && after.problems.length === 0;
}

function distinct(problems: readonly PlanProblem[]): readonly PlanProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
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
  return more > 0 ? [...shown, { ...part(MORE_NOTES), count: more }] : shown;
}

interface RenderedSide {
  readonly renderer: string | null;
  readonly resources: readonly Resource[];
  readonly notes: readonly string[];
  readonly problems: readonly PlanProblem[];
}

interface Place {
  readonly target: TargetName;
  readonly side: 'before' | 'after';
}

async function renderSide(app: PlanningApp, inputs: TargetInputs | null, place: Place): Promise<RenderedSide> {
  if (inputs === null) return { renderer: null, resources: [], notes: [], problems: [] };
  const result = await renderThroughCache(inputs, app.cache);
  return { renderer: inputs.renderer.name, ...toSide(app, result, place) };
}

function toSide(app: PlanningApp, result: RenderResult, at: Place): Omit<RenderedSide, 'renderer'> {
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
      const { file, line = null, message } = result;
      return { resources: [], notes: [], problems: [{ kind: 'render-failed', ...at, file, line, message }] };
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
