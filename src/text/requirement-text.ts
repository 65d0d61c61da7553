/** What a rule requires and how that stands: a nested list that mirrors the requirement. */
import type { ApprovalsNode, ChecksNode, OwnersNode, TicketNode, VerdictNode } from '../core/policy/verdict-node.js';
import { unreachable } from '../core/unreachable.js';
import { code, counted, listed, listedFew, oneLine, plain, shortSha } from './markdown.js';
import { approversText, discountedText, ofApprovals, unknownText, whoText } from './policy-words.js';

interface RequirementWords {
  /** Begins with `passed`, `pending` or `refused`. */
  readonly outcome: string;
  /** List items below it, indented for being inside of an item. */
  readonly lines: readonly string[];
}

export function requirementWords(node: VerdictNode): RequirementWords {
  switch (node.kind) {
    case 'none':
      return { outcome: 'passed, nothing is needed', lines: [] };
    case 'approvals':
      return { outcome: approvalsOutcome(node), lines: indented(approvalsLines(node)) };
    case 'checks':
      return { outcome: checksOutcome(node), lines: indented(node.unknown.map((fact) => `- ${unknownText(fact)}`)) };
    case 'ticket':
      return { outcome: ticketOutcome(node), lines: indented(node.unknown.map((fact) => `- ${unknownText(fact)}`)) };
    case 'all':
    case 'any':
    case 'n-of':
      return { outcome: groupOutcome(node), lines: indented(node.of.flatMap(itemLines)) };
    default:
      return unreachable(node);
  }
}

function itemLines(node: VerdictNode): readonly string[] {
  const { outcome, lines } = requirementWords(node);
  return [`- ${subjectOf(node)}${outcome}`, ...lines];
}

/** Where several stand side by side, what each is about. */
function subjectOf(node: VerdictNode): string {
  if (node.kind === 'approvals') return `${counted(node.required, 'approval')}: `;
  return node.kind === 'checks' ? 'checks: ' : node.kind === 'ticket' ? 'ticket: ' : '';
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

function approvalsOutcome(node: ApprovalsNode): string {
  if (node.state === 'passed') return `passed with ${counted(node.countedApprovals.length, 'approval')}`;
  const { whoCanStill: who, missing } = node;
  if (missing === 0) return `${node.state}, owners of changed files have yet to approve`;
  const from = who === null ? '' : ` from ${whoText(who)}`;
  return `${node.state}, ${ofApprovals(missing, node.required)} missing${from}`;
}

function approvalsLines(node: ApprovalsNode): readonly string[] {
  const approvers = node.whoCanStill?.approvers;
  const nobody =
    node.state === 'refused' && node.unknown.length === 0 && node.missing > 0 && approvers !== undefined
      ? [`- too few people are left who may approve: ${approversText(approvers)} must come to mean more of them`]
      : [];
  return [
    ...node.countedApprovals.map(({ login, commit }) => `- counts: ${code(login)} approved ${code(shortSha(commit))}`),
    ...node.discounted.map((approval) => `- does not count: ${discountedText(approval)}`),
    ...node.owners.filter(({ state }) => state !== 'passed').map(ownersLine),
    ...node.unknown.map((fact) => `- ${unknownText(fact)}`),
    ...nobody,
  ];
}

function ownersLine({ state, section, line, pattern, owners, required, by }: OwnersNode): string {
  const where = `line ${line} of CODEOWNERS${section === null ? '' : ` in ${plain(section)}`}`;
  const missing = `${code(oneLine(pattern, 100))} wants ${ofApprovals(required - by.length, required)} more`;
  const short = state === 'refused' ? ', but too few of them are left' : '';
  return `- ${missing} from ${listedFew(owners.map(code), 10, 'owner')} (${where})${short}`;
}

function checksOutcome(node: ChecksNode): string {
  if (node.state === 'passed') return `passed, ${listed(node.globs.map(({ glob }) => code(glob)))} succeeded`;
  const open = node.globs.filter(({ state }) => state !== 'passed');
  if (node.unknown.length > 0) return `refused, ${listed(open.map(({ glob }) => code(glob)))} must succeed`;
  const words = open.map(({ glob, checks }) => {
    if (checks.length === 0) return `no check named ${code(glob)} was reported yet`;
    const failed = checks.filter(({ state }) => state === 'failure');
    const names = (failed.length > 0 ? failed : checks.filter(({ state }) => state !== 'success')).map(({ name }) =>
      code(oneLine(name, 60)),
    );
    return `${listedFew(names, 5, 'check')} ${failed.length > 0 ? 'failed' : 'has not succeeded yet'}`;
  });
  return `${node.state}, ${words.join('; ')}`;
}

function ticketOutcome({ state, pattern, found }: TicketNode): string {
  if (found !== null) return `${state}, found in “${plain(oneLine(found, 100))}”`;
  return `${state}, neither the title nor a trailer has what ${code(pattern)} looks for: add it to the title`;
}

function groupOutcome({ kind, state, needed, of }: Extract<VerdictNode, { kind: 'all' | 'any' | 'n-of' }>): string {
  if (kind === 'all') return `${state}, all of these are needed:`;
  return kind === 'any' ? `${state}, one of these is enough:` : `${state}, ${needed} of these ${of.length} are needed:`;
}
