/** What a policy asks for: facts that no rule asks for need not be gathered. */
import type { PeopleRule } from '../people-rule.js';
import type { PolicyFacts } from './policy-facts.js';
import type { Conditions, Policy, PolicyRule, Requirement } from './policy-rules.js';
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

/** `affected`: of the pull request; whom rules ask that can decide nothing of it need not be known. */
export function policyNeeds(policy: Policy, affected: PolicyFacts['affected'] = 'unknown'): PolicyNeeds {
  const leaves = policy.rules.flatMap(({ require }) => leavesOf(require));
  const approvals = leaves.filter((each) => each.kind === 'approvals');
  const facts = new Set<Need>([
    ...policy.rules.flatMap(({ when }) => conditionNeeds(when)),
    ...leaves.flatMap(requirementNeeds),
  ]);
  if (policy.rego.length > 0) facts.add('rego').add('files');
  if (policy.approveCommand === 'counts') facts.add('approve-commands');
  return {
    facts,
    teams: distinct([
      ...policy.rules.filter((rule) => mayDecide(rule, affected)).flatMap(peopleOf),
      ...policy.rules.flatMap(({ when }) => when.authorTeams ?? []),
    ]),
    provenIn: distinct(policy.rules.flatMap(({ when }) => when.provenIn?.environment ?? [])),
    approversOf: distinct(
      approvals.flatMap(({ not }) => not.flatMap((each) => (each.kind === 'approvers-of' ? each.environment : []))),
    ),
  };
}

function peopleOf({ require, veto }: PolicyRule): readonly string[] {
  const people: readonly PeopleRule[] = [
    ...leavesOf(require).flatMap((each) => (each.kind === 'approvals' ? [each.from] : [])),
    veto,
  ];
  return people.flatMap(({ teams }) => teams);
}

/** A rule for environments or applications fits nothing else, and nothing outside of targets. */
function mayDecide({ when: { environments, applications } }: PolicyRule, affected: PolicyFacts['affected']): boolean {
  if (affected === 'unknown' || (environments === null && applications === null)) return true;
  return affected.targets.some(
    ({ app, env }) => (environments?.includes(env) ?? true) && (applications?.includes(app) ?? true),
  );
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
