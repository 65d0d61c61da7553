/**
 * Promotion: whether what one environment runs is carried to the next, now.
 *
 * Worked example. dev holds api 1.1.0 (commit 3f2a…), test holds 1.0.0; test is `after: dev`, `promotion: auto`, with the gate
 * `checks: ["ci/*"]`. While ci/build is pending on 3f2a the decision is `wait`; once it is green, `open`. If 1.2.0 reaches dev while that
 * pull request is open, and its gates pass, the decision is `update`: the one pull request of the target then carries 1.2.0 (I4).
 */
import type { EnvironmentRules } from '../configuration.js';
import type { Commit, PullRequest } from '../forge-objects.js';
import type { TargetName } from '../ids.js';
import type { CarriedChanges, CarryProblem } from './carried-set.js';
import type { GateResult } from './gates.js';

export interface PromotionFacts {
  readonly source: TargetName;
  readonly destination: TargetName;
  readonly rules: EnvironmentRules;
  /** `absent`: the destination (or source) has no directory yet. */
  readonly carried:
    | CarriedChanges
    | { readonly kind: 'absent'; readonly target: TargetName }
    /** Somebody asked for a version that the source did not have lately. */
    | { readonly kind: 'no-such-version'; readonly version: string };
  /** The last commit that changed the source's carried set; null if there is none in reach. */
  readonly sourceCommit: Commit | null;
  readonly gates: GateResult | null;
  readonly open: OpenPromotion | null;
  /** The promotion of this very source commit that was merged or closed before; null if there is none. */
  readonly ended: PullRequest | null;
  /** `asked`: somebody allowed said `/promote`. */
  readonly asked: 'asked' | 'not-asked';
}

export interface OpenPromotion {
  readonly pullRequest: PullRequest;
  /** Does its branch hold exactly what would be carried now? */
  readonly content: 'current' | 'outdated';
  /** Has anyone but the bot pushed to the branch? Then it is theirs and is left alone (I6). */
  readonly branch: 'ours' | 'touched';
}

export type PromotionDecision =
  /** The destination holds the carried set already. */
  | { readonly kind: 'nothing-to-carry' }
  | { readonly kind: 'impossible'; readonly why: Obstacle }
  | { readonly kind: 'wait-for-gates'; readonly gates: GateResult }
  | { readonly kind: 'wait-for-command' }
  /** People closed it, or undid it after it was merged: it is not opened again unless somebody asks or something newer comes. */
  | { readonly kind: 'ended'; readonly pullRequest: PullRequest }
  | { readonly kind: 'open'; readonly gates: GateResult }
  | { readonly kind: 'update'; readonly pullRequest: PullRequest; readonly gates: GateResult }
  | {
      readonly kind: 'keep';
      readonly pullRequest: PullRequest;
      readonly why: 'current' | 'newer-waits-for-gates' | 'touched-by-people';
    }
  | { readonly kind: 'close'; readonly pullRequest: PullRequest };

/** Why nothing can be carried, whatever people say. */
export type Obstacle =
  | { readonly kind: 'no-files'; readonly target: TargetName }
  | { readonly kind: 'no-such-version'; readonly source: TargetName; readonly version: string }
  | { readonly kind: 'not-carried'; readonly path: string; readonly problem: CarryProblem }
  /** No commit in reach brought there what would be carried. */
  | { readonly kind: 'no-source-commit'; readonly source: TargetName };

export function decidePromotion(facts: PromotionFacts): PromotionDecision {
  const { carried, source, open } = facts;
  if (carried.kind === 'absent') return impossible({ kind: 'no-files', target: carried.target });
  if (carried.kind === 'no-such-version') return impossible({ ...carried, source });
  if (carried.kind === 'impossible')
    return impossible({ kind: 'not-carried', path: carried.path, problem: carried.problem });
  if (carried.changes.length === 0) {
    if (open === null || open.branch === 'touched') return { kind: 'nothing-to-carry' };
    return { kind: 'close', pullRequest: open.pullRequest };
  }
  if (facts.sourceCommit === null || facts.gates === null) return impossible({ kind: 'no-source-commit', source });
  return facts.open === null ? decideOpening(facts, facts.gates) : decideOpenOne(facts.open, facts.gates);
}

function impossible(why: Obstacle): PromotionDecision {
  return { kind: 'impossible', why };
}

function decideOpening(facts: PromotionFacts, gates: GateResult): PromotionDecision {
  if (gates.state !== 'passed') return { kind: 'wait-for-gates', gates };
  if (facts.rules.promotion === 'manual' && facts.asked === 'not-asked') return { kind: 'wait-for-command' };
  if (facts.ended !== null && facts.asked === 'not-asked') return { kind: 'ended', pullRequest: facts.ended };
  return { kind: 'open', gates };
}

function decideOpenOne(open: OpenPromotion, gates: GateResult): PromotionDecision {
  const { pullRequest } = open;
  if (open.branch === 'touched') return { kind: 'keep', pullRequest, why: 'touched-by-people' };
  if (open.content === 'current') return { kind: 'keep', pullRequest, why: 'current' };
  return gates.state === 'passed'
    ? { kind: 'update', pullRequest, gates }
    : { kind: 'keep', pullRequest, why: 'newer-waits-for-gates' };
}
