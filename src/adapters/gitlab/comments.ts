/** Notes on merge requests: https://docs.gitlab.com/api/notes/#merge-requests. */
import type { Comment } from '../../core/forge-objects.js';
import { Unavailable } from '../../core/problem.js';
import type { CommentPlace, Comments } from '../../ports/pull-requests.js';
import { orPutOff } from '../traffic/write-budget.js';
import type { Connection } from './connection.js';
import { isRefusal, nullIfMissing } from './gitlab-refusal.js';
import { LARGE_PAGES } from './paging.js';
import { mergeRequestPage } from './reviews.js';
import { withGuards } from './quick-actions.js';
import { toComment } from './to-comment.js';

/** https://docs.gitlab.com/administration/instance_limits/#size-of-comments-and-descriptions-of-issues-merge-requests-and-epics */
const LIMIT = 1_000_000;

export function gitlabComments(connection: Connection): Comments {
  const { api, writes } = connection;
  return {
    limit: LIMIT,
    // GitLab counts characters; who keeps within as many bytes is within both.
    byteLimit: LIMIT,
    list: (repository, number) => list(connection, { repository, number }),
    // After a lost answer it is for the caller to look: only it knows by which marker to find its comment.
    async create(lock, { repository, number }, body) {
      await writes.admit(lock, 'answer', 'note');
      const note = await api.MergeRequestNotes.create(repository.path, number, withGuards(body));
      const page = mergeRequestPage(connection, repository, number);
      return toComment(note, page, await connection.ownLogin());
    },
    edit(lock, { repository, number }, { id, body, matters }) {
      const weight = matters === 'words' ? 'progress' : 'result';
      return orPutOff(weight, async () => {
        await writes.admit(lock, weight);
        const edited = api.MergeRequestNotes.edit(repository.path, number, Number(id), { body: withGuards(body) });
        // Somebody deleted it: the next look will not find it, and can make a new one.
        if ((await nullIfMissing(edited)) === null)
          throw new Unavailable(`Note ${id} of ${repository.path}!${number} is gone`);
      });
    },
    async react(lock, { repository, number }, { id, reaction }) {
      await writes.admit(lock, 'answer');
      try {
        await api.MergeRequestNoteAwardEmojis.award(repository.path, number, Number(id), reaction);
      } catch (error) {
        // GitLab's 404 here: we have reacted so already, or the note was deleted meanwhile. Either way nothing is left to do.
        if (!isRefusal(error, 404)) throw error;
        connection.log.debug(
          { note: id, reaction, words: error.words },
          'The reaction stands already, or its comment is gone.',
        );
      }
    },
  };
}

async function list(connection: Connection, { repository, number }: CommentPlace): Promise<readonly Comment[]> {
  const notes = await connection.api.MergeRequestNotes.all(repository.path, number, {
    orderBy: 'created_at',
    sort: 'asc',
    ...LARGE_PAGES,
  });
  const ownLogin = await connection.ownLogin();
  const page = mergeRequestPage(connection, repository, number);
  return notes
    .filter((note) => !note.system && note['type'] !== 'DiffNote')
    .map((note) => toComment(note, page, ownLogin));
}
