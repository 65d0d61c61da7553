/** The three checks of a merge group, GitHub's own merge queue's: what each pull request in it comes to. */
import type { CheckState } from '../core/forge-objects.js';
import type { PartJudgement } from '../core/merge-group/judge-part.js';
import type { FileProblem } from '../core/problem.js';
import { PLAN_CHECK, POLICY_CHECK, QUEUE_CHECK } from '../core/standing/readiness.js';
import { brokenConfiguration } from './broken-configuration.js';
import { code, listed, listedFew, oneLine } from './markdown.js';
import { problemText } from './plan-text.js';
import { targetWords } from './plan-words.js';
import { blockerText } from './readiness-text.js';

export interface GroupCheck {
  /** `lockkeeper/plan`. */
  readonly check: string;
  readonly state: CheckState;
  readonly title: string;
  readonly summary: string;
  /** Of the plan that was found to be the approved one, for one pull request; else empty. */
  readonly digest: string;
}

interface Part {
  readonly number: number;
  readonly judgement: PartJudgement;
}

const TITLE_SHOWN = 140;
const ALL_CHECKS = [PLAN_CHECK, POLICY_CHECK, QUEUE_CHECK] as const;
type OwnCheck = (typeof ALL_CHECKS)[number];

/** Which check a judgement fails; the others say that they wait for it, and fail with it. */
const CONCERNS: Readonly<Record<PartJudgement['kind'], OwnCheck | null>> = {
  holds: null,
  planning: null,
  gone: QUEUE_CHECK,
  'rules-change': POLICY_CHECK,
  'plan-failed': PLAN_CHECK,
  'group-plan-failed': PLAN_CHECK,
  'other-plan': PLAN_CHECK,
  policy: POLICY_CHECK,
  stopped: QUEUE_CHECK,
};

/** `parts`: oldest first. All three say the same where something is wrong: whichever of them is required, it stops the group. */
export function groupChecks(parts: readonly Part[]): readonly GroupCheck[] {
  const summary = parts.map((part) => `- ${partText(part)}`).join('\n');
  const failed = parts.find(({ judgement }) => CONCERNS[judgement.kind] !== null);
  const planning = parts.filter(({ judgement }) => judgement.kind === 'planning');
  if (failed !== undefined) return ALL_CHECKS.map((check) => failedCheck(check, failed, summary));
  if (planning.length > 0) {
    const title = `The plan of ${listedFew(planning.map(reference), 5, 'pull request')} is being made`;
    return ALL_CHECKS.map((check) => ({ check, state: 'pending', title, summary, digest: '' }));
  }
  const all = listedFew(parts.map(reference), 5, 'pull request');
  const titles: Readonly<Record<OwnCheck, string>> = {
    [PLAN_CHECK]: `What was approved in ${all} is what would be merged`,
    [POLICY_CHECK]: `Satisfied for ${all}`,
    [QUEUE_CHECK]: `Nothing stops ${all}`,
  };
  const [only, ...others] = parts;
  const digest = others.length === 0 && only?.judgement.kind === 'holds' ? only.judgement.digest : '';
  return ALL_CHECKS.map((check) => ({ check, state: 'success', title: titles[check], summary, digest }));
}

function failedCheck(check: OwnCheck, failed: Part, summary: string): GroupCheck {
  const concerned = CONCERNS[failed.judgement.kind];
  const words = concerned === check ? partTitle(failed) : `${reference(failed)}: see ${concerned ?? ''}`;
  return { check, state: 'failure', title: oneLine(words, TITLE_SHOWN), summary, digest: '' };
}

function reference({ number }: Pick<Part, 'number'>): string {
  return `#${String(number)}`;
}

function partTitle(part: Part): string {
  return `${reference(part)} ${TITLES[part.judgement.kind]}`;
}

const TITLES: Readonly<Record<PartJudgement['kind'], string>> = {
  holds: 'is as it was approved',
  planning: 'is being planned',
  gone: 'is not open any more',
  'rules-change': 'would be judged by other rules',
  'plan-failed': 'has no plan that succeeded',
  'group-plan-failed': 'can’t be planned in this merge group',
  'other-plan': 'would deploy something else than was approved',
  policy: 'has not what the policy asks for',
  stopped: 'must not be merged now',
};

function partText({ number, judgement }: Part): string {
  return `#${String(number)} ${judgementText(judgement)}`;
}

function judgementText(judgement: PartJudgement): string {
  switch (judgement.kind) {
    case 'holds':
      return `would deploy what was approved: plan ${code(judgement.digest.slice(0, 12))}`;
    case 'rules-change':
      return `comes after #${String(judgement.by)}, which changes what pull requests are judged by: put it into the queue again once that is merged`;
    case 'plan-failed':
      return 'has a plan with problems: its comment says which';
    case 'group-plan-failed':
      return `can’t be planned with what is before it in the queue: ${judgement.plan.problems.map(problemText).join('; ')}`;
    case 'other-plan':
      return otherPlanText(judgement);
    case 'policy':
      return judgement.state === 'pending'
        ? 'lacks approvals: its comment says whose would count'
        : 'is refused by the policy: its comment says why';
    case 'stopped':
      return `must not be merged now: ${listed(judgement.blockers.map(blockerText))}`;
    case 'gone':
      return 'is not an open pull request into this branch any more';
    case 'planning':
      return 'is being planned';
  }
}

function otherPlanText({ approved, group, differing }: Extract<PartJudgement, { kind: 'other-plan' }>): string {
  const where =
    differing.length === 0
      ? 'in files outside of all environments'
      : `in ${listedFew(
          differing.map((target) => code(targetWords(target))),
          5,
          'environment',
        )}`;
  return `would deploy something else than was approved, ${where}: plan ${code(group.slice(0, 12))} with what is before it in the queue, plan ${code(approved.slice(0, 12))} by itself. Put it into the queue again once those are merged and it was approved as it is then`;
}

/** With a broken configuration nobody can tell what is allowed. `branch`: the target branch. */
export function brokenGroupChecks(branch: string, problems: readonly FileProblem[]): readonly GroupCheck[] {
  return ALL_CHECKS.map((check) => ({
    check,
    state: 'failure',
    ...brokenConfiguration(branch, problems),
    digest: '',
  }));
}

export function longGroupChecks(limit: number): readonly GroupCheck[] {
  const title = `This merge group has ${String(limit)} commits and more`;
  const summary =
    'So many are not judged: let the merge queue build smaller groups (Settings > Rules, “Maximum group size”).';
  return ALL_CHECKS.map((check) => ({ check, state: 'failure', title, summary, digest: '' }));
}
