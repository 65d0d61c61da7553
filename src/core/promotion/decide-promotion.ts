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
import type { CarriedChanges } from './carried-set.js';
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
  | { readonly kind: 'impossible'; readonly reason: string }
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

export function decidePromotion(facts: PromotionFacts): PromotionDecision {
  if (facts.carried.kind === 'absent') {
    const { app, env } = facts.carried.target;
    return {
      kind: 'impossible',
      reason: `${app} has no files in ${env} yet: commit a first version there, then promotions can follow`,
    };
  }
  if (facts.carried.kind === 'no-such-version') {
    const { app, env } = facts.source;
    return { kind: 'impossible', reason: `${app} has not had the version ${facts.carried.version} in ${env} lately` };
  }
  if (facts.carried.kind === 'impossible') {
    return { kind: 'impossible', reason: `${facts.carried.path} can't be carried: ${facts.carried.reason}` };
  }
  if (facts.carried.changes.length === 0) {
    if (facts.open === null || facts.open.branch === 'touched') return { kind: 'nothing-to-carry' };
    return { kind: 'close', pullRequest: facts.open.pullRequest };
  }
  if (facts.sourceCommit === null || facts.gates === null) {
    return {
      kind: 'impossible',
      reason: `no commit in reach says where ${facts.source.app} in ${facts.source.env} comes from`,
    };
  }
  return facts.open === null ? decideOpening(facts, facts.gates) : decideOpenOne(facts.open, facts.gates);
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
