/** Carries out one well-formed command: who asks is looked up again, then the command's own decision. */
import { authorise, peopleFor, type Authorisation } from '../core/command/authorise.js';
import type { Command } from '../core/command/commands.js';
import { resolveEnvironment, type ResolvedEnvironment } from '../core/environment/resolve-environment.js';
import type { Comment } from '../core/forge-objects.js';
import type { StickyState } from '../core/standing/sticky-state.js';
import { ticketFor } from '../core/queue/decide-ticket.js';
import { unreachable } from '../core/unreachable.js';
import type { LaneLock } from '../ports/lane-lock.js';
import {
  editedAnswer,
  forkMovedAnswer,
  helpAnswer,
  mergeAnswer,
  mergeRefusedAnswer,
  notOpenAnswer,
  otherBranchAnswer,
  planAnswer,
  refusedAnswer,
  unknownEnvironmentAnswer,
} from '../text/answers.js';
import { enqueue, type App } from './app.js';
import { explainWaiting, promoteByCommand, type PromoteRequest } from './command-promote.js';
import type { Snapshot } from './gather-pull-request.js';

export interface CommandOutcome {
  readonly state: StickyState;
  readonly answer: string;
}

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
  if (command.name !== 'promote') return { kind: 'exact', command };
  const resolved = resolveEnvironment(command.env, snapshot.repository.configuration.environments);
  if (resolved.kind === 'unknown') return resolved;
  return { kind: 'exact', command: { ...command, env: resolved.environment.name } };
}

async function executeExactly(app: App, lock: LaneLock, snapshot: Snapshot, asked: Asked): Promise<CommandOutcome> {
  const { state } = snapshot;
  const refusal = await findRefusal(snapshot, asked);
  if (refusal !== null) return { state, answer: refusal };
  switch (asked.command.name) {
    case 'promote':
      return {
        state,
        answer: await promote(app, lock, snapshot, { command: asked.command, by: asked.comment.author.login }),
      };
    case 'merge':
      return joinQueue(app, snapshot, asked.comment.author.login);
    case 'plan':
      return planAgain(app, snapshot);
    case 'why':
      return { state, answer: await explainWaiting(app, snapshot) };
    case 'help':
      return { state, answer: helpAnswer({ forge: snapshot.pullRequest.repository.forge, bot: snapshot.self.login }) };
    default:
      return unreachable(asked.command);
  }
}

/** Another branch has rules of its own, written by whoever may push to it: they say nothing about what the default branch takes. */
async function promote(app: App, lock: LaneLock, snapshot: Snapshot, request: PromoteRequest): Promise<string> {
  const { branch, facts } = snapshot.repository;
  if (branch !== facts.defaultBranch) return otherBranchAnswer(facts.defaultBranch);
  return promoteByCommand(app, lock, snapshot, request);
}

/** The refusal's words, or null if the person may. */
async function findRefusal(snapshot: Snapshot, { command, comment }: Asked): Promise<string | null> {
  for (const environment of environmentsOf(command, snapshot)) {
    const authorisation = await authorisePerson(snapshot, { command, environment, login: comment.author.login });
    if (authorisation.kind === 'refused') return refusedAnswer(command, environment, authorisation);
  }
  return null;
}

/** Those a command would change; it needs the right for each of them. */
function environmentsOf(command: Command, snapshot: Snapshot): readonly (string | null)[] {
  if (command.name === 'promote') return [command.env];
  if (command.name !== 'merge') return [null];
  const touched = [...new Set(snapshot.plan?.targets.map((target) => target.target.env))];
  return touched.length === 0 ? [null] : touched;
}

async function authorisePerson(
  snapshot: Snapshot,
  request: { readonly command: Command; readonly environment: string | null; readonly login: string },
): Promise<Authorisation> {
  const { configuration, forge, repository } = snapshot.repository;
  const { login, environment } = request;
  const rights = configuration.commands;
  const names = peopleFor(rights, request.command.name, environment).teams;
  const teams = await Promise.all(
    names.map(async (team) => {
      const members = await forge.people.team(repository, team);
      const standing =
        members === null
          ? 'unknown'
          : members.some((each) => each.toLowerCase() === login.toLowerCase())
            ? 'member'
            : 'not-member';
      return [team, standing] as const;
    }),
  );
  const permission = await forge.people.permission(repository, login);
  return authorise({
    command: request.command.name,
    environment,
    rights,
    person: { login, permission, teams: Object.fromEntries(teams) },
  });
}

function joinQueue(app: App, snapshot: Snapshot, by: string): CommandOutcome {
  const { pullRequest, readiness, state, verdict } = snapshot;
  if (pullRequest.state !== 'open') return { state, answer: notOpenAnswer(pullRequest) };
  if (state.ticket !== null && state.ticket.head === pullRequest.head.sha)
    return { state, answer: mergeAnswer({ kind: 'already' }) };
  if (readiness.state === 'blocked') return { state, answer: mergeRefusedAnswer(readiness.blockers, verdict) };
  const joined = { ...state, ticket: ticketFor({ pullRequest, now: app.clock.now() }, by), left: null };
  const answer =
    readiness.state === 'ready'
      ? mergeAnswer({ kind: 'joined' })
      : mergeAnswer({ kind: 'waiting', blockers: readiness.blockers });
  return { state: joined, answer };
}

async function planAgain(app: App, snapshot: Snapshot): Promise<CommandOutcome> {
  const { pullRequest, state, sticky } = snapshot;
  const { sha, origin } = pullRequest.head;
  if (pullRequest.state !== 'open') return { state, answer: notOpenAnswer(pullRequest) };
  // What was pushed between the maintainer's look and this reading was not looked at: only a head that stood here before is trusted.
  if (origin === 'fork' && sticky?.state.head !== sha) return { state, answer: forkMovedAnswer(sha) };
  await enqueue(app, { kind: 'plan', repository: pullRequest.repository, number: pullRequest.number });
  if (origin === 'same-repository') return { state, answer: planAnswer('again') };
  return { state: { ...state, trustedHead: sha }, answer: planAnswer('fork') };
}
