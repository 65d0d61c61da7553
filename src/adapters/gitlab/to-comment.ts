/** GitLab's notes as comments. */
import type { Comment } from '../../core/forge-objects.js';
import { toInstant } from './instant.js';
import { toPerson } from './person.js';
import { withoutGuards } from './quick-actions.js';

interface NoteFacts {
  readonly id: number;
  readonly author: { readonly username: string };
  readonly body: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/**
 * GitLab says of a note only when it was last touched. Making one may touch it again within the same moment; anything later is taken
 * for an edit, though resolving the note's thread looks the same. The mistake is on the safe side: what was edited is not obeyed.
 */
const SAME_MOMENT = 1000;

/** `page`: of the merge request. */
export function toComment(note: NoteFacts, page: string, ownLogin: string): Comment {
  const createdAt = toInstant(note.created_at);
  return {
    id: String(note.id),
    author: toPerson(note.author, ownLogin),
    body: note.author.username === ownLogin ? withoutGuards(note.body) : note.body,
    createdAt,
    revision: toInstant(note.updated_at) - createdAt > SAME_MOMENT ? 'edited' : 'original',
    url: `${page}#note_${note.id}`,
  };
}
