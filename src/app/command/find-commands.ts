/** The comments of a pull request that ask for something and have no answer yet. */
import { parseCommands, type ParsedCommand } from '../../core/command/parse-commands.js';
import type { Comment } from '../../core/forge-objects.js';
import type { StickyState } from '../../core/standing/sticky-state.js';
import type { App } from '../app.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';
import { answerMarks } from './answer-marks.js';

/** Commands older than this when first seen are not run: nobody waits for them any more. */
const EXPIRY = 24 * 60 * 60 * 1000;

export interface CommandComment {
  readonly comment: Comment;
  readonly commands: readonly ParsedCommand[];
}

interface Discussed extends Pick<Snapshot, 'comments' | 'pullRequest' | 'self'> {
  /** What the sticky remembers, if there is one. */
  readonly state: Pick<StickyState, 'answered'> | null;
}

/** Oldest first. Bots are not obeyed, our own words least of all. */
export function unansweredCommands(app: App, discussed: Discussed): readonly CommandComment[] {
  const { self } = discussed;
  const answered = answeredComments(app, discussed);
  const expired = app.clock.now() - EXPIRY;
  return discussed.comments
    .filter((comment) => comment.author.login !== self.login && comment.author.kind === 'human')
    .filter((comment) => !answered.includes(comment.id) && comment.createdAt >= expired)
    .map((comment) => ({ comment, commands: parseCommands(comment.body, self.login) }))
    .filter(({ commands }) => commands.length > 0);
}

/** By the answers that stand there, and by what is remembered of those that somebody deleted. */
function answeredComments(app: App, { comments, pullRequest, self, state }: Discussed): readonly string[] {
  return [
    ...answerMarks(app, { comments, pullRequest, self }).map(({ comment }) => comment),
    ...(state?.answered ?? []),
  ];
}

/** Answers that are remembered at most: a marker has little room. */
const MOST_REMEMBERED = 30;

/** Comments whose commands must not run again, though their answers be deleted: those too old to run are left out. */
export function answeredToRemember(app: App, discussed: Discussed): readonly string[] {
  const expired = app.clock.now() - EXPIRY;
  const young = discussed.comments.filter((comment) => comment.createdAt >= expired).map((comment) => comment.id);
  const answered = new Set(answeredComments(app, discussed));
  return young.filter((id) => answered.has(id)).slice(-MOST_REMEMBERED);
}
