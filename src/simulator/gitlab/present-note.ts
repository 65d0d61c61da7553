/** Notes, discussions and award emoji as GitLab shows them. */

import type { Comment, PullRequest, Reaction, User } from '../forge/state.js';
import type { GitlabUrls } from './gitlab-urls.js';
import { presentUser } from './present-user.js';

export interface NoteToPresent {
  readonly comment: Comment;
  readonly author: User;
  readonly pullRequest: PullRequest;
  readonly projectId: number;
}

export function presentNote(note: NoteToPresent, urls: GitlabUrls) {
  const { comment, pullRequest } = note;
  return {
    id: comment.id,
    type: null,
    body: comment.body,
    author: presentUser(note.author, urls),
    created_at: comment.createdAt.toISOString(),
    updated_at: comment.updatedAt.toISOString(),
    system: comment.system,
    noteable_id: pullRequest.id,
    noteable_type: 'MergeRequest' as const,
    project_id: note.projectId,
    resolvable: false,
    confidential: false,
    internal: false,
    imported: false,
    imported_from: 'none',
    attachment: null,
    noteable_iid: pullRequest.number,
    commands_changes: {},
  };
}

/** Notes of one discussion, oldest first: a lone note is an `individual_note` until somebody answers. */
export function presentDiscussion(notes: readonly NoteToPresent[], urls: GitlabUrls) {
  const individual = notes.length === 1;
  const type = individual ? null : ('DiscussionNote' as const);
  return {
    id: notes[0]?.comment.discussionId ?? '',
    individual_note: individual,
    notes: notes.map((note) => ({ ...presentNote(note, urls), type })),
  };
}

/** GitLab's names of the reactions that both forges have. */
const EMOJI: ReadonlyMap<string, string> = new Map([
  ['thumbs-up', 'thumbsup'],
  ['thumbs-down', 'thumbsdown'],
  ['laugh', 'laughing'],
  ['hooray', 'tada'],
]);

const NEUTRAL: ReadonlyMap<string, string> = new Map([...EMOJI].map(([neutral, emoji]) => [emoji, neutral]));

export function emojiName(neutral: string): string {
  return EMOJI.get(neutral) ?? neutral;
}

export function neutralReaction(emoji: string): string {
  return NEUTRAL.get(emoji) ?? emoji;
}

interface AwardToPresent {
  readonly reaction: Reaction;
  readonly author: User;
  readonly pullRequest: PullRequest;
}

export function presentAward({ reaction, author, pullRequest }: AwardToPresent, urls: GitlabUrls) {
  const createdAt = reaction.createdAt.toISOString();
  return {
    id: reaction.id,
    name: emojiName(reaction.name),
    user: presentUser(author, urls),
    created_at: createdAt,
    updated_at: createdAt,
    awardable_id: reaction.commentId ?? pullRequest.id,
    awardable_type: reaction.commentId === undefined ? 'MergeRequest' : 'Note',
    url: null,
  };
}
