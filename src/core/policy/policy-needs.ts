/** What a policy asks for: facts that no rule asks for need not be gathered. */
import type { PeopleRule } from '../people-rule.js';
import type { Conditions, Policy, Requirement } from './policy-rules.js';
import { leavesOf } from './requirement-leaves.js';

/** `lines` are counted with git, `signatures` and `committers` asked of the forge, `teams` by name below. */
export type Need =
  | 'files'
  | 'lines'
  | 'signatures'
  | 'committers'
  | 'trailers'
  | 'promotion'
  | 'code-owners'
  | 'approve-commands'
  | 'rego';

export interface PolicyNeeds {
  readonly facts: ReadonlySet<Need>;
  readonly teams: readonly string[];
  /** Environments whose history says since when something ran there. */
  readonly provenIn: readonly string[];
  /** Environments whose approvers are asked for. */
  readonly approversOf: readonly string[];
}

export function policyNeeds(policy: Policy): PolicyNeeds {
  const leaves = policy.rules.flatMap(({ require }) => leavesOf(require));
  const approvals = leaves.filter((each) => each.kind === 'approvals');
  const facts = new Set<Need>([
    ...policy.rules.flatMap(({ when }) => conditionNeeds(when)),
    ...leaves.flatMap(requirementNeeds),
  ]);
  if (policy.rego.length > 0) facts.add('rego').add('files');
  if (policy.approveCommand === 'counts') facts.add('approve-commands');
  const people: readonly PeopleRule[] = [...approvals.map(({ from }) => from), ...policy.rules.map(({ veto }) => veto)];
  return {
    facts,
    teams: distinct([
      ...people.flatMap(({ teams }) => teams),
      ...policy.rules.flatMap(({ when }) => when.authorTeams ?? []),
    ]),
    provenIn: distinct(policy.rules.flatMap(({ when }) => when.provenIn?.environment ?? [])),
    approversOf: distinct(
      approvals.flatMap(({ not }) => not.flatMap((each) => (each.kind === 'approvers-of' ? each.environment : []))),
    ),
  };
}

/** Whether any rule asks for checks of the head. */
export function needsChecks({ rules }: Policy): boolean {
  return rules.some(({ require }) => leavesOf(require).some(({ kind }) => kind === 'checks'));
}

/** Whether any rule asks for what only rendered manifests tell; which targets are affected is known without. */
export function needsRendering({ rules }: Policy): boolean {
  return rules.some(({ when: { kinds, versionStep, changes, costIncrease } }) =>
    [kinds, versionStep, changes, costIncrease].some((each) => each !== null),
  );
}

function conditionNeeds(when: Conditions): readonly Need[] {
  const needs: Need[] = [];
  if (when.files !== null || when.onlyFiles !== null || when.size !== null) needs.push('files');
  if (when.size !== null && when.size.lines !== null) needs.push('lines');
  if (when.signed !== null) needs.push('signatures');
  if (when.promotion !== null) needs.push('promotion');
  return needs;
}

function requirementNeeds(require: Requirement): readonly Need[] {
  switch (require.kind) {
    case 'approvals':
      return [
        ...(require.not.some(({ kind }) => kind === 'committers') ? (['committers'] as const) : []),
        ...(require.from.codeowners === 'ask' ? (['code-owners', 'files'] as const) : []),
      ];
    case 'ticket':
      return ['trailers'];
    default:
      return [];
  }
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
