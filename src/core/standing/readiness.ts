/**
 * Readiness: may this pull request be merged now, and if not, what would change that?
 *
 * It is the one value that I1 rests on: `ready` carries the head and the plan digest it was found ready for, and the merge takes both.
 */
import type { Check, PullRequest, RequiredChecks } from '../forge-objects.js';
import type { Instant, Sha } from '../ids.js';
import type { Plan } from '../plan/plan.js';
import type { Verdict } from '../policy/verdict.js';
import { freezesInForce, type Freeze, type FreezeBook, type FreezeDoubt } from './freeze.js';
import type { Hold } from './sticky-state.js';

export type Blocker =
  | { readonly kind: 'closed' }
  | { readonly kind: 'draft' }
  /** Somebody said `/hold`. */
  | { readonly kind: 'held'; readonly hold: Hold }
  /** Somebody said `/freeze` for an environment that it touches. */
  | { readonly kind: 'frozen'; readonly freeze: Freeze }
  /** What is frozen can't be known, and so counts as everything. */
  | { readonly kind: 'freezes-unknown'; readonly why: FreezeDoubt }
  | { readonly kind: 'plan-missing' }
  | { readonly kind: 'plan-failed' }
  | { readonly kind: 'policy-pending' }
  | { readonly kind: 'policy-refused' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'check-pending'; readonly name: string }
  | { readonly kind: 'check-failed'; readonly name: string };

export type Readiness =
  | { readonly state: 'ready'; readonly head: Sha; readonly digest: string }
  /** Something still runs or is awaited. */
  | { readonly state: 'waiting'; readonly blockers: readonly Blocker[] }
  /** Waiting alone will not help. */
  | { readonly state: 'blocked'; readonly blockers: readonly Blocker[] };

export interface ReadinessFacts {
  readonly pullRequest: PullRequest;
  /** For this head and the target branch's tip of now; null while it is made. */
  readonly plan: Plan | null;
  readonly verdict: Verdict;
  readonly checks: readonly Check[];
  readonly required: RequiredChecks;
  readonly hold: Hold | null;
  readonly freezes: FreezeBook;
  readonly now: Instant;
}

export const PLAN_CHECK = 'lockkeeper/plan';
export const POLICY_CHECK = 'lockkeeper/policy';
export const QUEUE_CHECK = 'lockkeeper/queue';
/** What these say is known here as values, fresher than the forge has them; and nothing waits for itself. */
export const OWN_CHECKS: readonly string[] = [PLAN_CHECK, POLICY_CHECK, QUEUE_CHECK];

export function checksOfOthers<Named extends Pick<Check, 'name'>>(checks: readonly Named[]): readonly Named[] {
  return checks.filter(({ name }) => !OWN_CHECKS.includes(name));
}

export function evaluateReadiness(facts: ReadinessFacts): Readiness {
  const blockers = [
    ...standingBlockers(facts),
    ...stopBlockers(facts),
    ...planBlockers(facts.plan),
    ...checkBlockers(facts),
  ];
  if (blockers.length === 0 && facts.plan !== null)
    return { state: 'ready', head: facts.pullRequest.head.sha, digest: facts.plan.digest };
  const state = blockers.every(isPassing) ? 'waiting' : 'blocked';
  return { state, blockers };
}

/** The same, held by this or by nobody. `plan`: that it was found by. */
export function withHold(
  readiness: Readiness,
  hold: Hold | null,
  { head, plan }: { readonly head: Sha; readonly plan: Pick<Plan, 'digest'> | null },
): Readiness {
  const others = readiness.state === 'ready' ? [] : readiness.blockers.filter(({ kind }) => kind !== 'held');
  const blockers: readonly Blocker[] = hold === null ? others : [{ kind: 'held', hold }, ...others];
  if (blockers.length === 0 && plan !== null) return { state: 'ready', head, digest: plan.digest };
  return { state: blockers.every(isPassing) ? 'waiting' : 'blocked', blockers };
}

/** True for blockers that go away by themselves once something that is under way ends. */
function isPassing(blocker: Blocker): boolean {
  return blocker.kind === 'plan-missing' || blocker.kind === 'check-pending';
}

