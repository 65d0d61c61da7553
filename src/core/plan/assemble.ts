/** All that was found out about a pull request's change, as one plan with its digest. */
import { createHash } from 'node:crypto';
import { maskText } from '../mask/mask-text.js';
import { targetKey, type Sha } from '../ids.js';
import { compareTarget, type ComparedTarget, type TargetRendering } from './compare.js';
import type { PlanSettings } from './plan-settings.js';
import type { HiddenPart, Plan, PlanChanges, PlanProblem, TargetPlan } from './plan.js';

export interface PlanFindings {
  readonly base: Sha;
  readonly head: Sha;
  readonly changedPaths: readonly string[];
  readonly renderings: readonly TargetRendering[];
  /** Changed files that belong to no target. */
  readonly outside: readonly string[];
  /** Names the content after the change of those files and of files of targets that none reads: they are not rendered, yet what is merged must be what was approved. */
  readonly outsideDigest: string;
  readonly problems: readonly PlanProblem[];
  /** What the results do not show: what renderers say of it, and files that none reads; none when absent. */
  readonly notes?: readonly HiddenPart[];
  /** From the configuration on the target branch. */
  readonly settings: PlanSettings;
}

export function assemblePlan(findings: PlanFindings): Plan {
  const compared = findings.renderings
    .map((each) => compareTarget(each, findings.settings))
    .sort((a, b) => (placeOf(a.plan) < placeOf(b.plan) ? -1 : 1));
  const targets = compared.map((each) => each.plan);
  return {
    digest: planDigest(targets, findings),
    base: findings.base,
    head: findings.head,
    targets,
    outside: findings.outside,
    problems: findings.problems.map(maskProblem),
    changes: overallChanges(
      compared.map((each) => each.changes),
      findings,
    ),
    warnings: compared.flatMap((each) => each.warnings),
    hidden: [...(findings.notes ?? []), ...compared.flatMap((each) => each.hidden)],
  };
}

/** Tools and parsers quote what they choke on. */
function maskProblem(problem: PlanProblem): PlanProblem {
  if (problem.kind === 'render-failed') return { ...problem, message: maskText(problem.message) };
  if (!('problem' in problem)) return problem;
  return { ...problem, problem: { ...problem.problem, message: maskText(problem.problem.message) } };
}

/** One target may stand in two directories. */
function placeOf({ target, directory }: TargetPlan): string {
  return JSON.stringify([targetKey(target), directory]);
}

/** The same for equal rendered results and equal differences, whatever the commits are called and in whatever order things were found. */
function planDigest(targets: readonly TargetPlan[], findings: PlanFindings): string {
  const differing = targets.filter((target) => target.digestBefore !== target.digestAfter);
  const parts = differing.map((target) => [placeOf(target), target.digestBefore, target.digestAfter]);
  const problems = findings.problems.map((problem) => JSON.stringify(problem)).sort();
  const content = JSON.stringify([parts, findings.outsideDigest, problems]);
  return createHash('sha256').update(content).digest('hex');
}

const MANIFEST_FILE = /\.(ya?ml|json)$/i;

function overallChanges(changes: readonly ComparedTarget['changes'][], findings: PlanFindings): PlanChanges {
  if (findings.problems.length > 0) return 'unknown';
  if (findings.changedPaths.length === 0) return 'none';
  // A change that shows in no manifest (a script, a note) is nobody's image bump.
  const unread = findings.notes?.some(({ kind }) => kind === 'unread-file' || kind === 'binary-file') === true;
  if (unread || findings.outside.length > 0 || !findings.changedPaths.every((path) => MANIFEST_FILE.test(path)))
    return 'other';
  const [extent, ...others] = new Set(changes.filter((each) => each !== 'none'));
  return others.length > 0 ? 'other' : (extent ?? 'other');
}
