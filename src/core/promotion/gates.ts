/** Gates: conditions on the source of a promotion. Each answers for itself, with the words' material inside. */
import type { GateRules } from '../configuration.js';
import type { Check, Commit } from '../forge-objects.js';
import { compileGlob } from '../glob/glob.js';
import type { Instant } from '../ids.js';
import { freezesInForce, type Freeze, type FreezeBook, type FreezeDoubt } from '../standing/freeze.js';

export type GateCondition =
  /** `checks`: those that match and are not green; none at all means nothing was reported yet. */
  | {
      readonly kind: 'checks';
      readonly glob: string;
      readonly state: 'passed' | 'pending' | 'failed';
      readonly checks: readonly Check[];
    }
  | { readonly kind: 'soak'; readonly state: 'passed' | 'pending'; readonly until: Instant }
  /** Another source environment of the same promotion does not hold the same yet. */
  | { readonly kind: 'agreement'; readonly state: 'passed' | 'pending'; readonly environment: string }
  /** The destination is frozen. */
  | { readonly kind: 'freeze'; readonly state: 'pending'; readonly freeze: Freeze }
  /** Whether it is can't be known. */
  | { readonly kind: 'freezes-unknown'; readonly state: 'pending'; readonly why: FreezeDoubt };

export interface GateResult {
  readonly state: 'passed' | 'pending' | 'failed';
  readonly conditions: readonly GateCondition[];
  /** When time alone may change the answer, or null. */
  readonly recheckAt: Instant | null;
}

export interface GateFacts {
  readonly source: Commit;
  /** Checks on the source commit. */
  readonly checks: readonly Check[];
  readonly now: Instant;
  /** Other source environments, and whether they hold the same carried set. */
  readonly others: readonly { readonly environment: string; readonly holds: 'same' | 'other' }[];
  /** The environment that is promoted into, and what is frozen in its repository. */
  readonly destination: string;
  readonly freezes: FreezeBook;
}

export function evaluateGates(rules: GateRules, facts: GateFacts): GateResult {
  const conditions: GateCondition[] = rules.checks.map((glob) => checksCondition(glob, facts.checks));
  const until = facts.source.committedAt + rules.soak;
  const soaking = facts.now < until;
  if (rules.soak > 0) conditions.push({ kind: 'soak', state: soaking ? 'pending' : 'passed', until });
  for (const other of facts.others) {
    conditions.push({
      kind: 'agreement',
      state: other.holds === 'same' ? 'passed' : 'pending',
      environment: other.environment,
    });
  }
  const frozen = freezeConditions(facts);
  conditions.push(...frozen);
  const states = conditions.map((condition) => condition.state);
  const state = states.includes('failed') ? 'failed' : states.includes('pending') ? 'pending' : 'passed';
  const thaws = frozen.flatMap((condition) => (condition.kind === 'freeze' ? (condition.freeze.until ?? []) : []));
  const ends = [...(rules.soak > 0 && soaking ? [until] : []), ...thaws];
  return { state, conditions, recheckAt: ends.length === 0 ? null : Math.min(...ends) };
}

function freezeConditions({ freezes, destination, now }: GateFacts): readonly GateCondition[] {
  if (freezes.kind === 'unreadable') return [{ kind: 'freezes-unknown', state: 'pending', why: freezes.why }];
  return freezesInForce(freezes.freezes, now)
    .filter(({ env }) => env === destination)
    .map((freeze) => ({ kind: 'freeze', state: 'pending', freeze }));
}

/** A glob that nothing matches is pending, never passed: a check that was not reported yet has not succeeded. */
function checksCondition(glob: string, checks: readonly Check[]): GateCondition {
  const matches = compileGlob(glob);
  const matching = checks.filter(({ name }) => matches(name));
  if (matching.some((check) => check.state === 'failure'))
    return { kind: 'checks', glob, state: 'failed', checks: matching };
  const green =
    matching.some((check) => check.state === 'success') && matching.every((check) => check.state !== 'pending');
  return { kind: 'checks', glob, state: green ? 'passed' : 'pending', checks: matching };
}
