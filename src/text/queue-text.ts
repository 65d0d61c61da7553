/** The merge queue in words: in the comment of each pull request, in `lockkeeper/queue`, and where it was stopped. */
import type { CheckState } from '../core/forge-objects.js';
import type { ForgeKind, Sha } from '../core/ids.js';
import { MOST_TOLD, toldPosition, type EntryWait, type QueueView, type ViewedEntry } from '../core/queue/queue-view.js';
import type { Readiness } from '../core/standing/readiness.js';
import type { Ticket } from '../core/standing/sticky-state.js';
import { unreachable } from '../core/unreachable.js';
import { stopBranch } from '../core/branch-names.js';
import { code, listedFew, oneLine, shortSha, unmarked } from './markdown.js';
import { gatesText } from './promotion-text.js';
import { pullRequestName } from './pull-request-name.js';
import { blockerText } from './readiness-text.js';
import { timeText } from './time-text.js';

export interface QueueStory {
  readonly forge: ForgeKind;
  readonly number: number;
  readonly ticket: Ticket | null;
  /** Why it last left, or null. */
  readonly left: string | null;
  /** The bot's own login. */
  readonly self: string;
  readonly readiness: Readiness;
  /** As of the last round; null before the first one. */
  readonly view: QueueView | null;
}

/** Commits stand bare in it, so that the forge makes them links. What the comment says of a pull request that is in the queue. */
export function queuedText(story: QueueStory & { readonly ticket: Ticket }): string {
  const { view, ticket } = story;
  const entry = entryOf(story);
  const place = entry === null ? '' : `, ${placeText(entry)}`;
  const head = `In the merge queue since ${timeText(ticket.at)}${place}: ${askedText(story)}.`;
  const sentences = [head, waitSentence(story, entry), expectedText(entry)];
  const stopped = view?.stopped ?? null;
  if (view !== null && stopped !== null) sentences.splice(1, 2, stoppedText(story.forge, view.branch, stopped));
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function askedText({ ticket, self }: QueueStory & { readonly ticket: Ticket }): string {
  if (ticket.urgency === 'now') return `${code(ticket.by)} put it first`;
  return ticket.by === self ? 'it joined by itself' : `${code(ticket.by)} asked for it`;
}

function entryOf({ number, view, ticket }: QueueStory): ViewedEntry | null {
  return view?.entries.find((entry) => entry.number === number && entry.since === ticket?.at) ?? null;
}

/** Not of how many: each that joins or leaves would have the comments of all others edited. */
function placeText({ position }: ViewedEntry): string {
  const told = toldPosition(position);
  return told === 'far' ? `behind ${MOST_TOLD} others or more` : `at place ${told}`;
}

function waitSentence({ forge, readiness }: QueueStory, entry: ViewedEntry | null): string {
  if (readiness.state !== 'ready')
    return `It waits because ${listedFew(readiness.blockers.map(blockerText), 5, 'reason')}.`;
  return entry === null || entry.wait.kind === 'itself'
    ? 'It is ready, and merged when its turn comes.'
    : waitText(forge, entry.wait);
}

function waitText(forge: ForgeKind, wait: EntryWait): string {
  switch (wait.kind) {
    case 'merging':
      return 'It is ready, and merged next.';
    case 'itself':
      return 'It waits for its own checks.';
    case 'gates':
      return `It waits for its gates, which were judged again:\n\n${gatesText(wait.gates)}\n\n`;
    case 'entry':
      return wait.because === 'in-turn'
        ? `It is ready, and waits for ${pullRequestName(forge, wait.entry)}, which comes before it: one is merged at a time.`
        : `It is ready, and waits for ${pullRequestName(forge, wait.entry)}, which comes before it and touches something that it touches too.`;
    case 'its-batch':
      return `It waits for the checks of ${shortSha(wait.commit)}, which is the merge of ${listedNames(forge, wait.numbers)}.${SILENCE[wait.checks]}`;
    case 'next-batch':
      return 'It is verified together with others once the checks of those before it are done.';
    case 'ahead':
      return `${listedNames(forge, wait.after)} ${wait.after.length === 1 ? 'is' : 'are'} merged before it. Meanwhile the checks of ${shortSha(wait.commit)} run, which is the merge of ${listedNames(forge, wait.numbers)} after that.`;
    default:
      return unreachable(wait);
  }
}

const SILENCE = {
  awaited: '',
  'long-silent': ` None has been reported there for 10 minutes or more: CI must run on pushes to ${code('lockkeeper/queue/**')}.`,
} as const;

function listedNames(forge: ForgeKind, numbers: readonly number[]): string {
  const names = numbers.map((number) => pullRequestName(forge, number));
  return listedFew(names, 10, 'pull request');
}

function expectedText(entry: ViewedEntry | null): string {
  if (entry === null || entry.expected === null) return '';
  const minute = Math.ceil(entry.expected / MINUTE) * MINUTE;
  return `By what merging took here lately, it is merged at about ${timeText(minute)}.`;
}

/** In ms. */
const MINUTE = 60_000;

export function stoppedText(
  forge: ForgeKind,
  branch: string,
  { pullRequest }: NonNullable<QueueView['stopped']>,
): string {
  const cause =
    pullRequest === null
      ? ''
      : ` What became of the branch with the merge of ${pullRequestName(forge, pullRequest)} is not what had been planned.`;
  return `**The merge queue of this branch is stopped.**${cause} Nothing more is merged. The branch ${code(stopBranch(branch))} says what to look at; once that is mended, ${code('/retry')} on any open pull request has the queue go on.`;
}

interface QueueCheck {
  readonly state: CheckState;
  /** At most 140 characters. */
  readonly title: string;
  readonly summary: string;
}

/** Of what forges show. */
const TITLE_SHOWN = 140;

/** `lockkeeper/queue`: a success unless it says that something stands in the way, for the queue itself does not wait for it. */
export function queueCheck(story: QueueStory): QueueCheck {
  const { ticket, left, view } = story;
  if (ticket === null) {
    if (left === null)
      return { state: 'neutral', title: 'Not in the merge queue', summary: 'Nobody put it into the merge queue.' };
    const title = oneLine(unmarked(`It left the merge queue: ${left}`), TITLE_SHOWN);
    return { state: 'neutral', title, summary: leftText(left) };
  }
  const entry = entryOf(story);
  const summary = queuedText({ ...story, ticket });
  if (view !== null && view.stopped !== null) return { state: 'failure', title: 'The merge queue is stopped', summary };
  if (entry === null) return { state: 'pending', title: 'In the merge queue', summary };
  const state = entry.wait.kind === 'merging' && story.readiness.state === 'ready' ? 'success' : 'pending';
  return { state, title: `In the merge queue, ${placeText(entry)}`, summary };
}

/** A sentence. */
export function leftText(left: string): string {
  return `It left the merge queue: ${left}.`;
}

/** On the branch that stops a queue. */
export function stopText(cause: {
  readonly branch: string;
  readonly pullRequest: number;
  readonly commit: Sha;
  /** Where the branch stood when it was planned, as far as that is known. */
  readonly tip: Sha | null;
}): string {
  const { branch, pullRequest, commit, tip } = cause;
  const planned = tip === null ? '' : ` on ${tip}`;
  return `Pull request ${pullRequest} was merged into ${branch} as ${commit}. What that commit holds is neither what was planned${planned} nor what merging it there would give, so what was approved is not what was merged. Nothing more is merged into ${branch} while this branch exists. Look at the commit, mend what has to be mended, and comment /retry on an open pull request, or delete this branch.`;
}
