/** Clauses of the policy's words: parts, people, conditions, facts that could not be read, and why an approval does not count. */
import type { PeopleRule } from '../core/people-rule.js';
import type { Approvers, ConditionName } from '../core/policy/policy-rules.js';
import type { Part, Undecided } from '../core/policy/verdict.js';
import type { DiscountedApproval, DiscountReason, UnknownFact, WhoCanStill } from '../core/policy/verdict-node.js';
import { unreachable } from '../core/unreachable.js';
import { code, counted, listed, oneLine, plain, shortSha } from './markdown.js';
import { policyObstacleText } from './policy-obstacle-text.js';

/** `alice, members of acme/sre, or anyone with write permission`. */
export function peopleText(people: PeopleRule): string {
  const all = sources(people);
  return all.length === 0 ? 'nobody' : listed(all, 'or');
}

export function approversText(approvers: Approvers): string {
  const owners = approvers.codeowners === 'ask' ? ['owners of the changed files'] : [];
  const all = [...sources(approvers), ...owners];
  return all.length === 0 ? 'nobody' : listed(all, 'or');
}

function sources({ users, teams, permission }: PeopleRule): readonly string[] {
  const byPermission = permission === null ? [] : [`anyone with ${permission} permission`];
  return [...users.map(code), ...teams.map((team) => `members of ${code(team)}`), ...byPermission];
}

export function whoText({ approvers, except, people }: WhoCanStill): string {
  const not = except.length === 0 ? '' : ` (not ${listed(except.map(code), 'or')})`;
  const left = people === 0 ? ', which leaves nobody' : people === 1 ? ', which leaves one person' : '';
  return `${approversText(approvers)}${not}${left}`;
}

export function partText(part: Part): string {
  return part.kind === 'target' ? `${plain(part.target.app)} in ${plain(part.target.env)}` : 'files of no environment';
}

export function undecidedText(undecided: Undecided): string {
  switch (undecided.kind) {
    case 'no-rule-fits':
      return `- No rule fits ${partText(undecided.part)}, so it is refused: add a last rule for the rest to the policy`;
    case 'condition-unknown': {
      const facts = undecided.conditions.map((name) => CONDITIONS[name].fact);
      return `- Whether **${plain(undecided.rule)}** decides about ${partText(undecided.part)} can't be told, so it is refused: ${listed(facts)} could not be read`;
    }
    case 'policy-unreadable':
      return `- The organisation’s policy, by which this is to be judged, could not be read, so it is refused: ${plain(oneLine(policyObstacleText(undecided.why), 1000))}`;
    case 'affected-unknown':
      return '- Which environments this touches is not known yet: the plan has to succeed first';
    default:
      return unreachable(undecided);
  }
}

/** Of each condition: as the file has it, and the fact it asks for. */
const CONDITIONS: Readonly<Record<ConditionName, { readonly key: string; readonly fact: string }>> = {
  environments: { key: 'environments', fact: 'its environment' },
  applications: { key: 'applications', fact: 'its application' },
  kinds: { key: 'kinds', fact: 'which kinds of resources change' },
  versionStep: { key: 'version-step', fact: 'how far its versions go' },
  provenIn: { key: 'proven-in', fact: 'how long the same has run elsewhere' },
  files: { key: 'files', fact: 'all changed files' },
  onlyFiles: { key: 'only-files', fact: 'all changed files' },
  branches: { key: 'branches', fact: 'the target branch' },
  author: { key: 'author', fact: 'who opened it' },
  authorTeams: { key: 'author-teams', fact: 'the teams of who opened it' },
  bots: { key: 'bots', fact: 'whether a bot opened it' },
  labels: { key: 'labels', fact: 'its labels' },
  title: { key: 'title', fact: 'its title' },
  draft: { key: 'draft', fact: 'whether it is a draft' },
  size: { key: 'size', fact: 'how much it changes' },
  changes: { key: 'changes', fact: 'what kind of change it is' },
  promotion: { key: 'promotion', fact: 'whether it holds what its source holds' },
  costIncrease: { key: 'cost-increase', fact: 'what it costs' },
  at: { key: 'at', fact: 'the time' },
  signed: { key: 'signed', fact: 'whether its commits are verified' },
};

/** As the configuration has it: `version-step`. */
export function conditionKey(name: ConditionName): string {
  return CONDITIONS[name].key;
}

/** What the condition asks for: `how far its versions go`. */
export function conditionFact(name: ConditionName): string {
  return CONDITIONS[name].fact;
}

export function discountedText(approval: DiscountedApproval): string {
  const commit = approval.commit === null ? '' : ` ${code(shortSha(approval.commit))}`;
  return `${code(approval.login)} approved${commit}, ${discountText(approval.why)}`;
}

function discountText(why: DiscountReason): string {
  switch (why.kind) {
    case 'committer':
      return why.roles.every((role) => role === 'co-author')
        ? 'but is named as co-author of commits in this'
        : 'but has commits in this';
    case 'approver-of':
      return `but approved what runs in ${plain(why.environment)}`;
    case 'not-among':
      return `but is not among ${approversText(why.approvers)}`;
    case 'unknown':
      return `but ${unknownText(why.fact)}`;
    default:
      return DISCOUNTS[why.kind];
  }
}

const DISCOUNTS: Readonly<
  Record<Exclude<DiscountReason['kind'], 'committer' | 'approver-of' | 'not-among' | 'unknown'>, string>
> = {
  'not-current-head': 'before the last push',
  'before-plan-changed': 'before the plan changed',
  author: 'but opened this',
  bot: 'but is a bot',
  dismissed: 'but that review was dismissed',
  'approve-command': 'by a comment, which does not count here: review it instead',
  'no-permission': 'but has no access to the repository',
};

export function unknownText(fact: UnknownFact): string {
  switch (fact.kind) {
    case 'approvers-of':
      return `who approved what runs in ${plain(fact.environment)} could not be read`;
    case 'earlier-head':
      return `what was pushed after ${code(shortSha(fact.commit))} could not be read`;
    case 'permission':
      return `the permission of ${code(fact.login)} could not be read`;
    case 'team':
      return `the members of ${code(fact.team)} could not be read: does the team exist, and may the bot see it?`;
    case 'owner':
      return `whom ${code(fact.owner)} in CODEOWNERS means could not be read`;
    default:
      return UNKNOWNS[fact.kind];
  }
}

const UNKNOWNS: Readonly<
  Record<Exclude<UnknownFact['kind'], 'approvers-of' | 'earlier-head' | 'permission' | 'team' | 'owner'>, string>
> = {
  author: 'who opened this could not be read',
  committers: 'who wrote the commits could not be read',
  'plan-since': 'the plan is not there yet',
  'code-owners': 'CODEOWNERS of the target branch could not be read',
  checks: 'the checks could not be read',
  title: 'the title could not be read',
  trailers: 'the trailers could not be read',
};

/** `1 of 2 approvals`. */
export function ofApprovals(missing: number, required: number): string {
  return `${missing} of ${counted(required, 'approval')}`;
}
