/** The one comment the bot keeps on a pull request: found by its signed marker, edited in place, written only when it differs. */
import type { Comment, Person, PullRequest } from '../../core/forge-objects.js';
import { initialState, type StickyState } from '../../core/standing/sticky-state.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { formatMarker, readMarker } from '../../text/marker.js';
import { forgeOf, type App } from '../app.js';
import { makeUpFor } from './make-up-for.js';

export interface Sticky {
  readonly comment: Comment;
  readonly state: StickyState;
}

interface Discussion {
  readonly comments: readonly Comment[];
  readonly self: Person;
}

/** The first of the bot's own comments that carries a state it signed for this pull request. */
export function readSticky(app: App, pullRequest: PullRequest, discussion: Discussion): Sticky | null {
  for (const comment of discussion.comments) {
    if (comment.author.login !== discussion.self.login) continue;
    const state = readMarker(comment.body, 'state', pullRequest, app.sign);
    // What an earlier version did not remember is as if nothing had happened.
    if (state !== null) return { comment, state: { ...initialState(''), ...(state as StickyState) } };
  }
  return null;
}

/** The sticky's text without its marker. */
export function wordsOf(sticky: Sticky): string {
  return sticky.comment.body.slice(sticky.comment.body.indexOf('\n') + 1);
}

/** `body` is what people read; the marker is put before it. Resolves to where it stands now. */
export async function writeSticky(
  app: App,
  lock: LaneLock,
  pullRequest: PullRequest,
  next: { readonly sticky: Sticky | null; readonly state: StickyState; readonly body: string },
): Promise<Sticky> {
  const comments = forgeOf(app, pullRequest.repository).comments;
  const marker = formatMarker('state', next.state, pullRequest, app.sign);
  const body = `${marker}\n${next.body}`;
  if (next.sticky === null) return { comment: await comments.create(lock, pullRequest, body), state: next.state };
  const { comment } = next.sticky;
  if (comment.body.trim() !== body.trim()) {
    const { id, body: standing } = comment;
    const matters = standing.startsWith(`${marker}\n`) ? 'words' : 'facts';
    await makeUpFor(app, pullRequest, await comments.edit(lock, pullRequest, { id, body, matters }));
  }
  return { comment, state: next.state };
}
