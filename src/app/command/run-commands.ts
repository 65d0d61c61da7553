/**
 * Runs what people asked for in comments. A command runs at most once and is always answered (I7): the answer, which names its comment
 * in a signed marker, is written last, and everything before it finds its own earlier work when it is run again after a crash.
 */
import type { CommandName } from '../../core/command/commands.js';
import type { ParsedCommand } from '../../core/command/parse-commands.js';
import { withHold } from '../../core/standing/readiness.js';
import type { StickyState } from '../../core/standing/sticky-state.js';
import type { PullRequest } from '../../core/forge-objects.js';
import { Forbidden } from '../../core/problem.js';
import type { Forge } from '../../ports/forge.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { answerBody, forbiddenAnswer, malformedAnswer, tooManyAnswer, unknownAnswer } from '../../text/answers.js';
import { planGivenUpAnswer } from '../../text/retry-answer.js';
import { formatMarker } from '../../text/marker.js';
import { unreachable } from '../../core/unreachable.js';
import { repositoryKey } from '../../core/ids.js';
import { enqueue, type App } from '../app.js';
import type { CommandOutcome } from './command-outcome.js';
import { executeCommand } from './execute-command.js';
import type { AnswerMark } from './answer-marks.js';
import { answeredToRemember, unansweredCommands, type CommandComment } from './find-commands.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';
import { planFailureSince } from '../intake/given-up.js';
import { readSticky, wordsOf, writeSticky } from '../pull-request/sticky-comment.js';

interface CommandsRun {
  /** The sticky's state as the commands leave it. */
  readonly state: StickyState;
  /** To be posted once that state is written. */
  readonly answers: readonly Answer[];
}

interface Answer extends Pick<CommandOutcome, 'approved' | 'nudges'> {
  readonly to: CommandComment;
  readonly body: string;
}

/** In ms: what is to be looked at once an answer stands is, at the latest, looked at then, should the process end right after it. */
const MAKE_UP = 60_000;

export async function runCommands(app: App, lock: LaneLock, snapshot: Snapshot): Promise<CommandsRun> {
  const answers: Answer[] = [];
  let state = snapshot.state;
  for (const to of unansweredCommands(app, snapshot)) {
    await snapshot.repository.forge.comments.react(lock, snapshot.pullRequest, { id: to.comment.id, reaction: 'eyes' });
    // What is said about a plan can only be said once there is one: the comment keeps its place until then.
    const waits = snapshot.plan === null && snapshot.pullRequest.state === 'open' && to.commands.some(needsPlan);
    const failure = waits ? await planFailureSince(app, snapshot.pullRequest, to.comment.createdAt) : null;
    if (waits && failure === null) continue;
    const outcomes = await runComment(app, lock, withState(snapshot, state), { ...to, planFailure: failure });
    state = outcomes.at(-1)?.state ?? state;
    const approved = outcomes.findLast((outcome) => outcome.approved !== undefined)?.approved;
    const nudges = outcomes.flatMap((outcome) => outcome.nudges ?? []);
    for (const nudge of nudges) await enqueue(app, nudge, app.clock.now() + MAKE_UP);
    answers.push({
      to,
      nudges,
      ...(approved === undefined ? {} : { approved }),
      body: answerBody(
        to.comment,
        outcomes.map((outcome) => outcome.answer),
      ),
    });
  }
  return { state, answers };
}

/** As a command leaves it: what it held or released is so at once. */
export function withState(snapshot: Snapshot, state: StickyState): Snapshot {
  const { pullRequest, plan } = snapshot;
  const readiness = withHold(snapshot.readiness, state.hold, { head: pullRequest.head.sha, plan });
  return { ...snapshot, state, readiness };
}

const NEED_PLAN: readonly CommandName[] = ['merge', 'approve', 'why'];

function needsPlan(parsed: ParsedCommand): boolean {
  return parsed.kind === 'command' && NEED_PLAN.includes(parsed.command.name);
}

interface RunnableComment extends CommandComment {
  /** Why there is no plan and will be none; null where there is one, or none is needed. */
  readonly planFailure: string | null;
}

async function runComment(
  app: App,
  lock: LaneLock,
  snapshot: Snapshot,
  to: RunnableComment,
): Promise<readonly CommandOutcome[]> {
  const outcomes: CommandOutcome[] = [];
  let state = snapshot.state;
  for (const parsed of to.commands) {
    const outcome = await answeringRefusals(state, () => runOne(app, lock, withState(snapshot, state), { parsed, to }));
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
  { parsed, to }: { parsed: ParsedCommand; to: RunnableComment },
): Promise<CommandOutcome> {
  const { state } = snapshot;
  if (to.planFailure !== null && needsPlan(parsed)) return { state, answer: planGivenUpAnswer(to.planFailure) };
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

/**
 * Whoever deletes an answer does not have its command run again. Only what was answered is remembered, so this comes after the answers; the
 * sticky is read anew, for it may have been made meanwhile.
 */
export async function rememberAnswers(
  app: App,
  lock: LaneLock,
  { pullRequest, repository, self }: Snapshot,
): Promise<void> {
  const comments = await repository.forge.comments.list(pullRequest.repository, pullRequest.number);
  const sticky = readSticky(app, pullRequest, { comments, self });
  if (sticky === null) return;
  const answered = answeredToRemember(app, { comments, pullRequest, self, state: sticky.state });
  await writeSticky(app, lock, pullRequest, { sticky, state: { ...sticky.state, answered }, body: wordsOf(sticky) });
}

/** Where answers go. */
interface AnswerPlace {
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
    const { approved } = answer;
    const mark: AnswerMark = { comment: answer.to.comment.id, ...(approved === undefined ? {} : { approved }) };
    await repository.forge.comments.create(
      lock,
      pullRequest,
      `${formatMarker('answer', mark, pullRequest, app.sign)}\n${answer.body}`,
    );
    for (const nudge of answer.nudges ?? []) await enqueue(app, nudge);
  }
}
