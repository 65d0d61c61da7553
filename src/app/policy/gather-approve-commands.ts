/** Comments `/approve` that were carried out, as approvals. What was approved stands in the bot's signed answer, so nobody can make one up. */
import type { Comment, Person, PullRequest, Review } from '../../core/forge-objects.js';
import type { Sha } from '../../core/ids.js';
import { readMarker } from '../../text/marker.js';
import type { App } from '../app.js';

/** What the marker of an answer to `/approve` holds beside the comment's id. */
export interface ApprovalMark {
  readonly comment: string;
  /** The head that stood there when the command was carried out. */
  readonly approved: Sha;
}

/** Whoever deletes the comment takes the approval back; the times are the comments' own. */
export function gatherApproveCommands(
  app: App,
  pullRequest: PullRequest,
  { comments, self }: { readonly comments: readonly Comment[]; readonly self: Person },
): readonly Review[] {
  const standing = new Map(comments.map((comment) => [comment.id, comment]));
  return comments
    .filter((comment) => comment.author.login === self.login)
    .flatMap((answer): readonly Review[] => {
      const mark = readMarker(answer.body, 'answer', pullRequest, app.sign);
      const asked = isApprovalMark(mark) ? standing.get(mark.comment) : undefined;
      if (!isApprovalMark(mark) || asked === undefined) return [];
      const { author: person, createdAt: at, url } = asked;
      return [{ person, state: 'approved', commit: mark.approved, at, url }];
    });
}

function isApprovalMark(mark: unknown): mark is ApprovalMark {
  return (
    typeof mark === 'object' &&
    mark !== null &&
    'approved' in mark &&
    typeof mark.approved === 'string' &&
    'comment' in mark &&
    typeof mark.comment === 'string'
  );
}
