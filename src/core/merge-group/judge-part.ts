/** Whether what a merge group adds for one pull request is what was approved there. */
import type { PullRequest } from '../forge-objects.js';
import { targetKey, type TargetName } from '../ids.js';
import type { Plan } from '../plan/plan.js';
import type { VerdictState } from '../policy/verdict-node.js';
import type { Blocker, Readiness } from '../standing/readiness.js';

export interface PartFacts {
  /** Null: there is none with that number. */
  readonly pullRequest: Pick<PullRequest, 'state' | 'base'> | null;
  /** The target branch that the group is for. */
  readonly base: string;
  /** The pull request's own, which its approvals are for; null while it is made. */
  readonly plan: Plan | null;
  readonly verdict: VerdictState;
  readonly readiness: Readiness;
  /** Of what the group adds for it; null where its own must come first. */
  readonly groupPlan: Plan | null;
  /** A pull request that comes before it in the group and changes what pull requests are judged by, or null. */
  readonly rulesChangedBy: number | null;
}

export type PartJudgement =
  | { readonly kind: 'holds'; readonly digest: string }
  /** Its own plan is being made. */
  | { readonly kind: 'planning' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'rules-change'; readonly by: number }
  /** Of its own plan. */
  | { readonly kind: 'plan-failed' }
  /** Of the group's. */
  | { readonly kind: 'group-plan-failed'; readonly plan: Plan }
  /** `differing`: targets that would get something else; empty where only what lies outside of all targets differs. */
  | {
      readonly kind: 'other-plan';
      readonly approved: string;
      readonly group: string;
      readonly differing: readonly TargetName[];
    }
  | { readonly kind: 'policy'; readonly state: Exclude<VerdictState, 'passed'> }
  /** Held, frozen or a draft. */
  | { readonly kind: 'stopped'; readonly blockers: readonly Blocker[] };

export function judgePart(facts: PartFacts): PartJudgement {
  const { pullRequest } = facts;
  if (pullRequest === null || pullRequest.state !== 'open' || pullRequest.base !== facts.base) return { kind: 'gone' };
  if (facts.rulesChangedBy !== null) return { kind: 'rules-change', by: facts.rulesChangedBy };
  return judgePlans(facts) ?? judgeStanding(facts);
}

/** Null: what the group would deploy is what was approved. */
function judgePlans({ plan, groupPlan }: PartFacts): PartJudgement | null {
  if (plan === null) return { kind: 'planning' };
  if (plan.problems.length > 0 || groupPlan === null) return { kind: 'plan-failed' };
  if (groupPlan.problems.length > 0) return { kind: 'group-plan-failed', plan: groupPlan };
  const [approved, group] = [plan.digest, groupPlan.digest];
  return approved === group ? null : { kind: 'other-plan', approved, group, differing: differing(plan, groupPlan) };
}

function judgeStanding({ plan, verdict, readiness }: PartFacts): PartJudgement {
  if (verdict !== 'passed') return { kind: 'policy', state: verdict };
  const blockers = readiness.state === 'ready' ? [] : readiness.blockers.filter(isStop);
  return blockers.length > 0 ? { kind: 'stopped', blockers } : { kind: 'holds', digest: plan?.digest ?? '' };
}

/** What the forge's queue does not know of. Other checks of the group it waits for itself. */
function isStop({ kind }: Blocker): boolean {
  return kind === 'held' || kind === 'frozen' || kind === 'freezes-unknown' || kind === 'draft';
}

function differing(approved: Plan, group: Plan): readonly TargetName[] {
  const digests = ({ targets }: Plan): ReadonlyMap<string, string> =>
    new Map(
      targets.map(({ target, digestBefore, digestAfter }) => [targetKey(target), `${digestBefore} ${digestAfter}`]),
    );
  const [before, now] = [digests(approved), digests(group)];
  const all = new Map([...approved.targets, ...group.targets].map(({ target }) => [targetKey(target), target]));
  return [...all].filter(([key]) => before.get(key) !== now.get(key)).map(([, target]) => target);
}
