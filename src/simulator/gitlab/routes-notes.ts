/** Notes, discussions and award emoji of merge requests. */

import type { Comment, PullRequest, Reaction, Repository } from '../forge/state.js';
import { badRequest, forbidden, notFound, refuse } from './gitlab-answer.js';
import type { GitlabAnswer, GitlabRequest, GitlabRoute } from './gitlab-request.js';
import { created, noContent, ok, refuseAs, valueOf } from './gitlab-request.js';
import type { NoteToPresent } from './present-note.js';
import { neutralReaction, presentAward, presentDiscussion, presentNote } from './present-note.js';

interface Place {
  readonly repository: Repository;
  readonly pullRequest: PullRequest;
}

function placeOf(request: GitlabRequest): Place {
  const repository = request.project();
  return { repository, pullRequest: request.mergeRequest(repository) };
}

function noteToPresent(request: GitlabRequest, { repository, pullRequest }: Place, comment: Comment): NoteToPresent {
  return { comment, author: request.userOf(comment.author), pullRequest, projectId: repository.id };
}

function notesOf(request: GitlabRequest, { repository, pullRequest }: Place): readonly Comment[] {
  return request.forge.comments.of(repository.fullName, pullRequest.number);
}

/** `activity_filter`, and newest first unless `sort=asc`; by creation unless `order_by=updated_at`. */
function listNotes(request: GitlabRequest): Promise<GitlabAnswer> {
  const place = placeOf(request);
  const filter = request.input.oneOf('activity_filter', ['all_notes', 'only_comments', 'only_activity']) ?? 'all_notes';
  const orderBy = request.input.oneOf('order_by', ['created_at', 'updated_at']) ?? 'created_at';
  const direction = (request.input.oneOf('sort', ['asc', 'desc']) ?? 'desc') === 'asc' ? 1 : -1;
  const time = (note: Comment): number => (orderBy === 'updated_at' ? note.updatedAt : note.createdAt).getTime();
  const wanted = notesOf(request, place)
    .filter((note) => filter === 'all_notes' || note.system === (filter === 'only_activity'))
    .toSorted((one, other) => direction * (time(one) - time(other) || one.id - other.id));
  return request.page(wanted, (note) => presentNote(noteToPresent(request, place, note), request.urls));
}

function noteOf(request: GitlabRequest, place: Place): Comment {
  const id = request.integerParameter('note_id');
  return notesOf(request, place).find((note) => note.id === id) ?? notFound();
}

function showNote(request: GitlabRequest): GitlabAnswer {
  const place = placeOf(request);
  return ok(presentNote(noteToPresent(request, place, noteOf(request, place)), request.urls));
}

function addNote(request: GitlabRequest, place: Place, discussionId?: string): Comment {
  const added = request.forge.comments.add({
    repository: place.repository.fullName,
    number: place.pullRequest.number,
    actor: request.actor.login,
    body: request.input.requiredText('body'),
    ...(discussionId === undefined ? {} : { discussionId }),
  });
  if (!added.ok && added.refusal.kind === 'invalid') {
    return badRequest(`Note {:note=>["${added.refusal.message.replace(/^Body /, '')}"]}`);
  }
  return valueOf(added);
}

function createNote(request: GitlabRequest): GitlabAnswer {
  const place = placeOf(request);
  return created(presentNote(noteToPresent(request, place, addNote(request, place)), request.urls));
}

function editNote(request: GitlabRequest): GitlabAnswer {
  const place = placeOf(request);
  const note = noteOf(request, place);
  const edited = request.forge.comments.edit({
    actor: request.actor.login,
    id: note.id,
    body: request.input.requiredText('body'),
  });
  if (!edited.ok && edited.refusal.kind === 'invalid') {
    return refuse(400, `Failed to save note {:note=>["${edited.refusal.message}"]}`);
  }
  return ok(presentNote(noteToPresent(request, place, valueOf(edited)), request.urls));
}

function deleteNote(request: GitlabRequest): GitlabAnswer {
  const note = noteOf(request, placeOf(request));
  valueOf(request.forge.comments.delete({ actor: request.actor.login, id: note.id }));
  return noContent();
}

/** Notes by discussion, in the order the discussions began. */
function discussionsOf(request: GitlabRequest, place: Place): readonly (readonly Comment[])[] {
  const threads = new Map<string, readonly Comment[]>();
  for (const note of notesOf(request, place)) {
    threads.set(note.discussionId, [...(threads.get(note.discussionId) ?? []), note]);
  }
  return [...threads.values()];
}

function presentThread(request: GitlabRequest, place: Place, notes: readonly Comment[]) {
  return presentDiscussion(
    notes.map((note) => noteToPresent(request, place, note)),
    request.urls,
  );
}

function listDiscussions(request: GitlabRequest): Promise<GitlabAnswer> {
  const place = placeOf(request);
  return request.page(discussionsOf(request, place), (notes) => presentThread(request, place, notes));
}