/** Without what only follows from the rest: of what can't be planned the policy says no more than that. */
export function blockersOfItsOwn(blockers: readonly Blocker[]): readonly Blocker[] {
  const unplanned = blockers.some(
    ({ kind }) => kind === 'conflict' || kind === 'plan-failed' || kind === 'plan-missing',
  );
  return unplanned ? blockers.filter((blocker) => !isOfPolicy(blocker)) : blockers;
}

/** Of those: what stands in the way of something that is blocked, and does not go away by itself. */
export function obstacles(blockers: readonly Blocker[]): readonly Blocker[] {
  const telling = blockersOfItsOwn(blockers).filter((blocker) => !isPassing(blocker));
  return telling.length === 0 ? blockers : telling;
}

/** Its words say what is missing. */
export function isOfPolicy({ kind }: Blocker): boolean {
  return kind === 'policy-pending' || kind === 'policy-refused';
}

function standingBlockers({ pullRequest, verdict }: ReadinessFacts): readonly Blocker[] {
  const blockers: Blocker[] = [];
  if (pullRequest.state !== 'open') blockers.push({ kind: 'closed' });
  if (pullRequest.readiness === 'draft') blockers.push({ kind: 'draft' });
  if (verdict.state === 'refused') blockers.push({ kind: 'policy-refused' });
  if (verdict.state === 'pending') blockers.push({ kind: 'policy-pending' });
  return blockers;
}

/** What people have stopped. Without a plan it is not known which environments it touches; but then that is in the way already. */
function stopBlockers({ hold, freezes, plan, now }: ReadinessFacts): readonly Blocker[] {
  const held: readonly Blocker[] = hold === null ? [] : [{ kind: 'held', hold }];
  if (plan === null || plan.targets.length === 0) return held;
  if (freezes.kind === 'unreadable') return [...held, { kind: 'freezes-unknown', why: freezes.why }];
  const touched = new Set(plan.targets.map(({ target }) => target.env));
  const frozen = freezesInForce(freezes.freezes, now).filter(({ env }) => touched.has(env));
  return [...held, ...frozen.map((freeze): Blocker => ({ kind: 'frozen', freeze }))];
}

function planBlockers(plan: Plan | null): readonly Blocker[] {
  if (plan === null) return [{ kind: 'plan-missing' }];
  if (plan.problems.some((problem) => problem.kind === 'conflict')) return [{ kind: 'conflict' }];
  return plan.problems.length > 0 ? [{ kind: 'plan-failed' }] : [];
}

interface ChecksOfCommit extends Pick<ReadinessFacts, 'checks' | 'required'> {
  /** What it means that nothing at all was reported, where whatever is reported counts. */
  readonly silence: 'pending' | 'passed';
}

/** Of a commit that is nobody's head. */
export function evaluateChecks({ checks, required, silence }: ChecksOfCommit): 'pending' | 'passed' | 'failed' {
  const blockers = checkBlockers({ checks, required });
  if (blockers.some(({ kind }) => kind === 'check-failed')) return 'failed';
  const silent = required.extent === 'every-reported' && checksOfOthers(checks).length === 0;
  return blockers.length > 0 || (silent && silence === 'pending') ? 'pending' : 'passed';
}

/** The names of those that failed, of those that count. */
export function failedChecks(found: Pick<ReadinessFacts, 'checks' | 'required'>): readonly string[] {
  return checkBlockers(found).flatMap((blocker) => (blocker.kind === 'check-failed' ? [blocker.name] : []));
}

function checkBlockers({ checks, required }: Pick<ReadinessFacts, 'checks' | 'required'>): readonly Blocker[] {
  const names = required.names.filter((name) => !OWN_CHECKS.includes(name));
  const reported = checksOfOthers(checks);
  const relevant =
    required.extent === 'every-reported' ? reported : reported.filter((check) => names.includes(check.name));
  const missing = names.filter((name) => !reported.some((check) => check.name === name));
  return [
    ...missing.map((name): Blocker => ({ kind: 'check-pending', name })),
    ...relevant.flatMap(({ name, state }): Blocker[] => {
      if (state === 'failure') return [{ kind: 'check-failed', name }];
      return state === 'pending' ? [{ kind: 'check-pending', name }] : [];
    }),
  ];
}
