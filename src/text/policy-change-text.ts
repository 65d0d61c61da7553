/** What a pull request that changes the policy comes to: which merged ones would have got another verdict, and which can't be told. */
import type { Because, Uncertainty } from '../core/policy/compare-verdicts.js';
import {
  MOST_LOOKED_AT,
  type DifferingPullRequest,
  type MergedName,
  type NotJudged,
  type PolicyChangeView,
  type PolicyHistory,
} from '../core/policy/policy-history.js';
import { unreachable } from '../core/unreachable.js';
import { code, counted, cutLines, link, listed, listedFew, oneLine, plain } from './markdown.js';
import { conditionFact, partText, unknownText } from './policy-words.js';
import { policyObstacleText } from './policy-obstacle-text.js';
import { requirementWords } from './requirement-text.js';

/** At most `budget` characters; lines left out are counted. */
export function policyChangeText(change: PolicyChangeView, budget: number): string {
  return cutLines(changeLines(change).join('\n'), budget);
}

const LEAD = '**This changes who must agree.** It is judged by the policy of the target branch all the same.';

function changeLines(change: PolicyChangeView): readonly string[] {
  switch (change.kind) {
    case 'being-compared':
      return [`${LEAD} Which merged pull requests the new policy would have judged otherwise is being looked up.`];
    case 'same-rules':
      return change.rego === 'changed'
        ? [`${LEAD} Its policies in Rego change, which are not run on what was merged; its rules stay as they are.`]
        : ['The configuration changes, but the rules of the policy stay as they are.'];
    case 'impossible':
      return [
        `${LEAD} Which merged pull requests the new policy would have judged otherwise can’t be told: ${plain(oneLine(impossibleText(change.why), 500))}`,
      ];
    case 'compared':
      return historyLines(change.history);
    default:
      return unreachable(change);
  }
}

function impossibleText(why: Extract<PolicyChangeView, { kind: 'impossible' }>['why']): string {
  return why.kind === 'refused' ? why.message : policyObstacleText(why);
}

function historyLines(history: PolicyHistory): readonly string[] {
  const { same, differing, notJudged, rego } = history;
  const all = same + differing.length + notJudged.length;
  if (all === 0) return [`${LEAD} Nothing was merged into this branch yet on which the new policy could be tried.`];
  const which = all < MOST_LOOKED_AT ? `all ${counted(all, 'merged pull request')}` : `the last ${all} merged ones`;
  const found = differing.length === 0 ? 'none' : String(differing.length);
  const left = rego === 'not-asked' ? ' Policies in Rego are not run on what was merged.' : '';
  return [
    `${LEAD} Of ${which}, the new policy would have judged ${found} otherwise.${left}`,
    '',
    ...differing.map(differenceLine),
    ...(notJudged.length === 0 ? [] : [`- ${counted(notJudged.length, 'pull request')} could not be judged:`]),
    ...notJudgedLines(notJudged),
  ];
}

function differenceLine({ before, after, because, ...merged }: DifferingPullRequest): string {
  return `- ${nameOf(merged)}: ${before} → **${after}**, ${becauseText(because)}`;
}

function nameOf({ number, title, url }: MergedName): string {
  return `${link(String(number), url)} ${plain(oneLine(title, 80))}`.trimEnd();
}

function becauseText({ policy, rules, unfitted }: Because): string {
  if (unfitted.length > 0) {
    const parts = listed(unfitted.map(partText));
    return policy === 'after' ? `because no rule is left for ${parts}` : `because a rule now decides about ${parts}`;
  }
  const words = rules.map(({ name, decides, requirement, vetoes }) => {
    const rule = `**${plain(name)}** (for ${listed(decides.map(partText))})`;
    if (vetoes.length > 0) return `${rule}: ${listed(vetoes.map(({ login }) => code(login)))} asked for changes`;
    // The state was said before, and a group's parts are not shown here.
    const outcome = requirement === null ? '' : requirementWords(requirement).outcome.replace(/^\w+,? |:$/g, '');
    return outcome === '' ? rule : `${rule}: ${outcome}`;
  });
  return `${policy === 'after' ? 'by' : 'no longer by'} ${listedFew(words, 2, 'other rule')}`;
}

/** Together where the reason is one. */
function notJudgedLines(notJudged: PolicyHistory['notJudged']): readonly string[] {
  const byReason = new Map<string, MergedName[]>();
  for (const { why, ...merged } of notJudged) {
    const reason = notJudgedText(why);
    byReason.set(reason, [...(byReason.get(reason) ?? []), merged]);
  }
  return [...byReason].map(([reason, merged]) => {
    const names = merged.map(({ number, url }) => link(String(number), url));
    return `  - ${listed(names)}: ${reason}`;
  });
}

/** A clause. */
export function notJudgedText(why: NotJudged): string {
  switch (why.kind) {
    case 'merge-unknown':
      return 'what it changed can’t be told from the branch any more, for it was not merged by a commit of its own';
    case 'commits-gone':
      return 'its commits are no longer there';
    case 'forbidden':
      return 'the forge does not let me read what was said about it';
    case 'not-told':
      return `${listed(why.unknown.map(uncertaintyText))}`;
    default:
      return unreachable(why);
  }
}

function uncertaintyText(unknown: Uncertainty): string {
  switch (unknown.kind) {
    case 'affected':
      return 'which environments it touched is not known any more';
    case 'condition':
      return `${conditionFact(unknown.condition)} is not known any more`;
    case 'fact':
      return unknownText(unknown.fact);
    default:
      return unreachable(unknown);
  }
}