function discussionOf(request: GitlabRequest, place: Place): readonly Comment[] {
  const id = request.parameter('discussion_id');
  const found = discussionsOf(request, place).find((notes) => notes[0]?.discussionId === id);
  return found ?? notFound('Discussion');
}

function showDiscussion(request: GitlabRequest): GitlabAnswer {
  const place = placeOf(request);
  return ok(presentThread(request, place, discussionOf(request, place)));
}

function createDiscussion(request: GitlabRequest): GitlabAnswer {
  const place = placeOf(request);
  return created(presentThread(request, place, [addNote(request, place)]));
}

function replyInDiscussion(request: GitlabRequest): GitlabAnswer {
  const place = placeOf(request);
  const [first] = discussionOf(request, place);
  const note = addNote(request, place, first?.discussionId);
  const presented = presentNote(noteToPresent(request, place, note), request.urls);
  return created({ ...presented, type: 'DiscussionNote' });
}

interface Awardable extends Place {
  readonly commentId: number | undefined;
}

function awardableOf(request: GitlabRequest): Awardable {
  const place = placeOf(request);
  return { ...place, commentId: request.parameter('note_id') === '' ? undefined : noteOf(request, place).id };
}

function targetOf({ repository, pullRequest, commentId }: Awardable) {
  const place = { repository: repository.fullName, number: pullRequest.number };
  return commentId === undefined ? place : { ...place, commentId };
}

function presentReaction(request: GitlabRequest, { pullRequest }: Place, reaction: Reaction) {
  return presentAward({ reaction, author: request.userOf(reaction.author), pullRequest }, request.urls);
}

function listAwards(request: GitlabRequest): Promise<GitlabAnswer> {
  const awardable = awardableOf(request);
  const reactions = request.forge.comments.reactionsTo(targetOf(awardable));
  return request.page(reactions, (reaction) => presentReaction(request, awardable, reaction));
}

/** The same emoji twice by one person is refused with these odd words, as on GitLab (`not_found!` with a reason). */
function createAward(request: GitlabRequest): GitlabAnswer {
  const awardable = awardableOf(request);
  const name = request.input.requiredText('name');
  if (!/^[a-z0-9_+-]+$/.test(name)) return notFound('Award Emoji Name is not a valid emoji name');
  const outcome = request.forge.comments.react({
    ...targetOf(awardable),
    actor: request.actor.login,
    name: neutralReaction(name),
  });
  const { reaction, existed } = valueOf(outcome);
  if (existed) return notFound('Award Emoji Name has already been taken');
  return created(presentReaction(request, awardable, reaction));
}

function awardOf(request: GitlabRequest, awardable: Awardable): Reaction {
  const id = request.integerParameter('award_id');
  const reactions = request.forge.comments.reactionsTo(targetOf(awardable));
  return reactions.find((reaction) => reaction.id === id) ?? notFound();
}

function showAward(request: GitlabRequest): GitlabAnswer {
  const awardable = awardableOf(request);
  return ok(presentReaction(request, awardable, awardOf(request, awardable)));
}

function deleteAward(request: GitlabRequest): GitlabAnswer {
  const reaction = awardOf(request, awardableOf(request));
  const removed = request.forge.comments.removeReaction(request.actor.login, reaction.id);
  if (!removed.ok) return removed.refusal.kind === 'forbidden' ? forbidden() : refuseAs(removed.refusal);
  return noContent();
}

const AT = '/projects/:id/merge_requests/:iid';

function awardRoutes(at: string): readonly GitlabRoute[] {
  return [
    { method: 'GET', path: `${at}/award_emoji`, handle: listAwards },
    { method: 'POST', path: `${at}/award_emoji`, handle: createAward },
    { method: 'GET', path: `${at}/award_emoji/:award_id`, handle: showAward },
    { method: 'DELETE', path: `${at}/award_emoji/:award_id`, handle: deleteAward },
  ];
}

export const noteRoutes: readonly GitlabRoute[] = [
  { method: 'GET', path: `${AT}/notes`, handle: listNotes },
  { method: 'POST', path: `${AT}/notes`, handle: createNote },
  { method: 'GET', path: `${AT}/notes/:note_id`, handle: showNote },
  { method: 'PUT', path: `${AT}/notes/:note_id`, handle: editNote },
  { method: 'DELETE', path: `${AT}/notes/:note_id`, handle: deleteNote },
  { method: 'GET', path: `${AT}/discussions`, handle: listDiscussions },
  { method: 'POST', path: `${AT}/discussions`, handle: createDiscussion },
  { method: 'GET', path: `${AT}/discussions/:discussion_id`, handle: showDiscussion },
  { method: 'POST', path: `${AT}/discussions/:discussion_id/notes`, handle: replyInDiscussion },
  { method: 'PUT', path: `${AT}/discussions/:discussion_id/notes/:note_id`, handle: editNote },
  { method: 'DELETE', path: `${AT}/discussions/:discussion_id/notes/:note_id`, handle: deleteNote },
  ...awardRoutes(AT),
  ...awardRoutes(`${AT}/notes/:note_id`),
];
