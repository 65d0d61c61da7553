/** The answer to `/why`: what stands between a pull request and being merged, and between what it touches and the next environments. */
import type { PullRequest } from '../core/forge-objects.js';
import type { Verdict } from '../core/policy/verdict.js';
import type { Readiness } from '../core/standing/readiness.js';
import { promotionAnswer, type PromotionAnswer } from './answers.js';
import { code, plain } from './markdown.js';
import { policyReasons } from './policy-text.js';
import { pullRequestLink } from './pull-request-name.js';
import { blockerList } from './readiness-text.js';

export interface WhyStory {
  readonly state: PullRequest['state'];
  readonly readiness: Readiness;
  readonly verdict: Verdict;
  readonly queue: 'queued' | 'not-queued';
  readonly merge: 'auto' | 'manual';
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

function ownParts({ readiness, verdict, queue, merge, mergeCommand }: WhyStory): readonly string[] {
  const policy = verdict.state === 'passed' ? [] : [`The policy:\n\n${policyReasons(verdict)}`];
  if (readiness.state !== 'ready')
    return [`It is not merged because:\n\n${blockerList(readiness.blockers)}`, ...policy];
  if (queue === 'queued') return ['It is in the merge queue and ready; the comment above says what comes before it.'];
  return merge === 'auto'
    ? ['It is ready, and joins the merge queue by itself.']
    : [`It is ready: comment ${code(mergeCommand)} to put it into the merge queue.`];
}

function promotionText(promotion: PromotionAnswer): string {
  const { destination, decision, pullRequest } = promotion;
  const what = `${plain(destination.app)} to ${plain(destination.env)}`;
  if (decision.kind === 'open') return `${what}: nothing is missing; it is opened with the bot’s next look.`;
  if (decision.kind === 'update')
    return `${what}: nothing is missing; ${pullRequestLink(decision.pullRequest)} is brought up to date with the bot’s next look.`;
  return promotionAnswer({ destination, decision, pullRequest });
}
