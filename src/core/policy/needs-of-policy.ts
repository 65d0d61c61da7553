/** Which facts a policy can ask for at all, so that nothing else has to be gathered: what is not asked for may stay unknown. */
import type { PeopleRule } from '../people-rule.js';
import type { ConditionName, Policy, PolicyRule, Requirement } from './policy-rules.js';

export interface PolicyNeeds {
  /** Conditions that some rule gives. */
  readonly conditions: ReadonlySet<ConditionName>;
  /** Environments for which {@link TargetFacts.provenSince} is asked. */
  readonly provenIn: readonly string[];
  /** Teams whose members must be looked up, as the rules write them. */
  readonly teams: readonly string[];
  /** Environments whose approvers must be known. */
  readonly approversOf: readonly string[];
  readonly committers: boolean;
  readonly codeOwners: boolean;
  readonly checks: boolean;
  /** Title and trailers. */
  readonly ticket: boolean;
  readonly approveCommands: boolean;
}

export function needsOfPolicy({ rules, approveCommand }: Policy): PolicyNeeds {
  const requirements = rules.flatMap(({ require }) => leavesOf(require));
  const approvals = requirements.flatMap((each) => (each.kind === 'approvals' ? [each] : []));
  const excluded = approvals.flatMap(({ not }) => not);
  const people: readonly PeopleRule[] = [...approvals.map(({ from }) => from), ...rules.map(({ veto }) => veto)];
  const authorTeams = rules.flatMap(({ when }) => when.authorTeams ?? []);
  return {
    conditions: new Set(rules.flatMap(conditionsOf)),
    provenIn: distinct(rules.flatMap(({ when }) => when.provenIn?.environment ?? [])),
    teams: distinct([...people.flatMap(({ teams }) => teams), ...authorTeams]),
    approversOf: distinct(excluded.flatMap((each) => (each.kind === 'approvers-of' ? [each.environment] : []))),
    committers: excluded.some(({ kind }) => kind === 'committers'),
    codeOwners: approvals.some(({ from }) => from.codeowners === 'ask'),
    checks: requirements.some(({ kind }) => kind === 'checks'),
    ticket: requirements.some(({ kind }) => kind === 'ticket'),
    approveCommands: approveCommand === 'counts',
  };
}

function conditionsOf({ when }: PolicyRule): readonly ConditionName[] {
  const names = Object.keys(when) as readonly ConditionName[];
  return names.filter((name) => when[name] !== null);
}

/** The requirements inside of groups, and what is in no group. */
export function leavesOf(requirement: Requirement): readonly Requirement[] {
  switch (requirement.kind) {
    case 'all':
    case 'any':
    case 'n-of':
      return requirement.of.flatMap(leavesOf);
    default:
      return [requirement];
  }
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
