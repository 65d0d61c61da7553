/** Note Hook and Emoji Hook (https://docs.gitlab.com/user/project/integrations/webhook_events/#comment-events). */

import type { ForgeEvent } from '../forge/events.js';
import type { Comment, PullRequest, Repository } from '../forge/state.js';
import { presentHookMergeRequest } from './build-merge-request-hook.js';
import type { HookContext, HookPayload } from './hook-context.js';
import { hookTime } from './hook-time.js';
import { emojiName } from './present-note.js';
import { presentHookProject, presentHookRepository } from './present-project.js';
import { presentHookUser } from './present-user.js';

interface Place {
  readonly repository: Repository;
  readonly pullRequest: PullRequest;
}

function presentHookNote(context: HookContext, { repository, pullRequest }: Place, comment: Comment) {
  return {
    id: comment.id,
    attachment: null,
    author_id: context.userOf(comment.author).id,
    change_position: null,
    commit_id: null,
    created_at: hookTime(comment.createdAt),
    updated_at: hookTime(comment.updatedAt),
    discussion_id: comment.discussionId,
    internal: false,
    line_code: null,
    note: comment.body,
    noteable_id: pullRequest.id,
    noteable_type: 'MergeRequest',
    original_position: null,
    position: null,
    project_id: repository.id,
    resolved_at: null,
    resolved_by_id: null,
    resolved_by_push: null,
    st_diff: null,
    system: comment.system,
    type: null,
    updated_by_id: null,
    description: comment.body,
    url: context.urls.note(repository.fullName, pullRequest.number, comment.id),
  };
}

function placeOf(
  context: HookContext,
  of: { readonly repository: string; readonly number: number },
): Place | undefined {
  const repository = context.repository(of.repository);
  const pullRequest = context.pullRequest(of.repository, of.number);
  return repository === undefined || pullRequest === undefined ? undefined : { repository, pullRequest };
}

/** The note as it is when the hook is sent, which may be after an edit; a note deleted meanwhile is sent as it was. */
export async function buildNoteHook(
  context: HookContext,
  event: Extract<ForgeEvent, { kind: 'comment' }>,
): Promise<HookPayload | undefined> {
  const place = placeOf(context, event.comment);
  if (place === undefined) return undefined;
  const current = context.forge.comments.get(event.repository, event.comment.id);
  const comment = current.ok ? current.value : event.comment;
  return {
    object_kind: 'note',
    event_type: 'note',
    user: presentHookUser(context.userOf(event.actor)),
    project_id: place.repository.id,
    project: presentHookProject(place.repository, context.urls),
    object_attributes: {
      ...presentHookNote(context, place, comment),
      action: event.action === 'created' ? 'create' : 'update',
    },
    repository: presentHookRepository(place.repository, context.urls),
    merge_request: await presentHookMergeRequest(context, place.repository, place.pullRequest),
  };
}

export async function buildEmojiHook(
  context: HookContext,
  event: Extract<ForgeEvent, { kind: 'reaction' }>,
): Promise<HookPayload | undefined> {
  const { reaction } = event;
  const place = placeOf(context, reaction);
  if (place === undefined) return undefined;
  const { repository, pullRequest } = place;
  const comment = reaction.commentId === undefined ? undefined : context.forge.state.comments.get(reaction.commentId);
  const { urls } = context;
  const action = event.action === 'added' ? 'award' : 'revoke';
  return {
    object_kind: 'emoji',
    event_type: action,
    user: presentHookUser(context.userOf(event.actor)),
    project_id: repository.id,
    project: presentHookProject(repository, urls),
    object_attributes: {
      user_id: context.userOf(reaction.author).id,
      created_at: hookTime(reaction.createdAt),
      id: reaction.id,
      name: emojiName(reaction.name),
      awardable_type: reaction.commentId === undefined ? 'MergeRequest' : 'Note',
      awardable_id: reaction.commentId ?? pullRequest.id,
      updated_at: hookTime(reaction.createdAt),
      action,
      awarded_on_url:
        reaction.commentId === undefined
          ? urls.mergeRequest(repository.fullName, pullRequest.number)
          : urls.note(repository.fullName, pullRequest.number, reaction.commentId),
    },
    ...(comment === undefined ? {} : { note: presentHookNote(context, place, comment) }),
    merge_request: await presentHookMergeRequest(context, repository, pullRequest),
  };
}
