/** `/merge`, `/unqueue`, `/hold` and `/unhold`: whether a pull request is, and may be, in the merge queue. */
import { spelled } from '../../core/command/spelling.js';
import { ticketFor } from '../../core/queue/decide-ticket.js';
import type { Hold } from '../../core/standing/sticky-state.js';
import { heldAnswer, mergeAnswer, mergeRefusedAnswer, unheldAnswer, unqueuedAnswer } from '../../text/queue-answers.js';
import { notOpenAnswer } from '../../text/answers.js';
import { leaveText } from '../../text/leave-text.js';
import type { App } from '../app.js';
import type { CommandOutcome } from './command-outcome.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';
import { joiningOf, standingStamp } from '../pull-request/standing-stamp.js';

interface MergeCommand {
  readonly by: string;
  readonly when: 'in-turn' | 'now';
}

export function joinQueue(app: App, snapshot: Snapshot, { by, when }: MergeCommand): CommandOutcome {
  const { pullRequest, readiness, state, verdict } = snapshot;
  if (pullRequest.state !== 'open') return { state, answer: notOpenAnswer(pullRequest) };
  const standing = state.ticket?.head === pullRequest.head.sha ? state.ticket : null;
  if (standing !== null && (when === 'in-turn' || standing.urgency === 'now'))
    return { state, answer: mergeAnswer({ kind: 'already' }) };
  if (readiness.state === 'blocked') return { state, answer: mergeRefusedAnswer(readiness.blockers, verdict) };
  const fresh = standing ?? ticketFor({ pullRequest, now: app.clock.now() }, by);
  // Whoever put it first answers for it.
  const ticket = when === 'now' ? { ...fresh, by, urgency: when } : fresh;
  const answer =
    readiness.state === 'ready'
      ? mergeAnswer({ kind: when === 'now' ? 'next' : 'joined' })
      : mergeAnswer({ kind: 'waiting', blockers: readiness.blockers });
  return { state: { ...state, ticket, left: null }, answer };
}

/** Taken out by a person, it does not join again by itself while it stands as it does; `/merge` puts it back. */
export function leaveQueue(snapshot: Snapshot, by: string): CommandOutcome {
  const { pullRequest, state, merge } = snapshot;
  if (pullRequest.state !== 'open') return { state, answer: notOpenAnswer(pullRequest) };
  if (state.ticket === null && merge === 'manual')
    return { state, answer: unqueuedAnswer('was-not-in', mergeCommand(snapshot)) };
  const left = {
    ...state,
    ticket: null,
    left: leaveText(pullRequest.repository.forge, { kind: 'taken-out', by }),
    refused: standingStamp(snapshot),
  };
  return { state: left, answer: unqueuedAnswer(merge === 'auto' ? 'out-for-now' : 'out', mergeCommand(snapshot)) };
}

export function hold(snapshot: Snapshot, asked: Hold): CommandOutcome {
  const { pullRequest, state } = snapshot;
  if (pullRequest.state !== 'open') return { state, answer: notOpenAnswer(pullRequest) };
  return { state: { ...state, hold: asked }, answer: heldAnswer(asked, state.ticket !== null) };
}

export function endHold(snapshot: Snapshot): CommandOutcome {
  const { pullRequest, state } = snapshot;
  if (pullRequest.state !== 'open') return { state, answer: notOpenAnswer(pullRequest) };
  const joins = joiningOf(snapshot) === 'by-itself' ? 'by-itself' : { by: mergeCommand(snapshot) };
  return { state: { ...state, hold: null }, answer: unheldAnswer(state.hold, joins) };
}

function mergeCommand({ pullRequest, self }: Snapshot): string {
  return spelled('merge', { forge: pullRequest.repository.forge, bot: self.login });
}
