/** Bugs of what the bot writes. */
import { Unavailable } from '../../../src/core/problem.js';
import type { Forge } from '../../../src/ports/forge.js';
import { intercept } from '../world/intercept.js';
import { bug, type PlantedBug } from './planted-bug.js';

export const COMMENT_BUGS = {
  'comment-not-edited': bug('A comment is written anew instead of edited.', () => ({
    forge: (forge) =>
      withComments(forge, ({ create }) => ({
        edit: async (lock, place, comment) => {
          await create(lock, place, comment.body);
          return { kind: 'written' };
        },
      })),
  })),
  'answer-unmarked': bug('Answers do not say which comment they answer.', () => ({
    forge: (forge) =>
      withComments(forge, ({ create }) => ({
        create: (lock, place, body) => create(lock, place, body.replace(/^<!-- lockkeeper:answer [^>]*-->\n/, '')),
      })),
  })),
  'comment-sent-again': bug('A comment whose answer was lost is sent again at once.', () => ({
    forge: (forge) =>
      withComments(forge, ({ create }) => ({
        create: async (lock, place, body) => {
          try {
            return await create(lock, place, body);
          } catch (error) {
            if (!(error instanceof Unavailable)) throw error;
            return create(lock, place, body);
          }
        },
      })),
  })),
  'comment-tells-time': bug('The comment tells when it was written, and so is never what it should be.', () => ({
    forge: (forge, { clock }) =>
      withComments(forge, ({ create, edit }) => ({
        create: (lock, place, body) => create(lock, place, `${body}\n\n_${clock.now()}_`),
        edit: (lock, place, comment) => edit(lock, place, { ...comment, body: `${comment.body}\n\n_${clock.now()}_` }),
      })),
  })),
} as const satisfies Readonly<Record<string, PlantedBug>>;

function withComments(
  forge: Forge,
  methods: (original: Pick<Forge['comments'], 'create' | 'edit'>) => Partial<Forge['comments']>,
): Forge {
  const { comments } = forge;
  const original = {
    create: comments.create.bind(comments),
    edit: comments.edit.bind(comments),
  };
  return { ...forge, comments: intercept(comments, methods(original)) };
}
