/** The answer to `/why`: what stands between a pull request and being merged, and between what it touches and the next environments. */
import type { PullRequest } from '../core/forge-objects.js';
import type { Verdict } from '../core/policy/verdict.js';
import type { Joining } from '../core/queue/decide-ticket.js';
import { blockersOfItsOwn, isOfPolicy } from '../core/standing/readiness.js';
import { promotionAnswer, type PromotionAnswer } from './answers.js';
import { joinText } from './join-text.js';
import { plain } from './markdown.js';
import { policyReasons } from './policy-text.js';
import { pullRequestLink } from './pull-request-name.js';
import { leftText, queuedText, type QueueStory } from './queue-text.js';
import { blockerList } from './readiness-text.js';

export interface WhyStory extends QueueStory {
  readonly state: PullRequest['state'];
  readonly verdict: Verdict;
  readonly joining: Joining;
  /** As it is written on this forge. */
  readonly mergeCommand: string;
  /** What is decided on each promotion of what it touches; nothing of it was carried out. */
  readonly promotions: readonly PromotionAnswer[];
}

export function whyAnswer(story: WhyStory): string {
  const own = story.state === 'open' ? ownParts(story) : [];
  const parts = [...own, ...story.promotions.map(promotionText)];
  return parts.length === 0 ? 'Nothing waits here.' : parts.join('\n\n');
}

function ownParts(story: WhyStory): readonly string[] {
  const { readiness, ticket, left } = story;
  if (ticket !== null) return [queuedText({ ...story, ticket }), ...policyPart(story)];
  const gone = left === null ? [] : [leftText(left)];
  if (readiness.state === 'ready') return [...gone, `It is ready. ${joinText(story)}`];
  const because = `It is not merged because:\n\n${blockerList(blockersOfItsOwn(readiness.blockers))}`;
  const then = readiness.state === 'waiting' ? [joinText(story)] : [];
  return [...gone, because, ...policyPart(story), ...then];
}

function policyPart({ readiness, verdict }: WhyStory): readonly string[] {
  const isToldOf = readiness.state !== 'ready' && blockersOfItsOwn(readiness.blockers).some(isOfPolicy);
  return isToldOf ? [`The policy:\n\n${policyReasons(verdict)}`] : [];
}

function promotionText(promotion: PromotionAnswer): string {
  const { destination, decision, pullRequest } = promotion;
  const what = `${plain(destination.app)} to ${plain(destination.env)}`;
  if (decision.kind === 'open') return `${what}: nothing is missing; it is opened with the bot’s next look.`;
  if (decision.kind === 'update')
    return `${what}: nothing is missing; ${pullRequestLink(decision.pullRequest)} is brought up to date with the bot’s next look.`;
  return promotionAnswer({ destination, decision, pullRequest });
}
