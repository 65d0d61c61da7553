/** The comments of a pull request that ask for something and have no answer yet. */
import { parseCommands, type ParsedCommand } from '../core/command/parse-commands.js';
import type { Comment } from '../core/forge-objects.js';
import { readMarker } from '../text/marker.js';
import type { App } from './app.js';
import type { Snapshot } from './gather-pull-request.js';

/** Commands older than this when first seen are not run: nobody waits for them any more. */
const EXPIRY = 24 * 60 * 60 * 1000;

export interface CommandComment {
  readonly comment: Comment;
  readonly commands: readonly ParsedCommand[];
}

/** Oldest first. Bots are not obeyed, our own words least of all. */
export function unansweredCommands(
  app: App,
  snapshot: Pick<Snapshot, 'comments' | 'pullRequest' | 'self'>,
): readonly CommandComment[] {
  const { comments, pullRequest, self } = snapshot;
  const answered = new Set(
    comments
      .filter((comment) => comment.author.login === self.login)
      .map((comment) => readMarker(comment.body, 'answer', pullRequest, app.sign))
      .filter((payload): payload is AnswerMark => payload !== null)
      .map((payload) => payload.comment),
  );
  const expired = app.clock.now() - EXPIRY;
  return comments
    .filter((comment) => comment.author.login !== self.login && comment.author.kind === 'human')
    .filter((comment) => !answered.has(comment.id) && comment.createdAt >= expired)
    .map((comment) => ({ comment, commands: parseCommands(comment.body, self.login) }))
    .filter(({ commands }) => commands.length > 0);
}

/** What an answer's marker holds: the id of the comment it answers. */
export interface AnswerMark {
  readonly comment: string;
}
