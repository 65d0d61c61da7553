/** What the bot's answers to commands hold, signed, beside their words. */
import type { Sha } from '../../core/ids.js';
import { readMarker } from '../../text/marker.js';
import type { App } from '../app.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';

export interface AnswerMark {
  /** Id of the comment that is answered. */
  readonly comment: string;
  /** The head that the comment approved: that which stood there when the command was carried out. */
  readonly approved?: Sha;
}

/** Of the bot's own answers, oldest first. */
export function answerMarks(
  app: App,
  { comments, pullRequest, self }: Pick<Snapshot, 'comments' | 'pullRequest' | 'self'>,
): readonly AnswerMark[] {
  return comments
    .filter((comment) => comment.author.login === self.login)
    .map((comment) => readMarker(comment.body, 'answer', pullRequest, app.sign))
    .filter((payload): payload is AnswerMark => payload !== null);
}
