/** What the bot's answers to commands hold, signed, beside their words. */
import type { Comment, Person, PullRequest } from '../../core/forge-objects.js';
import type { Sha } from '../../core/ids.js';
import { readMarker } from '../../text/marker.js';
import type { App } from '../app.js';

export interface AnswerMark {
  /** Id of the comment that is answered. */
  readonly comment: string;
  /** The head that the comment approved: that which stood there when the command was carried out. */
  readonly approved?: Sha;
}

/** What answers stand on: of a pull request, as it was read. */
interface AnsweredPlace {
  readonly comments: readonly Comment[];
  readonly pullRequest: PullRequest;
  readonly self: Person;
}

/** Of the bot's own answers, oldest first. */
export function answerMarks(app: App, { comments, pullRequest, self }: AnsweredPlace): readonly AnswerMark[] {
  return comments
    .filter((comment) => comment.author.login === self.login)
    .map((comment) => readMarker(comment.body, 'answer', pullRequest, app.sign))
    .filter((payload): payload is AnswerMark => payload !== null);
}
