/** Gathers what a change does to its targets and assembles the plan. Needs git only: no forge. */
import { createHash } from 'node:crypto';
import type { Configuration } from '../../core/configuration.js';
import { targetKey, type Sha, type TargetName } from '../../core/ids.js';
import { affectedTargets } from '../../core/plan/affected.js';
import { assemblePlan } from '../../core/plan/assemble.js';
import { WHOLE_REPOSITORY, type Closure } from '../../core/plan/dependencies/closure.js';
import type { TargetRendering } from '../../core/plan/compare.js';
import type { Plan, PlanProblem } from '../../core/plan/plan.js';
import { NO_SETTINGS } from '../../core/plan/plan-settings.js';
import { findTargets, type Target } from '../../core/environment/find-targets.js';
import type { Mirror } from '../../ports/repository.js';
import { REMOVED_CONFIGURATION } from '../../text/plan-notes.js';
import type { PlanningApp } from '../app.js';
import { CONFIGURATION_FILE, readConfiguration } from '../policy/read-configuration.js';
import { policyFiles } from '../../core/policy/policy-files.js';
import { gatherUnread, type Sides } from './gather-unread.js';
import { renderTargets, type Progress, type TargetSides } from './render-targets.js';
import { gatherInputs, readSide, type SideReading } from './target-inputs.js';

export interface Change {
  readonly mirror: Mirror;
  readonly configuration: Configuration;
  /** Tip of the target branch. */
  readonly base: Sha;
  readonly head: Sha;
  /** Ends rendering; what is then resolved to is no plan of anything, and must not be used. */
  readonly signal?: AbortSignal;
  readonly progress?: Progress;
  /** Told what was rendered, before it is compared; secrets are masked. */
  onRendered?(renderings: readonly TargetRendering[]): Promise<void>;
}

/** The plan of merging `head` into `base`. */
export async function planChange(app: PlanningApp, change: Change): Promise<Plan> {
  const { mirror, base, head } = change;
  const merged = await mirror.merge(base, head);
  if (merged.kind === 'conflict') return failedPlan(change, [{ kind: 'conflict', paths: merged.paths }]);
  const { sides, toRender, outside } = await readChange(app, change, merged.tree);
  const { changedPaths, after } = sides;
  const [rendered, unread] = await Promise.all([
    renderTargets(app, toRender, change.signal, change.progress),
    gatherUnread(sides, toRender),
  ]);
  const renderings = rendered.flatMap((each) => (each.rendering === null ? [] : [each.rendering]));
  await change.onRendered?.(renderings);
  return assemblePlan({
    base,
    head,
    changedPaths,
    renderings,
    settings: change.configuration,
    notes: [...rendered.flatMap((each) => each.notes), ...unread.parts],
    outside,
    outsideDigest: contentDigest(after, [...outside, ...unread.paths]),
    problems: [
      ...rendered.flatMap((each) => each.problems),
      ...(await configurationProblems(change, merged.tree, changedPaths)),
    ],
  });
}

/** What merging would touch, without rendering anything; null where it conflicts. */
export async function touchedByChange(
  app: PlanningApp,
  change: Change,
): Promise<{ readonly targets: readonly TargetName[]; readonly outside: readonly string[] } | null> {
  const merged = await change.mirror.merge(change.base, change.head);
  if (merged.kind === 'conflict') return null;
  const { toRender, outside } = await readChange(app, change, merged.tree);
  return { targets: toRender.map(({ target }) => target.name), outside };
}

interface ReadChange {
  readonly sides: Sides;
  /** What is affected. */
  readonly toRender: readonly TargetSides[];
  readonly outside: readonly string[];
}

async function readChange(app: PlanningApp, change: Change, merged: Sha): Promise<ReadChange> {
  const { mirror, configuration } = change;
  const base = await mirror.treeOf(change.base);
  const [changedPaths, before, after] = await Promise.all([
    mirror.changedPaths(base, merged),
    readSide(change, base),
    readSide(change, merged),
  ]);
  const targets = targetsOnBothSides(change, [before, after]);
  const sides = { before, after, changedPaths };
  const all = await Promise.all(targets.map((target) => sidesOf(app, sides, target)));
  const closures = new Map(all.map((each) => [each.target, closuresOf(each)]));
  const closureOf = (target: Target): readonly Closure[] => closures.get(target) ?? [WHOLE_REPOSITORY];
  const affected = affectedTargets(changedPaths, targets, closureOf, policyFiles(configuration.policy));
  const touched = new Set(affected.targets);
  return { sides, toRender: all.filter(({ target }) => touched.has(target)), outside: affected.outside };
}

/** A plan that says only why there is none. */
export function failedPlan(change: Pick<Change, 'base' | 'head'>, problems: readonly PlanProblem[]): Plan {
  const { base, head } = change;
  const nothing = { changedPaths: [], renderings: [], outside: [], outsideDigest: '', settings: NO_SETTINGS };
  return assemblePlan({ base, head, ...nothing, problems });
}

function targetsOnBothSides({ configuration }: Change, sides: readonly SideReading[]): readonly Target[] {
  const found = new Map<string, Target>();
  for (const { view } of sides)
    for (const target of findTargets(view.paths, configuration))
      found.set(JSON.stringify([targetKey(target.name), target.directory]), target);
  return [...found.values()];
}

async function sidesOf(app: PlanningApp, sides: Sides, target: Target): Promise<TargetSides> {
  const { changedPaths } = sides;
  const before = await gatherInputs(app.renderers.all, sides.before, target);
  const after = await gatherInputs(app.renderers.all, sides.after, target, { inputs: before, changedPaths });
  return { target, before, after };
}

function closuresOf({ before, after }: TargetSides): readonly Closure[] {
  return [before, after].flatMap((inputs) => (inputs === null ? [] : [inputs.closure]));
}

function contentDigest({ view }: SideReading, paths: readonly string[]): string {
  if (paths.length === 0) return '';
  const sorted = [...paths].sort();
  const entries = sorted.flatMap((path) => view.entries.get(path) ?? []);
  const content = JSON.stringify([sorted, entries.map((entry) => [entry.path, entry.mode, entry.sha])]);
  return createHash('sha256').update(content).digest('hex');
}

/** The configuration as the change would leave it must be right too, or the next pull request could not be judged. */
async function configurationProblems(
  { mirror, configuration }: Change,
  tree: Sha,
  changedPaths: readonly string[],
): Promise<readonly PlanProblem[]> {
  const { file } = configuration.policy;
  if (!changedPaths.some((path) => path === CONFIGURATION_FILE || path === file)) return [];
  const parsed = await readConfiguration(mirror, tree);
  if (parsed?.kind === 'valid') return [];
  const problems = parsed?.problems ?? [
    { file: CONFIGURATION_FILE, line: 1, column: 1, message: REMOVED_CONFIGURATION },
  ];
  return problems.map((problem) => ({ kind: 'broken-configuration', where: 'pull-request', problem }) as const);
}
