/** The verdict in words: which approvals counted, which did not and why, and who can still approve. */
import type { RuleResult, Verdict } from '../core/policy/verdict.js';
import type { RegoMessage } from '../core/rego/rego.js';
import { code, counted, cutLines, listed, oneLine, plain } from './markdown.js';
import { conditionKey, partText, undecidedText } from './policy-words.js';
import { misshapenText, regoObstacleText } from './rego-obstacle-text.js';
import { requirementWords } from './requirement-text.js';

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
  const words = [...denials(verdict), ...verdict.rules.filter(isOpen).map(ruleTitle)];
  if (words.length > 0) return oneLine(words.join('; '), 140);
  if (verdict.undecided.some(({ kind }) => kind === 'policy-unreadable'))
    return 'The organisation’s policy could not be read';
  return verdict.undecided.some(({ kind }) => kind !== 'no-rule-fits')
    ? 'It can’t be told which rule decides'
    : 'No rule decides about this change';
}

function isOpen({ state }: RuleResult): boolean {
  return state === 'pending' || state === 'refused';
}

function ruleTitle(rule: RuleResult): string {
  const { requirement } = rule;
  if (requirement?.kind === 'approvals' && requirement.missing > 0 && requirement.unknown.length === 0)
    return `${rule.name}: ${counted(requirement.missing, 'approval')} missing`;
  return `${rule.name}: ${rule.state}`;
}

function denials({ rego }: Verdict): readonly string[] {
  if (rego === null) return [];
  if (rego.kind !== 'evaluated') return ['The policies in Rego could not be asked'];
  return rego.deny.map(({ message }) => message);
}

/** At most `budget` characters; lines left out are counted. */
export function policySection(verdict: Verdict, budget = 60_000): string {
  const rules = verdict.rules.filter((rule) => rule.state !== 'skipped').map(ruleText);
  const vetoes = verdict.vetoes.map(
    (veto) => `- ${code(veto.login)} asked for changes; it is refused until they approve or their review is dismissed`,
  );
  const lines = [...vetoes, ...verdict.undecided.map(undecidedText), ...rules, ...regoLines(verdict)].join('\n');
  const heading = `**${HEADINGS[verdict.state]}.**`;
  return `${heading}\n\n${cutLines(lines, budget - heading.length - 2)}`;
}

/** The same, with every rule that decides nothing and the condition for which each part passed it over. */
export function policyExplanation(verdict: Verdict, budget?: number): string {
  const skipped = verdict.rules.filter((rule) => rule.state === 'skipped').map(skippedText);
  return [
    policySection(verdict, budget),
    ...(skipped.length > 0 ? ['Rules that decide nothing here:', skipped.join('\n')] : []),
  ].join('\n\n');
}

function skippedText({ name, passedOver }: RuleResult): string {
  if (passedOver.length === 0) return `- **${plain(name)}**: everything was decided before it`;
  const reasons = passedOver.map(
    ({ part, condition }) => `for ${partText(part)}, ${code(conditionKey(condition))} does not hold`,
  );
  return `- **${plain(name)}**: ${listed(reasons)}`;
}

/** The policy's reasons as a list, for answers: only what stands in the way. */
export function policyReasons(verdict: Verdict): string {
  const open = verdict.rules.filter(isOpen).map(ruleText);
  const vetoes = verdict.vetoes.map((veto) => `- ${code(veto.login)} asked for changes`);
  return [...open, ...verdict.undecided.map(undecidedText), ...regoLines(verdict), ...vetoes].join('\n');
}

function ruleText(rule: RuleResult): string {
  const parts = listed(rule.decides.map(partText));
  const { outcome, lines } = rule.requirement === null ? NOTHING : requirementWords(rule.requirement);
  const head = `- **${plain(rule.name)}** (for ${parts}): ${outcome}`;
  return [head, ...lines].join('\n');
}

const NOTHING = { outcome: 'decides nothing', lines: [] } as const;

function regoLines({ rego }: Verdict): readonly string[] {
  switch (rego?.kind) {
    case undefined:
      return [];
    case 'failed':
      return [`- The policies in Rego could not be asked, so it is refused: ${plain(oneLine(rego.message, 500))}`];
    case 'misshapen':
      return [`- The policies in Rego say nothing, so it is refused: ${misshapenText(rego)}`];
    case 'not-asked':
      return [`- The policies in Rego were not asked, so it is refused: ${regoObstacleText(rego.why)}`];
    case 'tool-missing':
      return [
        `- The policies in Rego could not be asked, so it is refused: ${code(rego.tool)} is missing: ${rego.install}`,
      ];
    case 'evaluated':
      return [
        ...rego.deny.map((each) => regoLine('denies', each)),
        ...rego.warn.map((each) => regoLine('warns', each)),
      ];
  }
}

function regoLine(verb: 'denies' | 'warns', { package: of, rule, message }: RegoMessage): string {
  return `- ${code(`${of}.${rule}`)} ${verb}: ${plain(oneLine(message, 500))}`;
}
