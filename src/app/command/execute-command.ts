/** Carries out one well-formed command: who asks is looked up again, then the command's own decision. */
import type { Command } from '../../core/command/commands.js';
import { demandedRights } from '../../core/command/demanded-rights.js';
import { resolveEnvironment, type ResolvedEnvironment } from '../../core/environment/resolve-environment.js';
import type { Comment } from '../../core/forge-objects.js';
import { planStands } from '../../core/plan/plan-stands.js';
import { unreachable } from '../../core/unreachable.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import {
  editedAnswer,
  forkMovedAnswer,
  helpAnswer,
  notOpenAnswer,
  otherBranchAnswer,
  planAnswer,
  refusedAnswer,
  unknownEnvironmentAnswer,
} from '../../text/answers.js';
import type { App } from '../app.js';
import { authorisePerson } from './authorise-person.js';
import { approve } from './command-approve.js';
import { freeze, unfreeze } from './command-freeze.js';
import { explainWaiting, promoteByCommand } from './command-promote.js';
import { rollback } from './command-rollback.js';
import type { CommandOutcome, EnvironmentOutcome } from './command-outcome.js';
import { endHold, hold, joinQueue, leaveQueue } from './command-queue.js';
import { retry } from './command-retry.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';

export interface Asked {
  readonly command: Command;
  readonly comment: Comment;
}

export async function executeCommand(
  app: App,
  lock: LaneLock,
  snapshot: Snapshot,
  typed: Asked,
): Promise<CommandOutcome> {
  const { state } = snapshot;
  if (typed.comment.revision === 'edited') return { state, answer: editedAnswer() };
  // Rights are kept by the environment's own name: it is found before anyone is authorised.
  const command = exactly(typed.command, snapshot);
  if (command.kind === 'unknown') return { state, answer: unknownEnvironmentAnswer(command) };
  return executeExactly(app, lock, snapshot, { ...typed, command: command.command });
}

type ExactCommand =
  { readonly kind: 'exact'; readonly command: Command } | Extract<ResolvedEnvironment, { kind: 'unknown' }>;

function exactly(command: Command, snapshot: Snapshot): ExactCommand {
  if (!('env' in command)) return { kind: 'exact', command };
  const resolved = resolveEnvironment(command.env, snapshot.repository.configuration.environments);
  if (resolved.kind === 'unknown') return resolved;
  return { kind: 'exact', command: { ...command, env: resolved.environment.name } };
}

async function executeExactly(app: App, lock: LaneLock, snapshot: Snapshot, asked: Asked): Promise<CommandOutcome> {
  const { state } = snapshot;
  const { command, comment } = asked;
  const refusal = await findRefusal(snapshot, asked);
  if (refusal !== null) return { state, answer: refusal };
  if ('env' in command) return { state, ...(await executeFor(app, lock, snapshot, { command, comment })) };
  const by = comment.author.login;
  switch (command.name) {
    case 'merge':
      return joinQueue(app, snapshot, { by, when: command.when });
    case 'unqueue':
      return leaveQueue(snapshot, by);
    case 'plan':
      return planAgain(snapshot);
    case 'hold':
      return hold(snapshot, { by, at: comment.createdAt, reason: command.reason });
    case 'unhold':
      return endHold(snapshot);
    case 'retry':
      return retry(app, lock, snapshot);
    case 'approve':
      return approve(snapshot);
    case 'why':
      return { state, answer: await explainWaiting(app, snapshot) };
    case 'help':
      return { state, answer: helpAnswer({ forge: snapshot.pullRequest.repository.forge, bot: snapshot.self.login }) };
    default:
      return unreachable(command);
  }
}

interface AskedFor {
  readonly command: Extract<Command, { readonly env: string }>;
  readonly comment: Comment;
}

/**
 * Commands about an environment: they change nothing that this pull request remembers. Another branch than the default one has rules of
 * its own, written by whoever may push to it: they say nothing about who may move or freeze environments.
 */
async function executeFor(app: App, lock: LaneLock, snapshot: Snapshot, asked: AskedFor): Promise<EnvironmentOutcome> {
  const { command, comment } = asked;
  const { branch, facts } = snapshot.repository;
  if (branch !== facts.defaultBranch) return { answer: otherBranchAnswer(facts.defaultBranch) };
  const by = comment.author.login;
  switch (command.name) {
    case 'promote':
      return { answer: await promoteByCommand(app, lock, snapshot, { command, by }) };
    case 'freeze':
      return freeze(app, lock, snapshot, { command, comment });
    case 'unfreeze':
      return unfreeze(app, lock, snapshot, { command, comment });
    case 'rollback':
      return { answer: await rollback(app, lock, snapshot, { command, by }) };
    default:
      return unreachable(command);
  }
}

/** The refusal's words, or null if the person may. */
async function findRefusal(snapshot: Snapshot, { command, comment }: Asked): Promise<string | null> {
  const { repository, plan } = snapshot;
  const { login } = comment.author;
  for (const { right, environment } of demandedRights({ command, rights: repository.configuration.commands, plan })) {
    const authorisation = await authorisePerson(repository, environment, { login, right });
    if (authorisation.kind === 'refused') return refusedAnswer(right, environment, authorisation);
  }
  return null;
}

/** A plan that is missing is being made already; one that stands is of this head and this tip of the target branch, and would be made the same. */
function planAgain({ pullRequest, plan, state, sticky }: Snapshot): CommandOutcome {
  const { sha, origin } = pullRequest.head;
  if (pullRequest.state !== 'open') return { state, answer: notOpenAnswer(pullRequest) };
  // What was pushed between the maintainer's look and this reading was not looked at: only a head that stood here before is trusted.
  if (origin === 'fork' && sticky?.state.head !== sha) return { state, answer: forkMovedAnswer(sha) };
  if (planStands(plan)) return { state, answer: planAnswer('stands') };
  const { repository, number } = pullRequest;
  const nudges = plan === null ? [] : [{ kind: 'plan', repository, number } as const];
  if (origin === 'same-repository') return { state, answer: planAnswer('again'), nudges };
  return { state: { ...state, trustedHead: sha }, answer: planAnswer('fork'), nudges };
}
