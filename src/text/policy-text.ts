/** The verdict in words: which approvals counted, which did not and why, and who can still approve. */
import type { PeopleRule } from '../core/people-rule.js';
import type {
  DiscountedApproval,
  DiscountReason,
  Part,
  RuleResult,
  Undecided,
  UnknownFact,
  Verdict,
  WhoCanStill,
} from '../core/policy/verdict.js';
import { unreachable } from '../core/unreachable.js';
import { code, counted, cutLines, listed, oneLine, plain, shortSha } from './markdown.js';

const HEADINGS = {
  passed: 'The policy is satisfied',
  pending: 'The policy is waiting',
  refused: 'The policy refuses this',
} as const;

/** One line for the check. */
export function policyTitle(verdict: Verdict): string {
  if (verdict.state === 'passed') return 'Satisfied';
  if (verdict.vetoes.length > 0)
    return oneLine(`Changes requested by ${listed(verdict.vetoes.map((veto) => veto.login))}`, 140);
  const open = verdict.rules.filter((rule) => rule.state === 'pending' || rule.state === 'refused');
  const words = open.map((rule) =>
    rule.missing > 0 ? `${rule.name}: ${counted(rule.missing, 'approval')} missing` : `${rule.name}: refused`,
  );
  return oneLine(words.length > 0 ? words.join('; ') : 'No rule decides about this change', 140);
}

/** At most `budget` characters; lines left out are counted. */
export function policySection(verdict: Verdict, budget = 60_000): string {
  const rules = verdict.rules.filter((rule) => rule.state !== 'skipped').map(ruleText);
  const vetoes = verdict.vetoes.map(
    (veto) => `- ${code(veto.login)} asked for changes; it is refused until they approve or their review is dismissed`,
  );
  const lines = [...vetoes, ...verdict.undecided.map(undecidedText), ...rules].join('\n');
  const heading = `**${HEADINGS[verdict.state]}.**`;
  return `${heading}\n\n${cutLines(lines, budget - heading.length - 2)}`;
}

/** The policy's reasons as a list, for answers: only what stands in the way. */
export function policyReasons(verdict: Verdict): string {
  const open = verdict.rules.filter((rule) => rule.state === 'pending' || rule.state === 'refused').map(ruleText);
  const vetoes = verdict.vetoes.map((veto) => `- ${code(veto.login)} asked for changes`);
  return [...open, ...verdict.undecided.map(undecidedText), ...vetoes].join('\n');
}

function ruleText(rule: RuleResult): string {
  const parts = listed(rule.decides.map(partText));
  const head = `- **${plain(rule.name)}** (for ${parts}): ${outcomeText(rule)}`;
  const lines = [
    ...rule.countedApprovals.map(
      (approval) => `  - counts: ${code(approval.login)} approved ${code(shortSha(approval.commit))}`,
    ),
    ...rule.discounted.map((approval) => `  - does not count: ${discountedText(approval)}`),
    ...rule.unknown.map((fact) => `  - ${unknownText(fact)}`),
  ];
  return [head, ...lines].join('\n');
}

function outcomeText(rule: RuleResult): string {
  if (rule.state === 'passed')
    return rule.required === 0
      ? 'passed, no approval is needed'
      : `passed with ${counted(rule.countedApprovals.length, 'approval')}`;
  const who = rule.whoCanStill === null ? '' : ` from ${whoText(rule.whoCanStill)}`;
  return `${rule.state}, ${rule.missing} of ${counted(rule.required, 'approval')} missing${who}`;
}

function whoText(who: WhoCanStill): string {
  const except = who.except.length === 0 ? '' : ` (not ${listed(who.except.map(code), 'or')})`;
  return `${peopleText(who.people)}${except}`;
}

/** `alice, members of acme/sre, or anyone with write permission`. */
export function peopleText(people: PeopleRule): string {
  const named = people.users.map(code);
  const teams = people.teams.map((team) => `members of ${code(team)}`);
  const permission = people.permission === null ? [] : [`anyone with ${people.permission} permission`];
  const all = [...named, ...teams, ...permission];
  return all.length === 0 ? 'nobody' : listed(all, 'or');
}

function partText(part: Part): string {
  return part.kind === 'target' ? `${plain(part.target.app)} in ${plain(part.target.env)}` : 'files of no environment';
}

function undecidedText(undecided: Undecided): string {
  switch (undecided.kind) {
    case 'no-rule-fits':
      return `- No rule fits ${partText(undecided.part)}, so it is refused: add a last rule for the rest to \`policy\` in \`.lockkeeper.yaml\``;
    case 'changes-unknown':
      return `- What ${partText(undecided.part)} would get is not known, so **${plain(undecided.rule)}** can't decide: the plan has to succeed first`;
    case 'affected-unknown':
      return '- Which environments this touches is not known yet: the plan has to succeed first';
    default:
      return unreachable(undecided);
  }
}

function discountedText(approval: DiscountedApproval): string {
  const commit = approval.commit === null ? '' : ` ${code(shortSha(approval.commit))}`;
  return `${code(approval.login)} approved${commit}, ${discountText(approval.why)}`;
}

function discountText(why: DiscountReason): string {
  switch (why.kind) {
    case 'not-current-head':
      return 'before the last push';
    case 'before-plan-changed':
      return 'before the plan changed';
    case 'author':
      return 'but opened this';
    case 'committer':
      return 'but has commits in this';
    case 'bot':
      return 'but is a bot';
    case 'dismissed':
      return 'but that review was dismissed';
    case 'no-permission':
      return 'but has no access to the repository';
    case 'not-in-teams':
      return `but is not among ${peopleText(why.people)}`;
    case 'unknown':
      return `but ${unknownText(why.fact)}`;
    default:
      return unreachable(why);
  }
}

function unknownText(fact: UnknownFact): string {
  switch (fact.kind) {
    case 'author':
      return 'who opened this could not be read';
    case 'committers':
      return fact.email === null
        ? 'who wrote the commits could not be read'
        : `no account is known for the commits of ${code(fact.email)}`;
    case 'plan-since':
      return 'the plan is not there yet';
    case 'permission':
      return `the permission of ${code(fact.login)} could not be read`;
    case 'team':
      return `the members of ${code(fact.team)} could not be read: does the team exist, and may the bot see it?`;
    default:
      return unreachable(fact);
  }
}
