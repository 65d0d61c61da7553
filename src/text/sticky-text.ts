/** The bot's one comment on a pull request: the plan, the policy and the queue, in that order. */
import type { ForgeKind } from '../core/ids.js';
import type { Plan } from '../core/plan/plan.js';
import type { PolicyChangeView } from '../core/policy/policy-history.js';
import type { Verdict } from '../core/policy/verdict.js';
import type { QueueView } from '../core/queue/queue-view.js';
import type { Joining } from '../core/queue/decide-ticket.js';
import { obstacles, type Readiness } from '../core/standing/readiness.js';
import type { StickyState } from '../core/standing/sticky-state.js';
import { blockerList } from './readiness-text.js';
import { code, cutLines } from './markdown.js';
import { planSection } from './plan-text.js';
import { measureOf, MOST_BYTES, type Room } from './room.js';
import { policyChangeText } from './policy-change-text.js';
import { policySection } from './policy-text.js';
import { joinOnceText, joinText } from './join-text.js';
import { leftText, queuedText } from './queue-text.js';

export interface StickyStory {
  readonly plan: Plan;
  readonly verdict: Verdict;
  readonly readiness: Readiness;
  readonly state: StickyState;
  readonly joining: Joining;
  /** The bot's own login. */
  readonly self: string;
  /** As it is written on this forge. */
  readonly mergeCommand: string;
  /** Where the whole plan can be read, or null. */
  readonly planUrl: string | null;
  readonly forge: ForgeKind;
  readonly number: number;
  /** That of its target branch, as of the last round. */
  readonly queue: QueueView | null;
  /** What a changed policy would have said of what was merged; null where it changes none. */
  readonly policyChange: PolicyChangeView | null;
}

/** Within `room` (not less than 10,000 characters and 40,000 bytes), the marker not counted. */
export function stickyBody(story: StickyStory, room: Room): string {
  const limit = room.characters;
  // So many characters fit whatever they are.
  const sure = Math.min(limit, room.bytes / MOST_BYTES);
  const after = [
    '### Policy',
    ...policyParts(story, sure * POLICY_SHARE),
    MERGE_HEADING,
    cutLines(mergeSection(story), sure * MERGE_SHARE),
    footer(story),
  ].join('\n\n');
  const heading = '### Plan';
  const taken = measureOf(room)(after) + heading.length + SPACE;
  const left = { characters: limit - taken, bytes: (room.bytes * (limit - taken)) / limit };
  return [heading, planSection(story.plan, left, story.planUrl), after].join('\n\n');
}

/** Where the policy changes, half of the room is for what that comes to. */
function policyParts({ verdict, policyChange }: StickyStory, room: number): readonly string[] {
  if (policyChange === null) return [policySection(verdict, room)];
  return [policySection(verdict, room / 2), policyChangeText(policyChange, room / 2)];
}

const SPACE = 8;
const POLICY_SHARE = 0.3;
const MERGE_SHARE = 0.1;
const MERGE_HEADING = '### Merge';

/** While there is no plan yet. */
export function planningBody(): string {
  return 'The plan is being made.';
}

/** The last words of an open pull request, with how it ended in place of what it waited for. */
export function closedBody(words: string, outcome: 'merged' | 'closed'): string {
  const at = words.lastIndexOf(`\n${MERGE_HEADING}\n`);
  const before = at < 0 ? words.trimEnd() : words.slice(0, at).trimEnd();
  return `${before}\n\n${MERGE_HEADING}\n\n${outcome === 'merged' ? 'Merged.' : 'Closed without being merged.'}`;
}

function footer({ plan, mergeCommand }: StickyStory): string {
  const commands = ['/plan', mergeCommand, '/promote ENV', '/why', '/help'].map(code).join(', ');
  return `<sub>Plan ${code(plan.digest.slice(0, 12))} for ${code(plan.head.slice(0, 7))} on ${code(plan.base.slice(0, 7))}. Commands: ${commands}.</sub>`;
}

function mergeSection(story: StickyStory): string {
  const { ticket, left } = story.state;
  const { forge, number, readiness, queue, self } = story;
  if (ticket !== null) return queuedText({ forge, number, ticket, left, self, readiness, view: queue });
  const gone = left === null ? '' : `${leftText(left)}\n\n`;
  return `${gone}${notQueued(story)}`;
}

function notQueued(story: StickyStory): string {
  const { readiness, state } = story;
  if (readiness.state !== 'blocked') return joinText({ ...story, left: state.left });
  return `${joinOnceText(story)}\n\n${blockerList(obstacles(readiness.blockers))}`;
}
