/** `/merge`, `/unqueue`, `/hold` and `/unhold`: whether a pull request is, and may be, in the merge queue. */
import { spelled } from '../../core/command/spelling.js';
import { decideJoin, decideLeave } from '../../core/queue/asked-ticket.js';
import type { Hold } from '../../core/standing/sticky-state.js';
import { unreachable } from '../../core/unreachable.js';
import { heldAnswer, mergeAnswer, mergeRefusedAnswer, unheldAnswer, unqueuedAnswer } from '../../text/queue-answers.js';
import { notOpenAnswer } from '../../text/answers.js';
import { leaveText } from '../../text/leave-text.js';
import { stoppedText } from '../../text/queue-text.js';
import type { App } from '../app.js';
import type { CommandOutcome } from './command-outcome.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';
import { joiningOf, standingStamp } from '../pull-request/standing-stamp.js';
import { findStop } from '../queue/queue-stop.js';

interface MergeCommand {
  readonly by: string;
  readonly when: 'in-turn' | 'now';
}

export async function joinQueue(app: App, snapshot: Snapshot, { by, when }: MergeCommand): Promise<CommandOutcome> {
  const { pullRequest, state, verdict } = snapshot;
  const decision = decideJoin(snapshot, { by, when, now: app.clock.now() });
  switch (decision.kind) {
    case 'not-open':
      return { state, answer: notOpenAnswer(pullRequest) };
    case 'already':
      return { state, answer: `${mergeAnswer({ kind: 'already' })}${await stopNote(snapshot)}` };
    case 'refused':
      return { state, answer: mergeRefusedAnswer(decision.blockers, verdict) };
    case 'join': {
      const { ticket, waitsFor } = decision;
      const ready = when === 'now' ? 'next' : 'joined';
      const answer = mergeAnswer(waitsFor.length === 0 ? { kind: ready } : { kind: 'waiting', blockers: waitsFor });
      return { state: { ...state, ticket, left: null }, answer: `${answer}${await stopNote(snapshot)}` };
    }
    default:
      return unreachable(decision);
  }
}

/** Whoever joins a queue that is stopped is told so at once. */
async function stopNote({ repository, pullRequest }: Snapshot): Promise<string> {
  const stopped = await findStop(repository);
  return stopped === null ? '' : `\n\n${stoppedText(pullRequest.repository.forge, repository.branch, stopped)}`;
}

/** Taken out by a person, it does not join again by itself while it stands as it does; `/merge` puts it back. */
export function leaveQueue(snapshot: Snapshot, by: string): CommandOutcome {
  const { pullRequest, state } = snapshot;
  const decision = decideLeave(snapshot, by);
  switch (decision.kind) {
    case 'not-open':
      return { state, answer: notOpenAnswer(pullRequest) };
    case 'was-not-in':
      return { state, answer: unqueuedAnswer('was-not-in', mergeCommand(snapshot)) };
    case 'leave': {
      const left = leaveText(pullRequest.repository.forge, decision.why);
      const answer = unqueuedAnswer(decision.again === 'by-itself' ? 'out-for-now' : 'out', mergeCommand(snapshot));
      return { state: { ...state, ticket: null, left, refused: standingStamp(snapshot) }, answer };
    }
    default:
      return unreachable(decision);
  }
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
