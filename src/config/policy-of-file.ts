/** What the file says of the policy → the policy, every default filled in. */
import { EVERYONE_WITH_WRITE } from '../core/configuration.js';
import {
  ANYTHING,
  type Approvers,
  type Conditions,
  type Excluded,
  type Policy,
  type PolicyRule,
  type Requirement,
} from '../core/policy/policy-rules.js';
import { peopleOf } from './people-shape.js';
import type { RulesInFile } from './policy-shapes.js';
import type { RequirementInFile } from './requirement-shape.js';

type RuleInFile = RulesInFile['rules'][number];
type ConditionsInFile = NonNullable<RuleInFile['if']>;

const WRITERS: Approvers = { ...EVERYONE_WITH_WRITE, codeowners: 'ignore' };

/** Where neither the file nor the organisation says anything. */
export const DEFAULT_POLICY: Policy = {
  rules: [
    {
      name: 'one person with write permission who is not the author',
      when: ANYTHING,
      require: { kind: 'approvals', count: 1, from: WRITERS, not: [{ kind: 'author' }] },
      veto: EVERYONE_WITH_WRITE,
    },
  ],
  rego: [],
  approveCommand: 'does-not-count',
};

/** Nothing passes: it stands where a policy is named that is still to be read. */
export const POLICY_TO_BE_READ: Policy = { rules: [], rego: [], approveCommand: 'does-not-count' };

export function policyOf(policy: RulesInFile): Policy {
  return {
    rules: policy.rules.map(ruleOf),
    rego: policy.rego ?? [],
    approveCommand: policy['approve-command'] === true ? 'counts' : 'does-not-count',
  };
}

function ruleOf(rule: RuleInFile): PolicyRule {
  const { name, require } = rule;
  const when = rule.if === null ? ANYTHING : conditionsOf(rule.if);
  if (require === 'none') return { name, when, require: { kind: 'none' }, veto: EVERYONE_WITH_WRITE };
  const veto = require.veto === null ? EVERYONE_WITH_WRITE : peopleOf(require.veto.from);
  return { name, when, require: requirementOf(require), veto };
}

function conditionsOf(given: ConditionsInFile): Conditions {
  return {
    environments: given.environments,
    applications: given.applications,
    kinds: given.kinds,
    versionStep: given['version-step'],
    provenIn: given['proven-in'],
    files: given.files,
    onlyFiles: given['only-files'],
    branches: given.branches,
    author: given.author,
    authorTeams: given['author-teams'],
    bots: given.bots,
    labels: labelsOf(given.labels),
    title: given.title,
    draft: given.draft,
    size: given.size,
    changes: given.changes,
    promotion: given.promotion,
    costIncrease: given['cost-increase'],
    at: given.at,
    signed: given.signed,
  };
}

function labelsOf(given: ConditionsInFile['labels']): Conditions['labels'] {
  if (given === null) return null;
  if (isList(given)) return { any: given, all: [], none: [] };
  return { any: given.any ?? [], all: given.all ?? [], none: given.none ?? [] };
}

function isList(given: NonNullable<ConditionsInFile['labels']>): given is readonly string[] {
  return Array.isArray(given);
}

/** All that one mapping gives; alone it stands for itself. */
function requirementOf(given: RequirementInFile): Requirement {
  const nOf = given['n-of'];
  const of: readonly Requirement[] = [
    ...(given.approvals === null ? [] : [approvalsOf(given, given.approvals)]),
    ...(given.checks === null ? [] : [{ kind: 'checks' as const, globs: given.checks }]),
    ...(given.ticket === null ? [] : [{ kind: 'ticket' as const, pattern: given.ticket }]),
    ...(given.all === null ? [] : [groupOf('all', given.all.length, given.all)]),
    ...(given.any === null ? [] : [groupOf('any', 1, given.any)]),
    ...(nOf === null ? [] : [groupOf('n-of', nOf.n, nOf.of)]),
  ];
  const [only] = of;
  if (only === undefined) return { kind: 'none' };
  return of.length === 1 ? only : { kind: 'all', needed: of.length, of };
}

function groupOf(kind: 'all' | 'any' | 'n-of', needed: number, of: readonly RequirementInFile[]): Requirement {
  return { kind, needed, of: of.map(requirementOf) };
}

function approvalsOf({ from, not }: RequirementInFile, count: number): Requirement {
  const approvers: Approvers =
    from === null ? WRITERS : { ...peopleOf(from), codeowners: from.codeowners === true ? 'ask' : 'ignore' };
  return { kind: 'approvals', count, from: approvers, not: (not ?? ['author' as const]).map(excludedOf) };
}

function excludedOf(given: NonNullable<RequirementInFile['not']>[number]): Excluded {
  return typeof given === 'string' ? { kind: given } : { kind: 'approvers-of', environment: given['approvers-of'] };
}
