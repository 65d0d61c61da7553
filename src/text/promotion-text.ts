/** Promotions in words: the pull request, the commit, why one waits. */
import type { Check, Commit } from '../core/forge-objects.js';
import type { TargetName } from '../core/ids.js';
import type { GateCondition, GateResult } from '../core/promotion/gates.js';
import { unreachable } from '../core/unreachable.js';
import { code, link, listedFew, oneLine, plain, shortSha } from './markdown.js';
import { doubtText, freezeText } from './freeze-text.js';
import { timeText } from './time-text.js';

export interface PromotionStory {
  readonly source: TargetName;
  readonly destination: TargetName;
  /** Versions by image tags; null where nothing names one. */
  readonly from: string | null;
  readonly to: string | null;
  readonly sourceCommit: Commit;
  /** What travels, newest first. */
  readonly commits: readonly Commit[];
  readonly gates: GateResult;
  readonly files: readonly string[];
  readonly merge: 'auto' | 'manual';
  /** Names of the rules that decide about the destination. */
  readonly rules: readonly string[];
  /** Who asked with `/promote`, or null where it opened by itself. */
  readonly askedBy: string | null;
  /** As it is written on this forge. */
  readonly mergeCommand: string;
  readonly commitUrl: (sha: string) => string;
}

export function promotionTitle(story: Pick<PromotionStory, 'destination' | 'from' | 'to'>): string {
  const { app, env } = story.destination;
  const versions = story.from === story.to ? '' : ` ${story.from ?? 'nothing'} → ${story.to ?? 'nothing'}`;
  return oneLine(`Promote ${app}${versions} to ${env}`, TITLE_LIMIT);
}

/** GitLab takes 255 characters, GitHub 256. */
export const TITLE_LIMIT = 250;

export function promotionBody(story: PromotionStory): string {
  const { source, destination } = story;
  const commit = link(shortSha(story.sourceCommit.sha), story.commitUrl(story.sourceCommit.sha));
  const sections = [
    `This carries **${plain(source.app)}** from **${plain(source.env)}** to **${plain(destination.env)}**, as it stands there since ${commit}.`,
    `### What moves\n\n${movesText(story)}`,
    `### Why now\n\n${whyNow(story)}`,
    `### What is still missing\n\n${missingText(story)}`,
  ];
  return sections.join('\n\n');
}

function movesText(story: PromotionStory): string {
  const version =
    story.from === story.to
      ? 'The version stays the same.'
      : `Version: ${code(story.from ?? 'nothing')} → ${code(story.to ?? 'nothing')}`;
  const commits = story.commits.map((commit) => {
    return `- ${link(shortSha(commit.sha), story.commitUrl(commit.sha))} ${plain(oneLine(commit.subject, 200))} (${plain(oneLine(commit.authorName, 100))})`;
  });
  const files = listedFew(
    story.files.map((file) => code(oneLine(file, 200))),
    20,
    'file',
  );
  return `${version}\n\nCommits:\n\n${commits.join('\n')}\n\nFiles: ${files}`;
}

function whyNow(story: PromotionStory): string {
  const asked =
    story.askedBy === null
      ? 'It opened by itself because every gate has passed:'
      : `${code(story.askedBy)} asked for it, and every gate has passed:`;
  if (story.gates.conditions.length === 0)
    return story.askedBy === null
      ? 'It opened by itself; no gates are set.'
      : `${code(story.askedBy)} asked for it; no gates are set.`;
  return `${asked}\n\n${story.gates.conditions.map((condition) => `- ${conditionText(condition)}`).join('\n')}`;
}

function missingText(story: PromotionStory): string {
  const rules =
    story.rules.length === 0
      ? ''
      : `- the policy: ${listedFew(
          story.rules.map((rule) => `“${plain(oneLine(rule, 200))}”`),
          10,
          'rule',
        )} (the comment below says how it stands)\n`;
  const merge =
    story.merge === 'auto'
      ? '- then it is merged by itself'
      : `- then somebody allowed comments ${code(story.mergeCommand)}`;
  return `${rules}${merge}`;
}

/** Gates that have not passed, by name. */
export function gatesText(gates: GateResult): string {
  return gates.conditions
    .filter((condition) => condition.state !== 'passed')
    .map((condition) => `- ${conditionText(condition)}`)
    .join('\n');
}

export function conditionText(condition: GateCondition): string {
  switch (condition.kind) {
    case 'checks': {
      if (condition.checks.length === 0) return `checks ${code(condition.glob)}: none was reported yet`;
      const states = condition.checks
        .toSorted(worstFirst)
        .map((check) => `${code(check.name)} ${stateWord(check.state)}`);
      return `checks ${code(condition.glob)}: ${listedFew(states, 10, 'check')}`;
    }
    case 'soak':
      return condition.state === 'passed'
        ? 'it has stood long enough'
        : `it has to stand until ${timeText(condition.until)}`;
    case 'agreement':
      return condition.state === 'passed'
        ? `${plain(condition.environment)} holds the same`
        : `${plain(condition.environment)} does not hold the same yet`;
    case 'freeze':
      return freezeText(condition.freeze);
    case 'freezes-unknown':
      return `it is not known what is frozen: ${doubtText(condition.why)}`;
    default:
      return unreachable(condition);
  }
}

const WORST_FIRST = ['failure', 'pending', 'neutral', 'success'];

function worstFirst(a: Check, b: Check): number {
  return WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state);
}

function stateWord(state: 'pending' | 'success' | 'failure' | 'neutral'): string {
  const words = {
    pending: 'is still running',
    success: 'succeeded',
    failure: 'failed',
    neutral: 'ended without a verdict',
  } as const;
  return words[state];
}
