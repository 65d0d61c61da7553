/** `/freeze` and `/unfreeze`: what is frozen is written down for the whole repository, and everything that waits for it is looked at. */
import type { Command } from '../../core/command/commands.js';
import { instantOf } from '../../core/command/until.js';
import type { Comment } from '../../core/forge-objects.js';
import type { JobSubject } from '../../core/job.js';
import {
  freezesInForce,
  withFreeze,
  withoutFreeze,
  wrongEnd,
  type Freeze,
  type FreezeBook,
} from '../../core/standing/freeze.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { refusedAnswer } from '../../text/answers.js';
import { frozenAnswer, mendedAnswer, unfrozenAnswer, wrongEndAnswer } from '../../text/freeze-answers.js';
import type { App } from '../app.js';
import { authorisePerson } from './authorise-person.js';
import type { EnvironmentOutcome } from './command-outcome.js';
import { readFreezes, writeFreezes } from './freeze-book.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';

interface FreezeRequest<Name extends 'freeze' | 'unfreeze'> {
  readonly command: Extract<Command, { readonly name: Name }>;
  readonly comment: Comment;
}

export async function freeze(
  app: App,
  lock: LaneLock,
  snapshot: Snapshot,
  { command, comment }: FreezeRequest<'freeze'>,
): Promise<EnvironmentOutcome> {
  const now = app.clock.now();
  const { env, reason } = command;
  const until = command.until === null ? null : instantOf(command.until, comment.createdAt);
  const wrong = wrongEnd(until, now);
  if (wrong !== null) return { answer: wrongEndAnswer(wrong) };
  const wanted: Freeze = { env, by: comment.author.login, at: comment.createdAt, until, reason };
  const book = await readFreezes(app, snapshot.repository);
  const refusal = await refusalToMend(snapshot, book, comment.author.login);
  if (refusal !== null) return { answer: refusal };
  const standing = book.kind === 'read' ? book.freezes : [];
  if (!standing.some((each) => JSON.stringify(each) === JSON.stringify(wanted))) {
    const freezes = withFreeze(standing, wanted, now);
    await writeFreezes(app, lock, snapshot.repository, { freezes, change: { kind: 'frozen', env } });
  }
  return { answer: `${frozenAnswer(wanted)}${mendedAnswer(book)}`, nudges: everyPullRequest(snapshot) };
}

export async function unfreeze(
  app: App,
  lock: LaneLock,
  snapshot: Snapshot,
  { command, comment }: FreezeRequest<'unfreeze'>,
): Promise<EnvironmentOutcome> {
  const now = app.clock.now();
  const { env } = command;
  const book = await readFreezes(app, snapshot.repository);
  const refusal = await refusalToMend(snapshot, book, comment.author.login);
  if (refusal !== null) return { answer: refusal };
  const standing = book.kind === 'read' ? book.freezes : [];
  const ended = freezesInForce(standing, now).find((each) => each.env === env) ?? null;
  if (ended !== null || book.kind === 'unreadable') {
    const freezes = withoutFreeze(standing, env, now);
    await writeFreezes(app, lock, snapshot.repository, { freezes, change: { kind: 'ended', env } });
  }
  return { answer: `${unfrozenAnswer(env, ended)}${mendedAnswer(book)}`, nudges: everyPullRequest(snapshot) };
}

/** With a record that can't be read, to write a new one is to end every freeze: the right for each environment is needed. */
async function refusalToMend(snapshot: Snapshot, book: FreezeBook, login: string): Promise<string | null> {
  if (book.kind === 'read') return null;
  for (const { name } of snapshot.repository.configuration.environments) {
    const authorisation = await authorisePerson(snapshot.repository, name, { login, right: 'unfreeze' });
    if (authorisation.kind === 'refused') return refusedAnswer('unfreeze', name, authorisation);
  }
  return null;
}

/** Every open one may be concerned; the sweep also sees to it that somebody looks when the freeze ends. */
function everyPullRequest({ pullRequest }: Snapshot): readonly JobSubject[] {
  return [{ kind: 'sweep', repository: pullRequest.repository }];
}
