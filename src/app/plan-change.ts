/** Gathers what a change does to its targets and assembles the plan. Needs git only: no forge. */
import { createHash } from 'node:crypto';
import { parseConfiguration } from '../config/parse-configuration.js';
import type { Configuration } from '../core/configuration.js';
import { targetKey, type Sha } from '../core/ids.js';
import { affectedTargets } from '../core/plan/affected.js';
import { assemblePlan } from '../core/plan/assemble.js';
import { detectRenderer } from '../core/plan/detect-renderer.js';
import type { Plan, PlanProblem } from '../core/plan/plan.js';
import type { Target } from '../core/environment/find-targets.js';
import type { Mirror } from '../ports/repository.js';
import type { App } from './app.js';
import { CONFIGURATION_FILE, targetsAt } from './gather-repository.js';
import { renderTargets } from './render-targets.js';

/** Planning needs no forge. */
export type PlanningApp = Pick<App, 'renderers' | 'fingerprint'>;

export interface Change {
  readonly mirror: Mirror;
  readonly configuration: Configuration;
  /** Tip of the target branch. */
  readonly base: Sha;
  readonly head: Sha;
}

/** The plan of merging `head` into `base`. */
export async function planChange(app: PlanningApp, change: Change): Promise<Plan> {
  const { mirror, base, head } = change;
  const merged = await mirror.merge(base, head);
  if (merged.kind === 'conflict') return failedPlan(change, [{ kind: 'conflict', paths: merged.paths }]);
  const before = await mirror.treeOf(base);
  const changedPaths = await mirror.changedPaths(before, merged.tree);
  const targets = await targetsOnBothSides(change, [before, merged.tree]);
  const reaching = await reachingDirectories(change, targets, merged.tree);
  const affected = affectedTargets(changedPaths, targets, reaching);
  const request = { mirror, before, after: merged.tree, configuration: change.configuration };
  const rendered = await renderTargets(app, request, affected.targets);
  return assemblePlan({
    base,
    head,
    changedPaths,
    renderings: rendered.flatMap((each) => (each.rendering === null ? [] : [each.rendering])),
    notes: rendered.flatMap((each) => each.notes),
    outside: affected.outside,
    outsideDigest: await contentDigest(mirror, merged.tree, affected.outside),
    problems: [
      ...rendered.flatMap((each) => each.problems),
      ...(await configurationProblems(mirror, merged.tree, changedPaths)),
    ],
  });
}

/** A plan that says only why there is none. */
export function failedPlan(change: Pick<Change, 'base' | 'head'>, problems: readonly PlanProblem[]): Plan {
  const { base, head } = change;
  return assemblePlan({ base, head, changedPaths: [], renderings: [], outside: [], outsideDigest: '', problems });
}

async function targetsOnBothSides(change: Change, trees: readonly Sha[]): Promise<readonly Target[]> {
  const found = new Map<string, Target>();
  for (const tree of trees) {
    for (const target of await targetsAt(change.mirror, tree, change.configuration))
      found.set(targetKey(target.name), target);
  }
  return [...found.values()];
}

async function reachingDirectories(
  change: Change,
  targets: readonly Target[],
  tree: Sha,
): Promise<ReadonlySet<string>> {
  if (change.configuration.render === 'plain') return new Set();
  const entries = await change.mirror.entries(tree);
  return new Set(
    targets
      .filter((target) => detectRenderer(entries, target.directory) === 'kustomize')
      .map((target) => target.directory),
  );
}

async function contentDigest(mirror: Mirror, tree: Sha, paths: readonly string[]): Promise<string> {
  if (paths.length === 0) return '';
  const wanted = new Set(paths);
  const entries = (await mirror.entries(tree)).filter((entry) => wanted.has(entry.path));
  const content = JSON.stringify([[...paths].sort(), entries.map((entry) => [entry.path, entry.mode, entry.sha])]);
  return createHash('sha256').update(content).digest('hex');
}

/** The configuration as the change would leave it must be right too, or the next pull request could not be judged. */
async function configurationProblems(
  mirror: Mirror,
  tree: Sha,
  changedPaths: readonly string[],
): Promise<readonly PlanProblem[]> {
  if (!changedPaths.includes(CONFIGURATION_FILE)) return [];
  const bytes = await mirror.file(tree, CONFIGURATION_FILE);
  if (bytes === null) {
    const message = 'the file is removed: Lockkeeper would stop acting on this repository';
    return [
      {
        kind: 'broken-configuration',
        where: 'pull-request',
        problem: { file: CONFIGURATION_FILE, line: 1, column: 1, message },
      },
    ];
  }
  const parsed = parseConfiguration(new TextDecoder().decode(bytes), CONFIGURATION_FILE);
  if (parsed.kind === 'valid') return [];
  return parsed.problems.map((problem) => ({ kind: 'broken-configuration', where: 'pull-request', problem }) as const);
}
