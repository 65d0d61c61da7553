/**
 * Runs what people asked for in comments. A command runs at most once and is always answered (I7): the answer, which names its comment
 * in a signed marker, is written last, and everything before it finds its own earlier work when it is run again after a crash.
 */
import type { ParsedCommand } from '../core/command/parse-commands.js';
import type { StickyState } from '../core/standing/sticky-state.js';
import type { PullRequest } from '../core/forge-objects.js';
import { Forbidden } from '../core/problem.js';
import type { Forge } from '../ports/forge.js';
import type { LaneLock } from '../ports/lane-lock.js';
import { answerBody, forbiddenAnswer, malformedAnswer, tooManyAnswer, unknownAnswer } from '../text/answers.js';
import { formatMarker } from '../text/marker.js';
import { unreachable } from '../core/unreachable.js';
import { repositoryKey } from '../core/ids.js';
import type { App } from './app.js';
import type { CommandOutcome } from './command-outcome.js';
import { executeCommand } from './execute-command.js';
import { unansweredCommands, type AnswerMark, type CommandComment } from './find-commands.js';
import type { Snapshot } from './gather-pull-request.js';

export interface CommandsRun {
  /** The sticky's state as the commands leave it. */
  readonly state: StickyState;
  /** To be posted once that state is written. */
  readonly answers: readonly Answer[];
}

export interface Answer {
  readonly to: CommandComment;
  readonly body: string;
}

export async function runCommands(app: App, lock: LaneLock, snapshot: Snapshot): Promise<CommandsRun> {
  const answers: Answer[] = [];
  let state = snapshot.state;
  for (const to of unansweredCommands(app, snapshot)) {
    await snapshot.repository.forge.comments.react(lock, snapshot.pullRequest, { id: to.comment.id, reaction: 'eyes' });
    // What is said about a plan can only be said once there is one: the comment keeps its place until then.
    if (snapshot.plan === null && snapshot.pullRequest.state === 'open' && to.commands.some(needsPlan)) continue;
    const outcomes = await runComment(app, lock, { ...snapshot, state }, to);
    state = outcomes.at(-1)?.state ?? state;
    answers.push({
      to,
      body: answerBody(
        to.comment,
        outcomes.map((outcome) => outcome.answer),
      ),
    });
  }
  return { state, answers };
}

function needsPlan(parsed: ParsedCommand): boolean {
  return parsed.kind === 'command' && (parsed.command.name === 'merge' || parsed.command.name === 'why');
}

async function runComment(
  app: App,
  lock: LaneLock,
  snapshot: Snapshot,
  to: CommandComment,
): Promise<readonly CommandOutcome[]> {
  const outcomes: CommandOutcome[] = [];
  let state = snapshot.state;
  for (const parsed of to.commands) {
    const outcome = await answeringRefusals(state, () => runOne(app, lock, { ...snapshot, state }, { parsed, to }));
    state = outcome.state;
    outcomes.push(outcome);
    app.log.info(
      {
        repository: repositoryKey(snapshot.pullRequest.repository),
        pullRequest: snapshot.pullRequest.number,
        by: to.comment.author.login,
        command: parsed.kind === 'command' ? parsed.command.name : parsed.kind,
      },
      'Ran a command',
    );
  }
  return outcomes;
}

/** What the forge forbids is an answer too: neither this comment's other commands nor other comments wait for it. */
async function answeringRefusals(state: StickyState, run: () => Promise<CommandOutcome>): Promise<CommandOutcome> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof Forbidden) return { state, answer: forbiddenAnswer(cause.message) };
    throw cause;
  }
}

async function runOne(
  app: App,
  lock: LaneLock,
  snapshot: Snapshot,
  { parsed, to }: { parsed: ParsedCommand; to: CommandComment },
): Promise<CommandOutcome> {
  const { state } = snapshot;
  switch (parsed.kind) {
    case 'command':
      return executeCommand(app, lock, snapshot, { command: parsed.command, comment: to.comment });
    case 'unknown':
      return { state, answer: unknownAnswer(parsed) };
    case 'malformed':
      return { state, answer: malformedAnswer(parsed) };
    case 'too-many':
      return { state, answer: tooManyAnswer(parsed) };
    default:
      return unreachable(parsed);
  }
}

/** Where answers go. */
export interface AnswerPlace {
  readonly repository: { readonly forge: Forge };
  readonly pullRequest: PullRequest;
}

export async function postAnswers(
  app: App,
  lock: LaneLock,
  snapshot: AnswerPlace,
  answers: readonly Answer[],
): Promise<void> {
  const { pullRequest, repository } = snapshot;
  for (const answer of answers) {
    const mark: AnswerMark = { comment: answer.to.comment.id };
    await repository.forge.comments.create(
      lock,
      pullRequest,
      `${formatMarker('answer', mark, pullRequest, app.sign)}\n${answer.body}`,
    );
  }
}
