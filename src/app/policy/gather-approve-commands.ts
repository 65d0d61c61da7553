/** Comments `/approve` that were carried out, as approvals. What was approved stands in the bot's signed answer, so nobody can make one up. */
import type { Comment, Person, PullRequest, Review } from '../../core/forge-objects.js';
import type { App } from '../app.js';
import { answerMarks } from '../command/answer-marks.js';

/** Whoever deletes the comment takes the approval back; the times are the comments' own. */
export function gatherApproveCommands(
  app: App,
  pullRequest: PullRequest,
  { comments, self }: { readonly comments: readonly Comment[]; readonly self: Person },
): readonly Review[] {
  const standing = new Map(comments.map((comment) => [comment.id, comment]));
  return answerMarks(app, { comments, pullRequest, self }).flatMap(({ comment, approved }): readonly Review[] => {
    const asked = standing.get(comment);
    if (approved === undefined || asked === undefined) return [];
    const { author: person, createdAt: at, url } = asked;
    return [{ person, state: 'approved', commit: approved, at, url }];
  });
}
